/** Training: the same model, data, config, engine and thread count give the same bits. */
import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { trainingOrder, type Augmentation } from '../batches/batches'
import { loadCheckpoint, saveCheckpoint, type Progress } from './checkpoint'
import { engineIdentity, release } from '../engine/engine'
import { LabError } from '../system/errors'
import type { Batch } from '../batches/batch'
import type { Inputs } from '../batches/inputs'
import { Learner } from './learner'
import { crossEntropy } from '../network/loss'
import type { Model } from '../model/model'
import { Network } from '../network/network'
import { scoresOf } from '../inference/outputs'
import { checkLabels } from '../inference/predict'
import { learningRate } from './schedule'
import type { LayerRange } from '../network/plan'
import type { Split } from '../data/split/split'
import { withStatistics } from '../inference/reestimate-statistics'
import type { Values } from '../weights/formats/tensor-file'
import { openTrainingInputs, type TrainingInputs } from './training-inputs'
import { checkTraining, type EpochRecord, type TrainConfig, type TrainControl, type Trained } from './config'

/**
 * Trains a copy of a model on a split's training part. The validation part decides early stopping and the
 * best epoch; the test part is never read.
 * @throws LabError 'bad-argument' for a config outside its ranges, 'bad-checkpoint' for another run's checkpoint,
 *   'engine-missing' where no engine is installed
 * @example await train(model, split, { epochs: 15, optimizer: { name: 'adamw', rate: 1e-3 } })
 */
export async function train(
  model: Model, split: Split, config: TrainConfig, control: TrainControl = {},
): Promise<Trained> {
  checkTraining(config)
  checkLabels(model, split.train)
  const { signal, onPreparing } = control
  const inputs = await openTrainingInputs(model, split, config, { signal, onProgress: onPreparing })
  try {
    const run = new TrainingRun(model, split, inputs, config, control)
    try {
      return await run.finish()
    } finally {
      run.close()
    }
  } finally {
    await inputs.close()
  }
}

class TrainingRun {
  private readonly learner: Learner
  private readonly batch: number
  private readonly seed: number
  private bestWeights: ReadonlyMap<string, Float32Array> | null = null
  private progress: Progress = {
    epoch: 0, step: 0, steps: 0, rate: 0, sums: { loss: 0, correct: 0, images: 0 },
    seconds: 0, epochSeconds: 0, history: [], best: null,
  }

  constructor(
    private readonly model: Model, private readonly split: Split, private readonly inputs: TrainingInputs,
    private readonly config: TrainConfig, private readonly control: TrainControl,
  ) {
    this.batch = config.batch ?? 64
    this.seed = config.seed ?? 0
    this.learner = new Learner(model, config)
  }

  async finish(): Promise<Trained> {
    const { signal } = this.control
    await this.takeUp()
    const stopped = await this.run().catch(async (fault: unknown) => {
      if (!signal?.aborted || fault !== signal.reason) throw fault
      await this.save()
      return 'cancelled' as const
    })
    const weights = (this.config.keepBest && this.bestWeights) || this.learner.weights()
    const model = await this.measured({ ...this.model, weights }, stopped)
    const { history, best, seconds } = this.progress
    return { model, history, best, stopped, seconds, config: this.config }
  }

  /** The model as it goes out: with statistics of its own where they are asked for and the run has come to its end. */
  private async measured(model: Model, stopped: Trained['stopped']): Promise<Model> {
    if (this.config.statistics !== 'measured' || stopped === 'cancelled') return model
    const begun = performance.now()
    const { batch, seed, learner: { layerRange } } = this
    const measured = await withStatistics(model, this.inputs.training, layerRange, { batch, seed })
    this.progress.seconds += (performance.now() - begun) / 1000
    return measured
  }

  close(): void {
    this.learner.close()
  }

  /** Epochs to the end. @throws the signal's reason when the run is cancelled */
  private async run(): Promise<'finished' | 'early'> {
    const { training, validation } = this.inputs
    // Asked before the first epoch, too: a run that is taken up may have come to its end before.
    while (!this.hasStalled()) {
      if (this.progress.epoch >= this.config.epochs) return 'finished'
      await this.epoch(training)
      await this.closeEpoch(validation)
    }
    return 'early'
  }

  /** Steps to the end of the epoch. */
  private async epoch(training: Inputs): Promise<void> {
    const { progress, control } = this
    const order = trainingOrder(training.count, this.seed, progress.epoch)
    const starts = batchStarts(training.count, this.batch)
    const places = starts.map((start, i) => order.subarray(start, starts[i + 1]))
    let begun = performance.now()
    for await (const batch of training.batches(places.slice(progress.step), this.augmentation())) {
      try {
        control.signal?.throwIfAborted()
        this.step(batch, starts.length)
      } finally {
        release(batch.input)
      }
      progress.step++
      progress.epochSeconds += (performance.now() - begun) / 1000
      this.report(starts.length)
      const every = control.checkpoint?.everySteps
      if (every && progress.steps % every === 0) await this.save()
      // The engine blocks while it computes: progress and interrupts get their turn here.
      await nextTurn()
      begun = performance.now()
    }
  }

