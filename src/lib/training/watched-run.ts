/** A short training run that is watched closely: the loss of every step, the gradient in every block. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openBatches, trainingOrder } from '../batches/batches'
import { read, release, type Tensor } from '../engine/engine'
import { LabError } from '../system/errors'
import { imageInputs } from '../batches/inputs'
import { Learner } from './learner'
import type { Model } from '../model/model'
import { checkLabels } from '../inference/predict'
import type { Part } from '../data/split/split'

/** How a run goes: gradient descent with momentum .9. */
export interface WatchOptions {
  /** Optimizer steps, 2 or more. */
  steps: number
  /** Learning rate, above 0. */
  rate: number
  /** Images a step, 2 or more and no more than the part has. Default 32, or the whole part where it has fewer. */
  batch?: number
  /** Names the order of the images. Default 0. */
  seed?: number
  /** Called after each step: steps done, steps in all. */
  onProgress?(done: number, count: number): void
  /** Ends the run after the step under way; what was seen so far is kept. */
  signal?: AbortSignal
}

/** The gradient with respect to a block's kernels, all together. */
export interface BlockGradient {
  /** 'conv1', 'conv2_block1', … in the order data meets them. */
  block: string
  /** Length (Euclidean norm) of the gradient. */
  length: number
}

/** What was seen. */
export interface WatchedRun {
  /** Mean cross-entropy of each step's batch, in nats, before the step; in training mode. */
  losses: number[]
  /** At the first step and at the last one; the last one's is empty where the run did not get there. */
  gradients: { first: BlockGradient[]; last: BlockGradient[] }
  /** The step whose loss was no longer a number: the run ends there. Null where it never came to that. */
  brokeAt: number | null
}

/**
 * Trains a copy of a model on a part and tells what `train` does not. The copy is thrown away.
 * @throws LabError 'bad-argument' for options outside their ranges or another data set's classes
 * @example const { losses } = await watchTraining(model, parts.train, { steps: 100, rate: 0.01 })
 */
export async function watchTraining(model: Model, part: Part, options: WatchOptions): Promise<WatchedRun> {
  const { steps, rate, batch = Math.min(32, part.indices.length), seed = 0, onProgress, signal } = options
  checkWatch({ steps, rate, batch }, part)
  checkLabels(model, part)
  const inputs = imageInputs(await openBatches(part, model), model.size)
  const learner = new Learner(model, { epochs: 1, optimizer: { name: 'sgd', rate, momentum: 0.9 }, seed })
  const seen: WatchedRun = { losses: [], gradients: { first: [], last: [] }, brokeAt: null }
  try {
    for await (const given of inputs.batches(batchPlaces(inputs.count, { steps, batch, seed }))) {
      const step = learner.steps + 1
      const lengths = step === 1 || step === steps ? new Map<string, number>() : undefined
      const { loss } = learner.step(given, rate, lengths && ((name, gradient) => addLength(lengths, name, gradient)))
      release(given.input)
      if (!Number.isFinite(loss)) {
        seen.brokeAt = step
        break
      }
      seen.losses.push(loss)
      if (lengths) seen.gradients[step === 1 ? 'first' : 'last'] = inDataOrder(lengths)
      onProgress?.(step, steps)
      if (signal?.aborted) break
      await nextTurn()
    }
  } finally {
    learner.close()
  }
  return seen
}

/** Mean loss over the last sixth of a run's steps, for single batches vary; NaN where it broke down. */
export function measureLateLoss({ losses, brokeAt }: WatchedRun): number {
  const late = losses.slice(-Math.ceil(losses.length / 6))
  return brokeAt === null ? late.reduce((sum, loss) => sum + loss, 0) / late.length : NaN
}

/** Adds a kernel's gradient to its block's: squares add up. */
function addLength(lengths: Map<string, number>, name: string, gradient: Tensor): void {
  const block = /^(conv1|conv\d_block\d+)_.*\/kernel$/.exec(name)?.[1]
  if (!block) return
  const squares = read(gradient).reduce((sum, value) => sum + value ** 2, 0)
  lengths.set(block, Math.hypot(lengths.get(block) ?? 0, Math.sqrt(squares)))
}

/** Gradients come last block first. */
function inDataOrder(lengths: ReadonlyMap<string, number>): BlockGradient[] {
  return [...lengths].reverse().map(([block, length]) => ({ block, length }))
}

/** Full batches only, one shuffled epoch after the other. */
function batchPlaces(
  count: number, { steps, batch, seed }: { steps: number; batch: number; seed: number },
): Uint32Array[] {
  const anEpoch = Math.floor(count / batch)
  return Array.from({ length: steps }, (_, step) => {
    const start = step % anEpoch * batch
    return trainingOrder(count, seed, Math.floor(step / anEpoch)).subarray(start, start + batch)
  })
}

function checkWatch({ steps, rate, batch }: { steps: number; rate: number; batch: number }, part: Part): void {
  const need = (held: boolean, expected: string, received: unknown) => {
    if (held) return
    throw new LabError('bad-argument', { expected, received: String(received), remedy: 'Change the run’s options' })
  }
  const images = part.indices.length
  need(Number.isInteger(steps) && steps >= 2, 'steps to be a whole number from 2', steps)
  need(rate > 0 && rate <= 100, 'a rate above 0, up to 100', rate)
  const possible = Number.isInteger(batch) && batch >= 2 && batch <= images
  need(possible, `batch to be a whole number from 2 to the part's ${images}`, batch)
}
