/** A model's predictions for images. */
import { mirrored } from '../images/augment'
import { openBatches, type BatchReader } from '../batches/batches'
import { imageInputs, type Inputs } from '../batches/inputs'
import type { Part } from '../data/split/split'
import { predictionsOf, type Predictions } from '../evaluation/predictions'
import { requireFiniteWeights } from '../model/finite-weights'
import type { Model } from '../model/model'
import { softmax } from '../model/softmax'
import { Network } from '../network/network'
import { LabError, oneOf, requireInRange } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { sameTexts } from '../system/same-texts'
import { defaultBatch, scoresOf } from './outputs'
import { requirePredictionMemory } from './prediction-memory'

export interface PredictOptions {
  /** Images in a batch: more images take more memory. Default 64. */
  batch?: number
  onProgress?(done: number, count: number): void
  /**
   * 'plain': the model sees each image once. 'flip': the model sees each image as it is and mirrored left to right, in
   * twice the time, and the two rows of probabilities are averaged; for models that were trained on mirrored images
   * too. Default 'plain'.
   */
  views?: 'plain' | 'flip'
}

/**
 * Probabilities for every image of a part, in the part's order.
 * @throws LabError 'bad-argument' for unknown views, where the data set has other classes or another fit than the
 *   model, or where the model's numbers are not finite; 'too-large' if a batch would need more memory than is free
 * @example const { probabilities } = await predict(network, parts.test)   // [count, classes], rows sum to 1
 */
export async function predict(model: Model, part: Part, options: PredictOptions = {}): Promise<Predictions> {
  requireKnownKeys('predict', options, { batch: true, onProgress: true, views: true })
  if (options.batch !== undefined) requireInRange('batch', options.batch, { low: 1, whole: true })
  checkLabels(model, part)
  checkFit(model, part)
  requireFiniteWeights(model)
  requirePredictionMemory(model, Math.min(options.batch ?? defaultBatch, part.indices.length))
  const views = viewsOf(await openBatches(part, model), model, options)
  const network = new Network(model, 'infer')
  try {
    const probabilities = new Float32Array(part.indices.length * model.labels.length)
    for (const [index, view] of views.entries()) {
      const onProgress = (done: number, count: number) =>
        options.onProgress?.(index * count + done, views.length * count)
      const scores = await scoresOf(network, model, view, { batch: options.batch, onProgress })
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
    default: throw oneOf('views', views, ['plain', 'flip'])
  }
}

/** @throws LabError 'bad-argument' where the part's images become squares in another way than those of the training */
export function checkFit({ fit }: Model, { dataset }: Part): void {
  const received = dataset.fit ?? 'squash'
  if (fit === undefined || fit === received) return
  throw new LabError('bad-argument', {
    expected: `a data set with the fit of the model's training, '${fit}'`, received: `'${received}'`,
    remedy: `Write withFit(dataset, '${fit}')`,
  })
}

/** @throws LabError 'bad-argument' where the data set has other classes than the model */
export function checkLabels(model: Model, part: Part): void {
  if (sameTexts(model.labels, part.dataset.labels)) return
  throw new LabError('bad-argument', {
    expected: `a data set with the model's classes ${model.labels.join(', ')}`,
    received: part.dataset.labels.join(', '),
    remedy: 'Make the model with `classes: dataset.labels`',
  })
}
