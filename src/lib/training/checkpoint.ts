/** A training run put to disk, so that it can go on exactly where it was. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { LabError } from '../system/errors'
import { readTensorFile, writeTensorFile, type Values } from '../weights/formats/tensor-file'
import type { EpochRecord } from './config'

/** Where a run stands between two steps. */
export interface Progress {
  /** Epochs done. */
  epoch: number
  /** Steps done in the epoch that is under way. */
  step: number
  /** Optimizer steps done in all. */
  steps: number
  /** Learning rate of the last step. */
  rate: number
  /** Sums over the images of the epoch under way. */
  sums: { loss: number; correct: number; images: number }
  /** Seconds trained so far, and those of the epoch under way. */
  seconds: number
  epochSeconds: number
  history: EpochRecord[]
  best: EpochRecord | null
}

/** @typeParam Standing where the kind of run stands between two steps, as JSON holds it */
export interface Checkpoint<Standing = Progress> {
  progress: Standing
  /** Variables and optimizer slots as the engine holds them. */
  state: ReadonlyMap<string, Values>
  /** The best epoch's weights, where they are kept. */
  bestWeights: ReadonlyMap<string, Values>
}

const fileName = 'checkpoint.tensors'

/**
 * Writes a checkpoint over the one before, whole or not at all.
 * @param run names the run: model, data, split and config. Only the same run may go on from it.
 */
export async function saveCheckpoint<Standing = Progress>(
  folder: string, run: string, checkpoint: Checkpoint<Standing>,
): Promise<void> {
  const named = (prefix: string, values: ReadonlyMap<string, Values>) =>
    [...values].map(([name, one]) => [`${prefix}:${name}`, one] as const)
  const tensors = new Map([...named('state', checkpoint.state), ...named('best', checkpoint.bestWeights)])
  await writeTensorFile(join(folder, fileName), { tensors, meta: { run, progress: checkpoint.progress } })
}

/**
 * The checkpoint in a folder, or null where there is none.
 * @throws LabError 'bad-checkpoint' where it belongs to another run, or is damaged
 */
export async function loadCheckpoint<Standing = Progress>(
  folder: string, run: string,
): Promise<Checkpoint<Standing> | null> {
  const path = join(folder, fileName)
  if (!existsSync(path)) return null
  const { tensors, meta } = await readTensorFile(path).catch((fault: unknown) => {
    if (!(fault instanceof LabError) || fault.code !== 'bad-tensor-file') throw fault
    const { expected, received } = fault
    throw new LabError('bad-checkpoint', { expected, received, remedy: 'Delete this file to start afresh' })
  })
  if (meta.run !== run)
    throw new LabError('bad-checkpoint', {
      expected: `a checkpoint of this run in ${folder}`,
      received: 'one made with another model, data set, split, configuration, engine or number of threads',
      remedy: 'Choose another folder, or delete this one to start afresh',
    })
  const part = (prefix: string) => new Map([...tensors]
    .filter(([name]) => name.startsWith(`${prefix}:`))
    .map(([name, values]) => [name.slice(prefix.length + 1), values]))
  return { progress: meta.progress as Standing, state: part('state'), bestWeights: part('best') }
}