  /** How this epoch changes the images. */
  private augmentation(): Augmentation | undefined {
    const { augment, augmentVersions = Infinity } = this.config
    return augment && { config: augment, seed: this.seed, epoch: this.progress.epoch % augmentVersions }
  }

  private step(batch: Batch, stepsAnEpoch: number): void {
    const { progress, progress: { sums } } = this
    progress.rate = this.rate(stepsAnEpoch)
    const { loss, correct } = this.learner.step(batch, progress.rate)
    progress.steps++
    if (!Number.isFinite(loss))
      throw new LabError('engine-failed', {
        expected: 'a finite loss', received: `${loss} at step ${progress.steps}`, remedy: 'Lower the learning rate',
      })
    sums.loss += loss * batch.count
    sums.correct += correct
    sums.images += batch.count
  }

  private rate(stepsAnEpoch: number): number {
    const { config, progress: { steps, history } } = this
    const moment = { step: steps, steps: stepsAnEpoch * config.epochs, history }
    return learningRate(config.schedule ?? { name: 'constant' }, config.optimizer.rate, moment)
  }

  /** Validates, records the epoch, and keeps its weights if they are the best so far. */
  private async closeEpoch(validation: Inputs): Promise<void> {
    const { progress, model, config } = this
    const { sums, step } = progress
    const begun = performance.now()
    const weights = this.learner.weights()
    const figures = await validate({ ...model, weights }, this.learner.layerRange, validation)
    const seconds = progress.epochSeconds + (performance.now() - begun) / 1000
    const record: EpochRecord = {
      epoch: ++progress.epoch, loss: sums.loss / sums.images, accuracy: sums.correct / sums.images,
      ...figures, rate: progress.rate, seconds,
    }
    progress.history.push(record)
    progress.seconds += seconds
    if (!progress.best || isBetter(record, progress.best, config)) {
      progress.best = record
      if (config.keepBest) this.bestWeights = weights
    }
    Object.assign(progress, { step: 0, epochSeconds: 0, sums: { loss: 0, correct: 0, images: 0 } })
    if (this.control.checkpoint) await this.save()
    this.report(step)
  }

  private hasStalled(): boolean {
    const { best, epoch } = this.progress
    return best !== null && epoch - best.epoch >= (this.config.patience ?? Infinity)
  }

  private report(stepsAnEpoch: number): void {
    const { epoch, step, sums, history, seconds, epochSeconds } = this.progress
    const between = step === 0
    const last = history[history.length - 1]
    this.control.onProgress?.({
      epoch: between ? epoch : epoch + 1, epochs: this.config.epochs,
      step: between ? stepsAnEpoch : step, steps: stepsAnEpoch,
      loss: between ? last.loss : sums.loss / sums.images,
      accuracy: between ? last.accuracy : sums.correct / sums.images,
      history, seconds: seconds + epochSeconds,
    })
  }

  private async save(): Promise<void> {
    const folder = this.control.checkpoint?.folder
    if (!folder) return
    const state = new Map(this.learner.variables().map(one => [one.name, { shape: one.shape, values: one.numbers() }]))
    const bestWeights = new Map([...this.bestWeights ?? []].map(([name, values]): [string, Values] =>
      [name, { shape: [values.length], values }]))
    await saveCheckpoint(folder, this.fingerprint(), { progress: this.progress, state, bestWeights })
  }

  /** Goes on from the checkpoint, if there is one. */
  private async takeUp(): Promise<void> {
    const folder = this.control.checkpoint?.folder
    const saved = folder ? await loadCheckpoint(folder, this.fingerprint()) : null
    if (!saved) return
    this.learner.takeUp(name => saved.state.get(name)!.values, saved.progress.steps)
    this.progress = saved.progress
    if (saved.bestWeights.size)
      this.bestWeights = new Map([...saved.bestWeights].map(([name, { values }]) => [name, values]))
  }

  /** Names what decides the run's numbers; kept in the checkpoint. */
  private fingerprint(): string {
    const { model, split, inputs, config } = this
    const hash = createHash('sha256')
    hash.update(JSON.stringify([
      config, model.architecture, [...model.frozen], model.preprocessing, split.dataset.contentHash,
      split.train.indices, split.validation.indices, inputs.kept, engineIdentity(),
    ]))
    for (const values of model.weights.values()) hash.update(values)
    return hash.digest('hex')
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

function isBetter(a: EpochRecord, b: EpochRecord, { watch = 'validationLoss' }: TrainConfig): boolean {
  return watch === 'validationLoss' ? a.validationLoss < b.validationLoss : a.validationAccuracy > b.validationAccuracy
}

/** Where each batch starts. A last batch of one image joins the one before: batch normalization compares images. */
function batchStarts(count: number, batch: number): number[] {
  const starts = Array.from({ length: Math.ceil(count / batch) }, (_, i) => i * batch)
  if (starts.length > 1 && count - starts[starts.length - 1] === 1) starts.pop()
  return starts
}
