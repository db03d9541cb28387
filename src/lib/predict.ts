/** What a model says about images. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openBatches, type Augmentation } from './batches'
import type { Grouping } from './datasets/dataset'
import { read, release } from './engine'
import { LabError } from './errors'
import { imageInputs, inOrder, type Inputs } from './inputs'
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
    const inputs = imageInputs(await openBatches(part, model), model.size)
    const scores = await scoresOf(network, model, inputs, options)
    const items = indices.map(index => dataset.items[index])
    return {
      probabilities: softmax(scores, model.labels.length),
      labels: inputs.labels,
      classes: model.labels,
      names: items.map(item => item.name),
      groups: items.map(item => item.group),
      grouping: dataset.grouping,
    }
  } finally {
    network.close()
  }
}

/** Class scores (before softmax) for all images of a part, [count, classes]. */
export async function scoresOf(
  network: Network, model: Model, inputs: Inputs, options: PredictOptions = {},
): Promise<Float32Array> {
  const scores = new Float32Array(inputs.count * model.labels.length)
  let at = 0
  for await (const output of outputsOf(network, inputs, options)) {
    scores.set(output, at)
    at += output.length
  }
  return scores
}

/** What a network opened to infer gives for all images of a part, batch by batch in the part's order. */
export async function* outputsOf(
  network: Network, inputs: Inputs, options: PredictOptions & { augmentation?: Augmentation } = {},
): AsyncGenerator<Float32Array> {
  const { batch = 64, onProgress, augmentation } = options
  let done = 0
  for await (const { input, count } of inputs.batches(inOrder(inputs.count, batch), augmentation)) {
    const output = network.infer(input)
    const numbers = read(output)
    release(input, output)
    yield numbers
    onProgress?.(done += count, inputs.count)
    await nextTurn()
  }
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
