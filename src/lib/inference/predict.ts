/** What a model says about images. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { mirrored } from '../images/augment'
import { openBatches, type Augmentation, type BatchReader } from '../batches/batches'
import { read, release } from '../engine/engine'
import { LabError } from '../system/errors'
import { imageInputs, inOrder, type Inputs } from '../batches/inputs'
import { softmax } from '../model/softmax'
import type { Model } from '../model/model'
import { Network } from '../network/network'
import type { Part } from '../data/split/split'
import { predictionsOf, type Predictions } from '../evaluation/predictions'

export interface PredictOptions {
  /** Images at a time: more take more memory. Default 64. */
  batch?: number
  onProgress?(done: number, count: number): void
  /**
   * 'flip': each image is judged as it is and mirrored left to right, and the two rows of probabilities are averaged,
   * at twice the time; for models that were trained on mirrored images too. Default 'plain'.
   */
  views?: 'plain' | 'flip'
}

/**
 * Probabilities for every image of a part, in the part's order.
 * @throws LabError 'bad-argument' for other views, or where the data set has other classes than the model
 */
export async function predict(model: Model, part: Part, options: PredictOptions = {}): Promise<Predictions> {
  checkLabels(model, part)
  const { indices } = part
  const views = viewsOf(await openBatches(part, model), model, options)
  const network = new Network(model, 'infer')
  try {
    const probabilities = new Float32Array(indices.length * model.labels.length)
    for (const [place, view] of views.entries()) {
      const onProgress = (done: number, count: number) =>
        options.onProgress?.(place * count + done, views.length * count)
      const scores = await scoresOf(network, model, view, { ...options, onProgress })
      softmax(scores, model.labels.length).forEach((value, i) => { probabilities[i] += value / views.length })
    }
    return predictionsOf(part, probabilities)
  } finally {
    network.close()
  }
}

function viewsOf(reader: BatchReader, { size }: Model, { views = 'plain' }: PredictOptions): Inputs[] {
  const plain = imageInputs(reader, size)
  switch (views) {
    case 'plain': return [plain]
    case 'flip': return [plain, imageInputs(reader, size, images => mirrored(images, size, 3))]
    default: throw new LabError('bad-argument', {
      expected: "views 'plain' or 'flip'", received: String(views), remedy: 'Choose one of them',
    })
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
