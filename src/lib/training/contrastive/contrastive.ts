/**
 * Unsupervised pre-training: a network learns to recognise each image by any view of it.
 *
 * SimCLR (Chen et al. 2020) with the decoupled loss (Yeh et al. 2022). SimCLR alone wants thousands of images a step:
 * with few, a view's own partner takes most of the softmax as soon as it is found, and the gradient vanishes.
 * Decoupled, the 64 images that a processor manages lose little. Of the methods that need no other images to be told
 * from, BYOL runs a second network, and VICReg and Barlow Twins estimate covariances of thousands of dimensions in each
 * step.
 *
 * All views of a step pass through batch normalization together, so its statistics are the same for all and cannot give
 * a pair away.
 *
 * On top of other weights this is the second half of He et al., "Sample-efficient deep learning for COVID-19 diagnosis
 * based on CT scans" (2020), "Self-Trans": give it a model that starts from them.
 */
import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { trainingOrder } from '../../batches/batches'
import { loadCheckpoint, saveCheckpoint } from '../checkpoint'
import { engineIdentity, read, release, tensor } from '../../engine/engine'
import { LabError } from '../../system/errors'
import type { Model } from '../../model/model'
import { Network } from '../../network/network'
import { Optimizer } from '../optimizer'
import { learningRate } from '../schedule'
import type { Variable } from '../../engine/variable'
import { pairedViews } from './batch'
import { refuseCollapse, scatterOf } from './collapse'
import { projectionWidth, stageWeights, withProjection } from './head'
import type { UnlabelledImages } from './images'
import { contrastiveLoss } from './loss'
import {
  completeConfig, type ContrastiveConfig, type ContrastiveControl, type ContrastivelyTrained, type ContrastiveRecord,
} from './config'

/** Pixels; images are read at twice as many, and at 1,024 at most. */
const largestSize = 512

/**
 * Trains a copy of a model's stages on images without labels. Its frozen layers stay as they are.
 * @param start any model: random numbers, or weights that were learnt elsewhere
 * @param images as `removeLabels(split)` gives them
 * @throws LabError 'bad-argument' for a config outside its ranges, or a model for images of more than 512 pixels;
 *   'collapsed' where the network comes to give the same for every image; 'bad-checkpoint' for another run's checkpoint
 * @example await trainContrastively(model, removeLabels(split), { epochs: 30 })
 */
export async function trainContrastively(
  start: Model, images: UnlabelledImages, config: ContrastiveConfig, control: ContrastiveControl = {},
): Promise<ContrastivelyTrained> {
  checkSize(start.size)
  const complete = completeConfig(config, images.count)
  // Twice the size: see `viewInto`.
  const readImage = await images.open(2 * start.size)
  const run = new ContrastiveRun(start, images, readImage, complete, control)
  try {
    return await run.finish()
  } finally {
    run.close()
  }
}

function checkSize(size: number): void {
  if (size <= largestSize) return
  throw new LabError('bad-argument', {
    expected: `a model for images of at most ${largestSize} pixels`, received: `one for ${size}`,
    remedy: 'Make it for smaller images: views are cut out of images of twice that size',
  })
}

/** Where a run stands between two steps. */
interface Standing {
  /** Epochs done. */
  epoch: number
  /** Steps done in the epoch that is under way, and in all. */
  step: number
  steps: number
  /** Sums over the steps of the epoch under way. */
  sums: Figures
  /** Seconds trained so far, and those of the epoch under way. */
  seconds: number
  epochSeconds: number
  history: ContrastiveRecord[]
}

type Figures = Pick<ContrastiveRecord, 'loss' | 'found' | 'spread' | 'dimensions'>

const nothing: Figures = { loss: 0, found: 0, spread: 0, dimensions: 0 }

class ContrastiveRun {
  private readonly model: Model
  private readonly network: Network
  private readonly optimizer: Optimizer
  private readonly stepsAnEpoch: number
  private standing: Standing =
    { epoch: 0, step: 0, steps: 0, sums: { ...nothing }, seconds: 0, epochSeconds: 0, history: [] }

  constructor(
    private readonly start: Model, private readonly images: UnlabelledImages,
    private readonly readImage: (place: number, image: Uint8Array) => void,
    private readonly config: Required<ContrastiveConfig>, private readonly control: ContrastiveControl,
  ) {
    this.model = withProjection(start, config.seed)
    this.network = new Network(this.model, 'train')
    this.optimizer = new Optimizer(config.optimizer, this.network.trainable)
    // A last batch of fewer images would be an easier task: each epoch leaves some out, others each time.
    this.stepsAnEpoch = Math.floor(images.count / config.batch)
  }

  async finish(): Promise<ContrastivelyTrained> {
    const { start, config, control: { signal } } = this
    await this.takeUp()
    const stopped = await this.run().catch(async (fault: unknown) => {
      if (!signal?.aborted || fault !== signal.reason) throw fault
      await this.save()
      return 'cancelled' as const
    })
    const learnt = stageWeights(start.architecture, this.network.weights())
    const model = {
      ...start, weights: new Map([...start.weights, ...learnt]), start: `${start.start}, then contrastive`,
    }
    const { history, seconds } = this.standing
    return { model, start: start.start, history, stopped, seconds, config }
  }

