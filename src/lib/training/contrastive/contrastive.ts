/**
 * Unsupervised pre-training: a network learns to recognize each image in any view of it.
 *
 * SimCLR (Chen et al. 2020) with the decoupled loss (Yeh et al. 2022). SimCLR alone needs thousands of images a step:
 * with few images a view's own partner takes most of the softmax as soon as the network finds it, and the gradient
 * vanishes. With the decoupled loss a step of 64 images, which a processor can manage, is nearly as good. Methods that
 * do not compare different images cost more: BYOL runs a second network, and VICReg and Barlow Twins estimate
 * covariances of thousands of dimensions in each step.
 *
 * All views of a step pass through batch normalization together. Its statistics are the same for all views and cannot
 * reveal which of them belong together.
 *
 * Applied to a model with pretrained weights this is the second half of Self-Trans (He et al., "Sample-efficient deep
 * learning for COVID-19 diagnosis based on CT scans", 2020).
 */
import { z } from 'zod'
import { trainingOrder } from '../../batches/batches'
import { tensor, type Tensor } from '../../engine/engine'
import type { Model } from '../../model/model'
import { requireInRange } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { checkCheckpoint, Checkpoint, fingerprintOf, type ResumableRun } from '../checkpoint'
import { Learner } from '../learner'
import { divergence, findContradiction, firstState, loopState, positionIn, runTraining, type TrainingTask } from '../loop'
import type { Objective } from '../objective'
import { learningRate } from '../schedule'
import { requireTrainingMemory } from '../training-memory'
import { pairedViews, type ReadImage } from './batch'
import { refuseCollapse } from './collapse'
import {
  completeConfig, type ContrastiveConfig, type ContrastiveControl, type ContrastivelyTrained, type ContrastiveRecord,
} from './config'
import { projectionWidth, stageWeights, withProjection } from './head'
import type { UnlabelledImages } from './images'
import { contrastiveObjective, type ContrastiveFigures } from './objective'
import { listOf } from '../../system/json-parts'

/** Pixels. Images are read at twice the model's size, and can be read at 1,024 pixels at most. */
const largestSize = 512

/**
 * Trains a copy of a model's stages on images without labels. Frozen layers do not change.
 * @param start any model, with random or pretrained weights
 * @param images from `removeLabels(split)`
 * @throws LabError 'bad-argument' for a config outside its ranges, or a model for images of more than 512 pixels;
 *   'collapsed' if the network gives about the same output for every image; 'engine-failed' if the loss is no longer a
 *   finite number; 'bad-checkpoint' for another run's checkpoint; 'too-large' if a step would need more memory than is
 *   free
 * @example await trainContrastively(model, removeLabels(split), { epochs: 30 })
 */
export async function trainContrastively(
  start: Model, images: UnlabelledImages, config: ContrastiveConfig, control: ContrastiveControl = {},
): Promise<ContrastivelyTrained> {
  requireKnownKeys('the control of trainContrastively', control, { onProgress: true, signal: true, checkpoint: true })
  checkCheckpoint(control.checkpoint)
  requireInRange("the model's image size", start.size, { high: largestSize, whole: true },
    'Make the model for smaller images: views are cut out of images of twice its size')
  const complete = completeConfig(config, images.count)
  requireTrainingMemory(start, complete.optimizer, { batch: 2 * complete.batch, count: 2 * images.count })
  const readImage = await images.open(2 * start.size)
  const run = new ContrastiveRun(start, images, readImage, complete, control.onProgress)
  try {
    const saver = new Checkpoint(run, control.checkpoint)
    await saver.resume()
    const ending = await runTraining(run, { signal: control.signal, saver })
    if (ending === 'diverged') throw divergence(run.state.steps + 1)
    return run.result(ending === 'cancelled' ? 'cancelled' : 'finished')
  } finally {
    run.learner.close()
  }
}

// The decoupled loss may lie below 0.
const figuresSchema = z.object({
  loss: z.number(), found: z.number().min(0), spread: z.number().min(0), dimensions: z.number().min(0),
})

const stateSchema = loopState.extend({
  /** Sums over the steps of the current epoch. */
  sums: figuresSchema,
  history: listOf(z.object({ epoch: z.number(), ...figuresSchema.shape, seconds: z.number().min(0) }) satisfies
    z.ZodType<ContrastiveRecord>),
})

