/** Whole files of every kind that the project reads from elsewhere, and damaged copies of them. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { imageSamples } from './samples/images'
import { recordSamples } from './samples/records'
import type { MakeSample, Sample } from './samples/sample'
import { weightSamples } from './samples/weights'

/** How a file of each kind is made. */
export const samples: ReadonlyMap<string, MakeSample> =
  new Map(Object.entries({ ...weightSamples, ...imageSamples, ...recordSamples }))

/** A sample, and the folder that holds its file and what belongs to it. */
export interface MadeSample extends Sample { folder: string }

/** Makes a whole file. @param folder missing */
export async function makeSample(kind: string, folder: string): Promise<MadeSample> {
  mkdirSync(folder, { recursive: true })
  return { folder, ...await samples.get(kind)!(folder) }
}

/** Copies a sample's folder and damages the copy's file. @returns the copy */
export async function damage(
  { folder, file, seal }: MadeSample, to: string, change: (bytes: Buffer) => Uint8Array,
): Promise<string> {
  cpSync(folder, to, { recursive: true })
  writeFileSync(join(to, file), change(readFileSync(join(folder, file))))
  await seal?.(to)
  return to
}