  close(): void {
    this.optimizer.close()
    this.network.close()
  }

  /** Epochs to the end. @throws the signal's reason when the run is cancelled */
  private async run(): Promise<'finished'> {
    while (this.standing.epoch < this.config.epochs) {
      await this.epoch()
      await this.closeEpoch()
    }
    return 'finished'
  }

  /** Steps to the end of the epoch. */
  private async epoch(): Promise<void> {
    const { standing, control, stepsAnEpoch, config: { batch, seed } } = this
    const order = trainingOrder(this.images.count, seed, standing.epoch)
    while (standing.step < stepsAnEpoch) {
      control.signal?.throwIfAborted()
      const begun = performance.now()
      this.step(order.subarray(standing.step * batch, (standing.step + 1) * batch))
      standing.step++
      standing.steps++
      standing.epochSeconds += (performance.now() - begun) / 1000
      this.report()
      const every = control.checkpoint?.everySteps
      if (every && standing.steps % every === 0) await this.save()
      // The engine blocks while it computes: progress and interrupts get their turn here.
      await nextTurn()
    }
  }

  private step(places: Uint32Array): void {
    const { network, standing, config, model, model: { size } } = this
    const views = pairedViews(places, this.readImage, model, { ...config, epoch: standing.epoch })
    const held = [tensor(views, [2 * places.length, size, size, 3])]
    try {
      const output = network.trainForward(held[0], { seed: config.seed, step: standing.steps })
      held.push(output)
      const projections = read(output)
      const { loss, found, gradient } = contrastiveLoss(projections, projectionWidth, config.temperature)
      if (!Number.isFinite(loss))
        throw new LabError('engine-failed', {
          expected: 'a finite loss', received: `${loss} at step ${standing.steps + 1}`, remedy: 'Lower the learning rate',
        })
      held.push(tensor(gradient, output.shape))
      this.optimizer.apply(network.backward(held[2]), this.rate())
      const figures = { loss, found, ...scatterOf(projections, projectionWidth) }
      for (const name of ['loss', 'found', 'spread', 'dimensions'] as const) standing.sums[name] += figures[name]
    } finally {
      release(...held)
    }
  }

  private rate(): number {
    const { config: { epochs, optimizer }, standing: { steps } } = this
    const moment = { step: steps, steps: epochs * this.stepsAnEpoch, history: [] }
    return learningRate({ name: 'one-cycle', warmup: 0.1 }, optimizer.rate, moment)
  }

  private async closeEpoch(): Promise<void> {
    const { standing } = this
    const figures = this.figures()
    standing.epoch++
    refuseCollapse(figures, standing.epoch)
    standing.history.push({ epoch: standing.epoch, ...figures, seconds: standing.epochSeconds })
    standing.seconds += standing.epochSeconds
    Object.assign(standing, { step: 0, epochSeconds: 0, sums: { ...nothing } })
    if (this.control.checkpoint) await this.save()
    this.report()
  }

  /** Means over the steps of the epoch under way. */
  private figures(): Figures {
    const { sums: { loss, found, spread, dimensions }, step } = this.standing
    return { loss: loss / step, found: found / step, spread: spread / step, dimensions: dimensions / step }
  }

  private report(): void {
    const { standing: { epoch, step, history, seconds, epochSeconds }, stepsAnEpoch, config, control } = this
    const between = step === 0
    const figures = between ? history[history.length - 1] : this.figures()
    control.onProgress?.({
      ...figures, epoch: between ? epoch : epoch + 1, epochs: config.epochs,
      step: between ? stepsAnEpoch : step, steps: stepsAnEpoch, history, seconds: seconds + epochSeconds,
    })
  }

  private variables(): Variable[] {
    return [...this.network.state(), ...this.optimizer.slots.values()]
  }

  private async save(): Promise<void> {
    const folder = this.control.checkpoint?.folder
    if (!folder) return
    const state = new Map(this.variables().map(one => [one.name, { shape: one.shape, values: one.numbers() }]))
    await saveCheckpoint(folder, this.fingerprint(), { progress: this.standing, state, bestWeights: new Map() })
  }

  /** Goes on from the checkpoint, if there is one. */
  private async takeUp(): Promise<void> {
    const folder = this.control.checkpoint?.folder
    const saved = folder ? await loadCheckpoint<Standing>(folder, this.fingerprint()) : null
    if (!saved) return
    for (const variable of this.variables()) variable.write(saved.state.get(variable.name)!.values)
    this.standing = saved.progress
    this.optimizer.step = saved.progress.steps
  }

  /** Names what decides the run's numbers; kept in the checkpoint. */
  private fingerprint(): string {
    const { model, images, config } = this
    const hash = createHash('sha256').update(JSON.stringify([
      config, model.architecture, [...model.frozen], model.preprocessing, images.hash, engineIdentity(),
    ]))
    for (const values of model.weights.values()) hash.update(values)
    return hash.digest('hex')
  }
}
