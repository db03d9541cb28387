/** Supervised training: the same model, data, config, engine and number of threads give the same bits. */
import { z } from 'zod'
import { trainingOrder, type Augmentation } from '../batches/batches'
import type { Batch } from '../batches/batch'
import type { Inputs } from '../batches/inputs'
import type { Split } from '../data/split/split'
import { scoresOf } from '../inference/outputs'
import { checkLabels } from '../inference/predict'
import { withStatistics } from '../inference/reestimate-statistics'
import type { Model } from '../model/model'
import { summarizedModel } from '../model/model-summary'
import { crossEntropy } from '../network/loss'
import { Network } from '../network/network'
import type { LayerRange } from '../network/plan'
import { balancedOrder, classWeightsOf, requireEveryClass } from './class-balance'
import { Checkpoint, fingerprintOf, savedFigure, savedShare, type ResumableRun } from './checkpoint'
import { checkControl, checkTraining, defaultBatch, type EpochRecord, type TrainConfig, type TrainControl, type Trained } from './config'
import { Learner } from './learner'
import { divergence, findContradiction, firstState, loopState, positionIn, runTraining, type TrainingTask } from './loop'
import { crossEntropyObjective } from './objective'
import { learningRate } from './schedule'
import { openTrainingInputs, type TrainingInputs } from './training-inputs'
import { summarizedRun } from './trained-summary'
import { requireTrainingMemory } from './training-memory'
import { listOf } from '../system/json-parts'

/**
 * Trains a copy of a model on a split's training part. The validation part decides early stopping and the
 * best epoch; the test part is never read.
 * @throws LabError 'bad-argument' for a config outside its ranges, 'bad-checkpoint' for another run's checkpoint,
 *   'engine-failed' if a loss or a weight is no longer a finite number, 'engine-missing' if no engine is installed,
 *   'too-large' if a step would need more memory than is free
 * @example await train(model, split, { epochs: 15, optimizer: { name: 'adamw', rate: 1e-3 } })
 */
export async function train(
  model: Model, split: Split, config: TrainConfig, control: TrainControl = {},
): Promise<Trained> {
  checkTraining(config)
  checkControl(control)
  checkLabels(model, split.train)
  const { batch = defaultBatch, optimizer } = config
  requireTrainingMemory(model, optimizer, { batch, count: split.train.indices.length })
  const { signal, onPreparing } = control
  const inputs = await openTrainingInputs(model, split, config, { signal, onProgress: onPreparing })
  try {
    const run = new SupervisedRun(model, split, inputs, config, control.onProgress)
    try {
      const saver = new Checkpoint(run, control.checkpoint)
      await saver.resume()
      const ending = await runTraining(run, { signal, saver })
      if (ending === 'diverged') throw divergence(run.state.steps + 1)
      return await run.result(ending)
    } finally {
      run.learner.close()
    }
  } finally {
    await inputs.close()
  }
}

const stateSchema = loopState.extend({
  /** Learning rate of the last step. */
  rate: z.number().min(0),
  /** Sums over the images of the current epoch. */
  sums: z.object({ loss: z.number().min(0), correct: z.int().min(0), images: z.int().min(0) }),
  history: listOf(z.object({
    epoch: z.number(), loss: savedFigure, accuracy: savedShare, validationLoss: savedFigure,
    validationAccuracy: savedShare, rate: savedFigure, seconds: z.number().min(0),
  }) satisfies z.ZodType<EpochRecord>),
  /** Index of the best epoch in `history`. */
  best: z.number().nullable(),
})

type State = z.infer<typeof stateSchema>
type Figures = Omit<EpochRecord, 'epoch' | 'seconds'>

const noSums = { loss: 0, correct: 0, images: 0 }

class SupervisedRun implements TrainingTask<Figures, Batch>, ResumableRun<State> {
  readonly epochs: number
  readonly learner: Learner
  readonly stateSchema = stateSchema
  state: State = { ...firstState(), rate: 0, sums: { ...noSums }, history: [], best: null }
  bestWeights: ReadonlyMap<string, Float32Array> = new Map()
  private readonly seed: number
  private readonly batch: number
  /** In the order of the classes; undefined where all count alike. */
  private readonly classWeights: readonly number[] | undefined
  /** Index of each batch's first image in the order of an epoch. */
  private readonly starts: readonly number[]

  constructor(
    private readonly model: Model, private readonly split: Split, private readonly inputs: TrainingInputs,
    private readonly config: TrainConfig, private readonly onProgress: TrainControl['onProgress'],
  ) {
    const { epochs, seed = 0, batch = defaultBatch } = config
    this.epochs = epochs
    this.seed = seed
    this.batch = batch
    this.classWeights = classWeightsOf(config.classWeights, split.train)
    if (config.balancedBatches) requireEveryClass(split.train)
    this.starts = batchStarts(inputs.training.count, batch)
    // Where all images are one batch, that batch is a full one.
    this.learner = new Learner(model, { ...config, batch: this.starts[1] ?? inputs.training.count }, inputs.layerRange)
  }

  batches(): AsyncIterable<Batch> {
    const { inputs: { training }, state: { epoch, step }, starts } = this
    const order = this.config.balancedBatches
      ? balancedOrder(training.labels, this.model.labels.length, this.seed, epoch)
      : trainingOrder(training.count, this.seed, epoch)
    const batches = starts.map((start, i) => order.subarray(start, starts[i + 1]))
    return training.batches(batches.slice(step), this.augmentation())
  }

