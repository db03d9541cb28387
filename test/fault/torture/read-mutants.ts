/**
 * Reads damaged files, one after the other, and prints a line of JSON before and after each:
 * `node --import tsx test/fault/torture/read-mutants.ts FOLDER TASK…`, each task as JSON. A process of its own: a file
 * may end it.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LabError } from '../../../src/lib/system/errors'
import { mutated } from '../../fixtures/mutate'
import type { Crafted } from './crafted/crafted'
import { craftedFiles } from './crafted/lists'
import { damage, makeSample, type MadeSample } from './samples'

/** So many damaged files of a kind; of a kind that is made by hand, those from the first on. */
export interface Task {
  kind: string
  first: number
  count: number
}

/** What became of one file. */
export interface Outcome {
  kind: string
  index: number
  /** 'begun': not read yet; 'refused' with a typed error; 'read' as if it were whole; 'fault': any other error. */
  outcome: 'begun' | 'refused' | 'read' | 'fault'
  message?: string
  /** Processor time in seconds, and by how much memory rose above what it was before, in MiB. */
  seconds?: number
  memory?: number
}

const tell = (line: Outcome) => console.log(JSON.stringify(line))

async function readAll([folder, ...tasks]: readonly string[]): Promise<void> {
  process.env.LAB_DATA_FOLDER = join(folder, 'data')
  for (const { kind, first, count } of tasks.map(task => JSON.parse(task) as Task)) {
    const crafted = craftedFiles.get(kind)?.slice(first, first + count)
    for (const [i, file] of crafted?.entries() ?? []) await readCrafted(kind, first + i, file, join(folder, 'damaged'))
    if (crafted) continue
    const sample = await makeSample(kind, join(folder, 'whole', kind))
    // Once as it is: what is loaded at first use is no file's cost.
    await sample.read(await damage(sample, join(folder, 'as it is', kind), bytes => bytes))
    for (let index = first; index < first + count; index++) await readOne(kind, sample, index, join(folder, 'damaged'))
  }
}

async function readOne(kind: string, sample: MadeSample, index: number, folder: string): Promise<void> {
  tell({ kind, index, outcome: 'begun' })
  const copy = await damage(sample, folder, bytes => mutated(bytes, kind, index))
  await measured(kind, index, () => sample.read(copy), true)
  rmSync(copy, { recursive: true })
}

async function readCrafted(kind: string, index: number, file: Crafted, folder: string): Promise<void> {
  tell({ kind, index, outcome: 'begun' })
  mkdirSync(folder, { recursive: true })
  await file.write(folder)
  await measured(kind, index, () => file.read(folder), file.mayBeRead === true)
  rmSync(folder, { recursive: true })
}

async function measured(kind: string, index: number, read: () => Promise<unknown>, mayBeRead: boolean): Promise<void> {
  const memory = lowerPeak(), processor = process.cpuUsage()
  const cost = () => {
    const { user, system } = process.cpuUsage(processor)
    return { seconds: (user + system) / 1e6, memory: peak() - memory }
  }
  try {
    await read()
    tell({ kind, index, outcome: mayBeRead ? 'read' : 'fault', message: 'it was read', ...cost() })
  } catch (error) {
    const { message } = error as Error
    tell({ kind, index, outcome: error instanceof LabError ? 'refused' : 'fault', message, ...cost() })
  }
}

/** The most memory that the process has had, in MiB, since the mark was last lowered. */
function peak(): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024
}

/** Lowers the mark to what the process has now: a file must not hide in the peak of one before. @returns MiB */
function lowerPeak(): number {
  writeFileSync('/proc/self/clear_refs', '5')
  return peak()
}

void readAll(process.argv.slice(2))
