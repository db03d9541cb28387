/**
 * A learning rate found by a short sweep: each step trains at a higher rate than the one before, until the loss rises.
 *
 * Smith, "Cyclical learning rates for training neural networks" (2017), proposed the sweep. How the loss is smoothed,
 * when the sweep ends and what it suggests are fastai's (Howard and Gugger, "Deep learning for coders", 2020, ch. 5).
 */
import type { Batch } from '../batches/batch'
import { trainingOrder } from '../batches/batches'
import { openImageInputs, type Inputs } from '../batches/inputs'
import type { Part } from '../data/split/split'
import { release } from '../engine/engine'
import { checkLabels } from '../inference/predict'
import type { Model } from '../model/model'
import { LabError, requireInRange, requireOneOf } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { crossEntropyObjective } from './objective'
import { Learner } from './learner'
import { firstState, runTraining, type TrainingState, type TrainingTask } from './loop'
import type { OptimizerConfig } from './optimizer'
import { requireTrainingMemory } from './training-memory'

/** What is swept, and how. */
export interface SweepOptions {
  /** The first rate, above 0. Default 1e-6. */
  least?: number
  /** The last rate, above `least`, up to 100. Default 1. */
  greatest?: number
  /** Steps from the first rate to the last, 10 or more. Default 100. */
  steps?: number
  /** Images a step, from 2 to the part's number of images. Default 64, or the whole part if it is smaller. */
  batch?: number
  /** The optimizer that `train` will use; 'sgd' has momentum .9. Default 'adamw'. */
  optimizer?: OptimizerConfig['name']
  /** Names the order of the images. Default 0. */
  seed?: number
  /** Called after each step: finished steps, all steps. */
  onProgress?(done: number, count: number): void
  /** Stops the sweep after the current step. What was found so far is returned. */
  signal?: AbortSignal
}

/** One step of a sweep. */
export interface SweepPoint {
  rate: number
  /** Mean cross-entropy of the step's batch before the step, in nats. */
  loss: number
  /** Exponential average of the losses so far (share .98 for the past), corrected for its start from 0. */
  smoothed: number
}

/** What a sweep found. */
export interface LearningRateSweep {
  points: SweepPoint[]
  /**
   * A tenth of the rate at which the smoothed loss was lowest; null where it never fell by 2 % of its first value:
   * nothing was learnt at any rate of the sweep.
   */
  suggestion: number | null
  /** Why the sweep ended: at its last rate, where the loss rose to four times its lowest value, or on a signal. */
  ended: 'finished' | 'rising' | 'cancelled'
}

/**
 * Trains a copy of a model on a part while the learning rate rises exponentially; the copy is discarded. No validation
 * or test image is read. The rate found is where to begin, not the best: try a third and three times of it on the
 * validation part.
 * @param part the training part
 * @throws LabError 'bad-argument' for an option that is unknown or outside its range, or a model made for other
 *   classes; 'too-large' if a step would need more memory than is free
 * @example (await findLearningRate(network, parts.train, { steps: 20, batch: 8 })).suggestion
 */
export async function findLearningRate(
  model: Model, part: Part, options: SweepOptions = {},
): Promise<LearningRateSweep> {
  const settings = complete(options, part)
  checkLabels(model, part)
  const { optimizer: name, seed, greatest } = settings
  const optimizer: OptimizerConfig = name === 'sgd' ? { name, rate: greatest, momentum: 0.9 } : { name, rate: greatest }
  requireTrainingMemory(model, optimizer, { batch: settings.batch, count: part.indices.length })
  const inputs = await openImageInputs(part, model)
  const learner = new Learner(model, { optimizer, seed, batch: settings.batch })
  try {
    const sweep = new Sweep(learner, model.labels.length, inputs, settings, options.onProgress)
    const ending = await runTraining(sweep, { signal: options.signal })
    const ended = ending === 'cancelled' ? 'cancelled' : sweep.rising || ending === 'diverged' ? 'rising' : 'finished'
    return { points: sweep.points, suggestion: suggest(sweep.points), ended }
  } finally {
    learner.close()
  }
}

