/**
 * The reference notebook: a published ResNet50 on the SARS-CoV-2 CT-scan set, and its protocol run again here.
 *
 * ImageNet's weights being out of reach, each run is an approximation: the same protocol from other start weights.
 * Validation and test are the same images, as published; no choice is made by them here but the learning rate's.
 */
import type { Width } from '../architecture'
import { augmentations } from '../augment'
import { baselinePredictions } from '../baselines'
import type { Dataset } from '../datasets/dataset'
import { describeEngine, engineName } from '../engine'
import { evaluate } from '../evaluate'
import { evaluatePredictions } from '../evaluation'
import { resnet50 } from '../resnet50'
import { splitPublished, type Split } from '../split'
import { table, type Table } from '../tables'
import { train } from '../train'
import type { TrainConfig, TrainControl, Trained } from '../training'
import { publishedRow, type ReferenceRow } from './reference-row'

/** What distinguishes one run of the protocol from another. */
export interface ReferenceRun {
  weights: 'none' | 'fractal'
  width: Width
  /** 50 in the notebook. */
  epochs: number
  /** Names start weights, order and augmentation. The split keeps the notebook's own seed, 42. */
  seed: number
}

/** The notebook's split: 80 % to learn from, 20 % that both steer the training and judge it. */
export function referenceSplit(dataset: Dataset): Split {
  return splitPublished(dataset, { test: 0.2, seed: 42 })
}

/** The notebook's training. It kept its best weights; here the last are judged, and the best reported beside them. */
export function referenceConfig({ epochs, seed }: Pick<ReferenceRun, 'epochs' | 'seed'>): TrainConfig {
  return {
    epochs,
    batch: 64,
    optimizer: { name: 'adam', rate: 0.003, epsilon: 0.1 },
    schedule: { name: 'plateau', watch: 'validationAccuracy', factor: 0.7, patience: 5, least: 1e-4 },
    augment: augmentations.reference,
    seed,
  }
}

/** The protocol in words and numbers, for reading. */
export function referenceSettings(): Table {
  const { batch, epochs, optimizer, schedule, augment } = referenceConfig({ epochs: 50, seed: 42 })
  const words = (settings: object = {}) =>
    Object.entries(settings).map(([key, value]) => (value === true ? key : key === 'name' ? value : `${key} ${value}`)).join(', ')
  return table('reference-protocol', 'The reference notebook’s protocol', [
    { setting: 'images', value: '64 × 64, divided by 255; 80 % to learn from, 20 % to validate and to report; random' },
    { setting: 'network', value: '3 × 3 convolution to 3 channels, ResNet50 (ImageNet weights), all layers trained' },
    { setting: 'head', value: 'average, batch normalization, dropout .5, dense 256, batch normalization, dropout .5, dense 2' },
    { setting: 'optimizer', value: words(optimizer) },
    { setting: 'schedule', value: words(schedule) },
    { setting: 'augmentation', value: words(augment) },
    { setting: 'batch, epochs', value: `${batch}, ${epochs}` },
    { setting: 'published result', value: `accuracy ${publishedRow.accuracy}, loss ${publishedRow.loss}, ${publishedRow.minutes} minutes` },
  ])
}

/**
 * Runs the protocol once.
 * @param control as in `train`; with a checkpoint folder the run goes on where it was left
 * @returns the run's line, or null when it was cancelled
 * @throws LabError 'unknown-weights' where the start weights do not exist in that width
 */
export async function runReference(
  dataset: Dataset, run: ReferenceRun, control: TrainControl = {},
): Promise<ReferenceRow | null> {
  const { weights, width, epochs, seed } = run
  const split = referenceSplit(dataset)
  const start = await resnet50({ weights, width, classes: dataset.labels, size: 64, head: 'reference', seed })
  const trained = await train(start, split, referenceConfig(run), control)
  if (trained.stopped === 'cancelled') return null
  const { auc } = await evaluate(trained.model, split.test, { positive: dataset.labels[0] })
  const neighbour = evaluatePredictions(await baselinePredictions('pixels, one nearest neighbour', split))
  const engine = describeEngine()
  return {
    start: weights === 'none' ? 'random' : weights, width, epochs, ...figuresOf(trained), auc: rounded(auc.value),
    minutes: Math.round(trained.seconds / 6) / 10, engine: engineName(engine), threads: engine.threads, seed,
    nearestNeighbour: rounded(neighbour.accuracy.value),
  }
}

function figuresOf({ history }: Trained) {
  const last = history[history.length - 1]
  return {
    accuracy: rounded(last.validationAccuracy),
    loss: rounded(last.validationLoss),
    highestAccuracy: rounded(Math.max(...history.map(epoch => epoch.validationAccuracy))),
    lowestLoss: rounded(Math.min(...history.map(epoch => epoch.validationLoss))),
  }
}

/** Four digits, as published. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4
}