  step({ input, labels, count }: Batch): number {
    const { state, state: { sums }, config: { labelSmoothing }, model } = this
    state.rate = this.rate()
    const { loss, correct } = this.learner.step(input, state.rate,
      crossEntropyObjective(labels, model.labels.length, { smoothing: labelSmoothing, weights: this.classWeights }))
    sums.loss += loss * count
    sums.correct += correct
    sums.images += count
    return loss
  }

  async closeEpoch(): Promise<Figures> {
    const { state, model, inputs: { validation, layerRange } } = this
    const weights = this.learner.weights()
    const figures = {
      ...this.runningMeans(), ...await validate({ ...model, weights }, layerRange, validation), rate: state.rate,
    }
    if (!Number.isFinite(figures.validationLoss)) throw divergence(state.steps, 'validation loss')
    if (state.best === null || isBetter(figures, state.history[state.best], this.config)) {
      state.best = state.epoch
      if (this.config.keepBest) this.bestWeights = weights
    }
    state.sums = { ...noSums }
    return figures
  }

  isOutOfPatience(): boolean {
    const { best, epoch } = this.state
    return best !== null && epoch - (best + 1) >= (this.config.patience ?? Infinity)
  }

  report(): void {
    const { history, step } = this.state
    const { loss, accuracy } = step === 0 ? history[history.length - 1] : this.runningMeans()
    this.onProgress?.({ ...positionIn(this, this.starts.length), loss, accuracy, history })
  }

  findContradiction(state: State): string | null {
    const { best, epoch, step, history, sums, sums: { correct, images } } = state
    if (best !== null && !(Number.isInteger(best) && best >= 0 && best < epoch)) return `${best} as the best of ${epoch} epochs`
    const contradiction = findContradiction(state, { epochs: this.epochs, stepsPerEpoch: this.starts.length })
    if (contradiction !== null) return contradiction
    const seen = step < this.starts.length ? this.starts[step] : this.inputs.training.count
    if (images !== seen || correct > images) return `${correct} right of ${images} images after ${step} steps of an epoch`
    if (images === 0 && sums.loss !== 0) return `a loss of ${sums.loss} over no images`
    return best === bestOf(history, this.config) ? null : `epoch ${best === null ? 'none' : best + 1} as the best of ${epoch}`
  }

  bestWeightsLike({ best }: State): ReadonlyMap<string, Float32Array> {
    return this.config.keepBest && best !== null ? this.model.weights : new Map()
  }

  fingerprint(): string {
    const { model, split: { dataset, train, validation }, inputs: { cached }, config } = this
    return fingerprintOf(model, [config, dataset.contentHash, train.indices, validation.indices, cached])
  }

  /** The trained model, and how the run went. */
  async result(stopped: Trained['stopped']): Promise<Trained> {
    const { config, seed, batch, inputs, bestWeights, state: { history, best, seconds } } = this
    const weights = bestWeights.size ? bestWeights : this.learner.weights()
    const { fit = 'squash', window = {} } = this.split.dataset
    const model = summarizedModel({ ...this.model, weights, fit, window })
    const trained: Trained =
      summarizedRun({ model, history, best: best === null ? null : history[best], stopped, seconds, config })
    if (config.statistics !== 'measured' || stopped === 'cancelled') return trained
    const started = performance.now()
    const measured = await withStatistics(model, inputs.training, inputs.layerRange, { batch, seed })
    return summarizedRun({ ...trained, model: measured, seconds: seconds + (performance.now() - started) / 1000 })
  }

  /** How the current epoch changes the images. */
  private augmentation(): Augmentation | undefined {
    const { augment, augmentVersions = Infinity } = this.config
    return augment && { config: augment, seed: this.seed, epoch: this.state.epoch % augmentVersions }
  }

  private rate(): number {
    const { config: { schedule, optimizer }, state: { steps, history } } = this
    const moment = { step: steps, steps: this.starts.length * this.epochs, history }
    return learningRate(schedule ?? { name: 'constant' }, optimizer.rate, moment)
  }

  /** Means over the current epoch's images so far. */
  private runningMeans(): { loss: number; accuracy: number } {
    const { loss, correct, images } = this.state.sums
    return { loss: loss / images, accuracy: correct / images }
  }
}

/** Loss and accuracy over a part, as at inference. */
async function validate(model: Model, layerRange: LayerRange, inputs: Inputs) {
  const network = new Network(model, 'infer', layerRange)
  try {
    const scores = await scoresOf(network, model, inputs)
    const { loss, correct } = crossEntropy(scores, inputs.labels, model.labels.length)
    return { validationLoss: loss, validationAccuracy: correct / inputs.count }
  } finally {
    network.close()
  }
}

function isBetter(a: Figures, b: Figures, { watch = 'validationLoss' }: TrainConfig): boolean {
  return watch === 'validationLoss' ? a.validationLoss < b.validationLoss : a.validationAccuracy > b.validationAccuracy
}

/** Index of the best epoch; null where there is none. The first of several that are equally good counts. */
function bestOf(history: readonly EpochRecord[], config: TrainConfig): number | null {
  return history.reduce((best: number | null, figures, i) =>
    (best === null || isBetter(figures, history[best], config) ? i : best), null)
}

/** Where each batch starts. A single last image joins the batch before it: batch normalization needs two images. */
function batchStarts(count: number, batch: number): number[] {
  const starts = Array.from({ length: Math.ceil(count / batch) }, (_, i) => i * batch)
  if (starts.length > 1 && count - starts[starts.length - 1] === 1) starts.pop()
  return starts
}
