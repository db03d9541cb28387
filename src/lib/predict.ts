/** What a model says about images. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openBatches, type BatchReader } from './batches'
import type { Grouping } from './datasets/dataset'
import { read, release, tensor } from './engine'
import { LabError } from './errors'
import { softmax } from './loss'
import type { Model } from './model'
import { Network } from './network'
import type { Part } from './split'

/** A model's probabilities for each image of a part, beside the truth. Plain data. */
export interface Predictions {
  /** [count, classes]; each row sums to 1. */
  probabilities: Float32Array
  /** True class number of each image. */
  labels: Int32Array
  classes: readonly string[]
  /** Name of each image. */
  names: readonly string[]
  /** Group of each image, null where none is known. */
  groups: readonly (string | null)[]
  grouping: Grouping
}

export interface PredictOptions {
  /** Images at a time: more take more memory. Default 64. */
  batch?: number
  onProgress?(done: number, count: number): void
}

/** Probabilities for every image of a part, in the part's order. */
export async function predict(model: Model, part: Part, options: PredictOptions = {}): Promise<Predictions> {
  checkLabels(model, part)
  const { dataset, indices } = part
  const network = new Network(model, 'infer')
  try {
    const reader = await openBatches(part, model)
    const scores = await scoresOf(network, model, reader, options)
    const items = indices.map(index => dataset.items[index])
    return {
      probabilities: softmax(scores, model.labels.length),
      labels: reader.labels,
      classes: model.labels,
      names: items.map(item => item.name),
      groups: items.map(item => item.group),
      grouping: dataset.grouping,
    }
  } finally {
    network.close()
  }
}

/** Class scores (before softmax) for all images of an opened part, [count, classes]. */
export async function scoresOf(
  network: Network, model: Model, reader: BatchReader, { batch = 64, onProgress }: PredictOptions = {},
): Promise<Float32Array> {
  const classes = model.labels.length
  const scores = new Float32Array(reader.count * classes)
  for (let start = 0; start < reader.count; start += batch) {
    const count = Math.min(batch, reader.count - start)
    const { images } = reader.read(Uint32Array.from({ length: count }, (_, i) => start + i))
    const input = tensor(images, [count, model.size, model.size, 3])
    const output = network.infer(input)
    scores.set(read(output), start * classes)
    release(input, output)
    onProgress?.(start + count, reader.count)
    await nextTurn()
  }
  return scores
}

/** @throws LabError 'bad-argument' where the model tells other classes apart than the data set has */
export function checkLabels(model: Model, part: Part): void {
  if (model.labels.join('\n') === part.dataset.labels.join('\n')) return
  throw new LabError('bad-argument', {
    expected: `a data set with the model's classes ${model.labels.join(', ')}`,
    received: part.dataset.labels.join(', '),
    remedy: 'Make the model with `classes: dataset.labels`',
  })
}
