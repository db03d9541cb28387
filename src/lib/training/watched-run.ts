/** A short training run that records the loss of every step and the gradient in every block. */
import type { Batch } from '../batches/batch'
import { trainingOrder } from '../batches/batches'
import { openImageInputs, type Inputs } from '../batches/inputs'
import type { Part } from '../data/split/split'
import { read, type Tensor } from '../engine/engine'
import { checkLabels } from '../inference/predict'
import type { Model } from '../model/model'
import { requireInRange } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { crossEntropyObjective } from './objective'
import { Learner } from './learner'
import { firstState, runTraining, type TrainingState, type TrainingTask } from './loop'

/** Settings of a watched run, which trains by gradient descent with momentum .9. */
export interface WatchOptions {
  /** Optimizer steps, 2 or more. */
  steps: number
  /** Learning rate, above 0, up to 100. */
  rate: number
  /** Images a step, from 2 to the part's number of images. Default 32, or the whole part if it is smaller. */
  batch?: number
  /** Names the order of the images. Default 0. */
  seed?: number
  /** Called after each step: finished steps, all steps. */
  onProgress?(done: number, count: number): void
  /** Stops the run after the current step. What was recorded so far is returned. */
  signal?: AbortSignal
}

/** The gradient with respect to all kernels of a block. */
export interface BlockGradient {
  /** 'conv1', 'conv2_block1', … in the network's order. */
  block: string
  /** Length (Euclidean norm) of the gradient. */
  length: number
}

/** What a watched run recorded. */
export interface WatchedRun {
  /** Mean cross-entropy of each step's batch, in nats, before the step; in training mode. */
  losses: number[]
  /** At the first step and at the last one. `last` is empty if the run ended before its last step. */
  gradients: { first: BlockGradient[]; last: BlockGradient[] }
  /** The step, from 1, whose loss was no longer a finite number: the run ended there. Null if it did not happen. */
  brokeAt: number | null
}

/**
 * Trains a copy of a model on a part and records what `train` does not. The trained copy is discarded.
 * @throws LabError 'bad-argument' for options outside their ranges, or a model made for other classes
 * @example const { losses } = await watchTraining(model, parts.train, { steps: 100, rate: 0.01 })
 */
export async function watchTraining(model: Model, part: Part, options: WatchOptions): Promise<WatchedRun> {
  requireKnownKeys('watchTraining', options ?? null,
    { steps: true, rate: true, batch: true, seed: true, onProgress: true, signal: true })
  const { steps, rate, batch = Math.min(32, part.indices.length), seed = 0 } = options
  checkOptions({ steps, rate, batch }, part)
  checkLabels(model, part)
  const inputs = await openImageInputs(part, model)
  const learner = new Learner(model, { optimizer: { name: 'sgd', rate, momentum: 0.9 }, seed })
  try {
    const run = new Watching(learner, model.labels.length, inputs, { ...options, batch, seed })
    const ending = await runTraining(run, { signal: options.signal })
    return { ...run.recorded, brokeAt: ending === 'diverged' ? run.state.steps + 1 : null }
  } finally {
    learner.close()
  }
}

type NoFigures = Record<never, never>

class Watching implements TrainingTask<NoFigures, Batch> {
  readonly epochs: number
  readonly state: TrainingState<NoFigures> = { ...firstState(), history: [] }
  readonly recorded: Pick<WatchedRun, 'losses' | 'gradients'> = { losses: [], gradients: { first: [], last: [] } }
  private readonly stepsPerEpoch: number

  constructor(
    private readonly learner: Learner, private readonly classes: number, private readonly inputs: Inputs,
    private readonly options: WatchOptions & Required<Pick<WatchOptions, 'batch' | 'seed'>>,
  ) {
    // Full batches only.
    this.stepsPerEpoch = Math.floor(inputs.count / options.batch)
    this.epochs = Math.ceil(options.steps / this.stepsPerEpoch)
  }

  batches(): AsyncIterable<Batch> {
    const { inputs, stepsPerEpoch, state: { epoch, steps: done }, options: { steps, batch, seed } } = this
    const order = trainingOrder(inputs.count, seed, epoch)
    const count = Math.min(stepsPerEpoch, steps - done)
    return inputs.batches(Array.from({ length: count }, (_, i) => order.subarray(i * batch, (i + 1) * batch)))
  }

  step({ input, labels }: Batch): number {
    const { learner, classes, recorded, options: { steps, rate } } = this
    const step = learner.steps + 1
    const moment = step === 1 ? 'first' : step === steps ? 'last' : null
    const lengths = new Map<string, number>()
    const { loss } = learner.step(input, rate, crossEntropyObjective(labels, classes),
      moment ? (name, gradient) => addLength(lengths, name, gradient) : undefined)
    if (!Number.isFinite(loss)) return loss
    recorded.losses.push(loss)
    if (moment) recorded.gradients[moment] = inNetworkOrder(lengths)
    return loss
  }

  closeEpoch(): NoFigures {
    return {}
  }

  isOutOfPatience(): boolean {
    return false
  }

  report(): void {
    const { state: { step, steps }, options } = this
    // The report after an epoch's end would repeat that of its last step.
    if (step > 0) options.onProgress?.(steps, options.steps)
  }
}

/**
 * The mean loss over the last sixth of a run's steps, since the losses of single batches vary; in nats.
 * @returns NaN if the run broke down
 */
export function measureLateLoss({ losses, brokeAt }: WatchedRun): number {
  const late = losses.slice(-Math.ceil(losses.length / 6))
  return brokeAt === null ? late.reduce((sum, loss) => sum + loss, 0) / late.length : NaN
}

/** A watched run's name and its mean loss over the last sixth of the steps. */
export interface LateLossRow {
  network: string
  loss: number
}

/**
 * The mean training loss of each watched run over the last sixth of its steps.
 * @returns one row a run, for `tables.losses` and `tables.findGreatest`
 * @example tables.listLateLosses(await watchRuns({ small: network }, parts.train, { steps: 2, rate: 0.01 }))
 */
export function listLateLosses(runs: Readonly<Record<string, WatchedRun>>): LateLossRow[] {
  return Object.entries(runs).map(([network, run]) => ({ network, loss: measureLateLoss(run) }))
}

/** Adds a kernel's gradient to its block's: the squares of the lengths add up. */
function addLength(lengths: Map<string, number>, name: string, gradient: Tensor): void {
  const block = /^(conv1|conv\d_block\d+)_.*\/kernel$/.exec(name)?.[1]
  if (!block) return
  const squares = read(gradient).reduce((sum, value) => sum + value ** 2, 0)
  lengths.set(block, Math.hypot(lengths.get(block) ?? 0, Math.sqrt(squares)))
}

/** The backward pass meets the last block first. */
function inNetworkOrder(lengths: ReadonlyMap<string, number>): BlockGradient[] {
  return [...lengths].reverse().map(([block, length]) => ({ block, length }))
}

function checkOptions({ steps, rate, batch }: { steps: number; rate: number; batch: number }, part: Part): void {
  const remedy = 'Change the options of watchTraining'
  requireInRange('steps', steps, { low: 2, whole: true }, remedy)
  requireInRange('rate', rate, { above: 0, high: 100 }, remedy)
  requireInRange('batch', batch, { low: 2, high: part.indices.length, whole: true },
    'Choose at most as many images as the part has')
}