/** A tenth of the rate with the lowest smoothed loss; null where the loss never fell. */
export function suggest(points: readonly SweepPoint[]): number | null {
  if (points.length === 0) return null
  const lowest = points.reduce((best, point) => (point.smoothed < best.smoothed ? point : best))
  return lowest.smoothed > 0.98 * points[0].smoothed ? null : lowest.rate / 10
}

type Settings = Required<Omit<SweepOptions, 'onProgress' | 'signal'>>
type NoFigures = Record<never, never>

class Sweep implements TrainingTask<NoFigures, Batch> {
  readonly epochs: number
  readonly state: TrainingState<NoFigures> = { ...firstState(), history: [] }
  readonly points: SweepPoint[] = []
  /** Whether the loss has risen so far that the sweep is over. */
  rising = false
  private readonly stepsPerEpoch: number
  private average = 0

  constructor(
    private readonly learner: Learner, private readonly classes: number, private readonly inputs: Inputs,
    private readonly settings: Settings, private readonly onProgress: SweepOptions['onProgress'],
  ) {
    // Full batches only.
    this.stepsPerEpoch = Math.floor(inputs.count / settings.batch)
    this.epochs = Math.ceil(settings.steps / this.stepsPerEpoch)
  }

  async *batches(): AsyncGenerator<Batch> {
    const { inputs, stepsPerEpoch, state: { epoch, steps: done }, settings: { steps, batch, seed } } = this
    const order = trainingOrder(inputs.count, seed, epoch)
    const count = Math.min(stepsPerEpoch, steps - done)
    const indices = Array.from({ length: count }, (_, i) => order.subarray(i * batch, (i + 1) * batch))
    for await (const next of inputs.batches(indices)) {
      if (this.rising) return release(next.input)
      yield next
    }
  }

  step({ input, labels }: Batch): number {
    const { learner, classes, points, settings: { least, greatest, steps } } = this
    const step = points.length
    const rate = least * (greatest / least) ** (step / (steps - 1))
    const { loss } = learner.step(input, rate, crossEntropyObjective(labels, classes))
    if (!Number.isFinite(loss)) return loss
    this.average = 0.98 * this.average + 0.02 * loss
    const smoothed = this.average / (1 - 0.98 ** (step + 1))
    points.push({ rate, loss, smoothed })
    this.rising = smoothed > 4 * Math.min(...points.map(point => point.smoothed))
    return loss
  }

  closeEpoch(): NoFigures {
    return {}
  }

  isOutOfPatience(): boolean {
    return this.rising
  }

  report(): void {
    const { state: { step, steps }, settings, onProgress } = this
    // The report after an epoch's end would repeat that of its last step.
    if (step > 0) onProgress?.(steps, settings.steps)
  }
}

function complete(options: SweepOptions, part: Part): Settings {
  requireKnownKeys('findLearningRate', options, {
    least: true, greatest: true, steps: true, batch: true, optimizer: true, seed: true, onProgress: true, signal: true,
  })
  const { least = 1e-6, greatest = 1, steps = 100, optimizer = 'adamw', seed = 0 } = options
  const { batch = Math.min(64, part.indices.length) } = options
  requireInRange('least', least, { above: 0, high: 100 })
  requireInRange('greatest', greatest, { above: 0, high: 100 })
  if (greatest <= least)
    throw new LabError('bad-argument', {
      expected: `greatest to be above least (${least})`, received: String(greatest), remedy: 'Choose a wider range',
    })
  requireInRange('steps', steps, { low: 10, whole: true })
  requireInRange('batch', batch, { low: 2, high: part.indices.length, whole: true },
    'Choose at most as many images as the part has')
  requireOneOf('optimizer', optimizer, ['adam', 'adamw', 'sgd'])
  requireInRange('seed', seed, { whole: true })
  return { least, greatest, steps, batch, optimizer, seed }
}
