/**
 * The learning-rate range test (Smith 2017, section 3.3): a short run whose rate grows from step to step, and the loss
 * at each. Where the loss falls, the rate is useful; where it climbs again, it is too high.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { trainingOrder } from './batches'
import { release } from './engine'
import { LabError } from './errors'
import { inOrder, type InputBatch, type Inputs } from './inputs'
import { Learner } from './learner'
import type { Model } from './model'
import { checkLabels } from './predict'
import type { Split } from './split'
import { openTrainingInputs } from './training-inputs'
import { checkTraining, type TrainConfig } from './training'

export interface RateSweep {
  /** Rate of the first step, above 0. Default 1e-6. */
  from?: number
  /** Rate of the last step, above `from`. Default 1. */
  to?: number
  /** 2 or more. Default 100. */
  steps?: number
  onProgress?(done: number, count: number): void
  /** Ends the test, with its reason as the error. */
  signal?: AbortSignal
}

export interface RateCurve {
  /** One a step. The loss is a moving mean over about ten steps, in nats; it ends early where it has run away. */
  points: { rate: number; loss: number }[]
  /** A tenth of the rate at which the loss was lowest: a first guess, to be tried. */
  suggestion: number
}

/** Share of the moving mean that each step keeps. */
const kept = 0.9
/** The loss has run away where it is so many times its lowest. */
const far = 4

/**
 * Trains a copy of a model on a split's training part while the rate grows by the same factor each step, until the loss
 * has run away. The copy is thrown away; validation and test part are not read.
 * @param config as for `train`; its rate, schedule and number of epochs do not count
 * @throws LabError 'bad-argument' for a config or a sweep outside its ranges, or where all layers are frozen
 * @example const { points, suggestion } = await findRate(start, parts, settings)
 */
export async function findRate(
  model: Model, split: Split, config: TrainConfig, sweep: RateSweep = {},
): Promise<RateCurve> {
  const { from = 1e-6, to = 1, steps = 100, onProgress, signal } = sweep
  checkTraining(config)
  checkSweep(from, to, steps)
  checkLabels(model, split.train)
  const inputs = await openTrainingInputs(model, split, config, { signal })
  try {
    const learner = new Learner(model, config)
    try {
      const points: RateCurve['points'] = []
      let mean = 0, lowest = Infinity
      for await (const batch of endless(inputs.training, config)) {
        const rate = from * (to / from) ** (points.length / (steps - 1))
        mean = kept * mean + (1 - kept) * stepOf(learner, batch, rate)
        // Divided as if the mean had not begun at 0.
        const loss = mean / (1 - kept ** learner.steps)
        if (!(loss <= far * lowest)) break
        lowest = Math.min(lowest, loss)
        points.push({ rate, loss })
        onProgress?.(points.length, steps)
        if (points.length === steps) break
        signal?.throwIfAborted()
        await nextTurn()
      }
      return { points, suggestion: points.find(({ loss }) => loss === lowest)!.rate / 10 }
    } finally {
      learner.close()
    }
  } finally {
    await inputs.close()
  }
}

function stepOf(learner: Learner, batch: InputBatch, rate: number): number {
  try {
    return learner.step(batch, rate).loss
  } finally {
    release(batch.input)
  }
}

/** Batches of one epoch after the other, as training meets them. */
async function* endless(
  training: Inputs, { seed = 0, batch = 64, augment, augmentVersions = Infinity }: TrainConfig,
): AsyncGenerator<InputBatch, never, undefined> {
  for (let epoch = 0; ; epoch++) {
    const order = trainingOrder(training.count, seed, epoch)
    const places = inOrder(training.count, batch).map(some => some.map(place => order[place]))
    yield* training.batches(places, augment && { config: augment, seed, epoch: epoch % augmentVersions })
  }
}

function checkSweep(from: number, to: number, steps: number): void {
  if (from > 0 && to > from && Number.isInteger(steps) && steps >= 2) return
  throw new LabError('bad-argument', {
    expected: 'rates from above 0 to a higher one, in 2 steps or more', received: `${from} to ${to} in ${steps}`,
    remedy: 'Leave them out to take 1e-6 to 1 in 100 steps',
  })
}