type State = z.infer<typeof stateSchema>
type Figures = z.infer<typeof figuresSchema>

const figureNames = ['loss', 'found', 'spread', 'dimensions'] as const
const noSums: Figures = { loss: 0, found: 0, spread: 0, dimensions: 0 }

/** Two views of each image of a step, as one input. */
interface ViewBatch {
  input: Tensor
}

class ContrastiveRun implements TrainingTask<Figures, ViewBatch>, ResumableRun<State> {
  readonly epochs: number
  readonly learner: Learner
  readonly stateSchema = stateSchema
  state: State = { ...firstState(), sums: { ...noSums }, history: [] }
  readonly bestWeights: ReadonlyMap<string, Float32Array> = new Map()
  /** The stages of `start` with a projection head. */
  private readonly model: Model
  private readonly objective: Objective<ContrastiveFigures>
  readonly stepsPerEpoch: number

  constructor(
    private readonly start: Model, private readonly images: UnlabelledImages, private readonly readImage: ReadImage,
    private readonly config: Required<ContrastiveConfig>, private readonly onProgress: ContrastiveControl['onProgress'],
  ) {
    this.epochs = config.epochs
    this.model = withProjection(start, config.seed)
    const views = 2 * config.batch
    this.learner = new Learner(this.model, { ...config, batch: views })
    this.objective = contrastiveObjective(config.temperature, projectionWidth, views)
    // Full batches only, since fewer images make an easier task. Each epoch leaves out other images.
    this.stepsPerEpoch = Math.floor(images.count / config.batch)
  }

  *batches(): Generator<ViewBatch> {
    const { config: { batch, seed }, images, model, model: { size }, state: { epoch, step } } = this
    const order = trainingOrder(images.count, seed, epoch)
    for (let i = step; i < this.stepsPerEpoch; i++) {
      const indices = order.subarray(i * batch, (i + 1) * batch)
      const views = pairedViews(indices, this.readImage, model, { ...this.config, epoch })
      yield { input: tensor(views, [2 * batch, size, size, 3]) }
    }
  }

  step({ input }: ViewBatch): number {
    const { objective, state: { sums } } = this
    const found = this.learner.step(input, this.rate(), objective)
    for (const name of figureNames) sums[name] += found[name]
    return found.loss
  }

  closeEpoch(): Figures {
    const figures = this.runningMeans()
    refuseCollapse(figures, this.state.epoch + 1)
    this.state.sums = { ...noSums }
    return figures
  }

  isOutOfPatience(): boolean {
    return false
  }

  report(): void {
    const { history, step } = this.state
    const figures = step === 0 ? history[history.length - 1] : this.runningMeans()
    this.onProgress?.({ ...figures, ...positionIn(this, this.stepsPerEpoch), history })
  }

  bestWeightsLike(): ReadonlyMap<string, Float32Array> {
    return this.bestWeights
  }

  findContradiction(state: State): string | null {
    const { step, sums, history } = state
    // A share is a sum of 1 / views: rounding may take it a little above 1.
    if (sums.found > step + 1e-6 || history.some(({ found }) => found > 1 + 1e-6)) return 'a share of found views above 1'
    if (step === 0 && figureNames.some(name => sums[name] !== 0)) return 'sums of an epoch without steps'
    return findContradiction(state, this)
  }

  fingerprint(): string {
    return fingerprintOf(this.model, [this.config, this.images.hash])
  }

  /** The trained model, and how the run went. */
  result(stopped: ContrastivelyTrained['stopped']): ContrastivelyTrained {
    const { start, config, state: { history, seconds } } = this
    const trained = stageWeights(start.architecture, this.learner.weights())
    const weights = new Map([...start.weights, ...trained])
    const model = { ...start, weights, start: `${start.start}, then contrastive` }
    return { model, start: start.start, history, stopped, seconds, config }
  }

  private rate(): number {
    const moment = { step: this.state.steps, steps: this.epochs * this.stepsPerEpoch, history: [] }
    return learningRate({ name: 'one-cycle', warmup: 0.1 }, this.config.optimizer.rate, moment)
  }

  /** Means over the current epoch's steps so far. */
  private runningMeans(): Figures {
    const { sums: { loss, found, spread, dimensions }, step } = this.state
    return { loss: loss / step, found: found / step, spread: spread / step, dimensions: dimensions / step }
  }
}
