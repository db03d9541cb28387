/**
 * The reference notebook: a published ResNet50 on the SARS-CoV-2 CT-scan set, and its protocol.
 *
 * Every run here is an approximation: the same protocol, but from other start weights than ImageNet's. Validation and
 * test are the same images, as published; nothing is chosen by those images here but the learning rate.
 */
import type { Dataset } from '../data/dataset'
import { splitPublished, type Split } from '../data/split/split'
import { dataTable, type Table } from '../display/tables'
import type { TrainConfig } from '../training/config'
import { paperSchema, type Paper, type Recipe } from './paper'
import record from './records/reference-notebook.json'

/** The notebook as one of the papers. */
export const referencePaper: Paper = paperSchema.parse(record)

const [{ recipe }] = referencePaper.studies

/** The notebook's protocol as settings, and what the notebook reports. */
export const referenceRecipe: Recipe = recipe!

/**
 * The notebook's split: 80 % to learn from, 20 % that both steer the training and judge it.
 * @example show(referenceSplit(ct))
 */
export function referenceSplit(dataset: Dataset): Split {
  const { test, seed } = referenceRecipe.split
  return splitPublished(dataset, { test, seed })
}

/**
 * The notebook's training. The notebook reports its best epoch; here the last epoch is judged, and the best is reported
 * beside it.
 * @param run epochs: 50 in the notebook; seed: names start weights, order and augmentation, not the split
 * @example await train(network, referenceSplit(ct), referenceConfig({ epochs: 1, seed: 42 }))
 */
export function referenceConfig({ epochs, seed }: { epochs: number; seed: number }): TrainConfig {
  return { ...referenceRecipe.training, epochs, seed }
}

/**
 * The protocol in words and numbers, for reading.
 * @example show(referenceSettings())
 */
export function referenceSettings(): Table {
  const { training: { batch, epochs, optimizer, schedule, augment }, reported } = referenceRecipe
  const words = (settings: object = {}) =>
    Object.entries(settings).map(([key, value]) => (value === true ? key : key === 'name' ? value : `${key} ${value}`)).join(', ')
  return dataTable('reference-protocol', 'The reference notebook’s protocol', [
    { setting: 'images', value: '64 × 64, divided by 255; 80 % to learn from, 20 % to validate and to report; random' },
    { setting: 'network', value: '3 × 3 convolution to 3 channels, ResNet50 (ImageNet weights), all layers trained' },
    { setting: 'head', value: 'average, batch normalization, dropout .5, dense 256, batch normalization, dropout .5, dense 2' },
    { setting: 'optimizer', value: words(optimizer) },
    { setting: 'schedule', value: words(schedule) },
    { setting: 'augmentation', value: words(augment) },
    { setting: 'batch, epochs', value: `${batch}, ${epochs}` },
    { setting: 'published result', value: `accuracy ${reported.accuracy}, loss ${reported.loss}, ${reported.minutes} minutes` },
  ])
}
