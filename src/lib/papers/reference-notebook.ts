/**
 * The reference notebook: a published ResNet50 on the SARS-CoV-2 CT-scan set, and its protocol run again here.
 *
 * ImageNet's weights being out of reach, each run is an approximation: the same protocol from other start weights.
 * Validation and test are the same images, as published; no choice is made by them here but the learning rate's.
 */
import type { Width } from '../model/architecture'
import { augmentations } from '../images/augment'
import type { Dataset } from '../data/dataset'
import { splitPublished, type Split } from '../data/split/split'
import { table, type Table } from '../display/tables'
import type { TrainConfig } from '../training/config'
import { publishedRow } from './reference-row'

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
