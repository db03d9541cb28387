/**
 * Batch normalization's mean and variance measured again on given images. The measured values replace the moving
 * averages.
 *
 * Moving averages describe the training images, under weights that changed during training. They are wrong where a
 * network reads other images, or has weights that no training step produced.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { inOrder, openImageInputs, type Inputs } from '../batches/inputs'
import type { Part } from '../data/split/split'
import { release } from '../engine/engine'
import { requireFiniteWeights } from '../model/finite-weights'
import type { Model } from '../model/model'
import { summarizedModel } from '../model/model-summary'
import { Network } from '../network/network'
import type { LayerRange } from '../network/plan'
import { LabError, requireInRange } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { permutation, stream } from '../system/random'
import type { ComputeControl } from './outputs'

export interface StatisticsOptions extends ComputeControl {
  /** Images in a batch, 2 or more: each batch is normalized by its own statistics, as in training. Default 64. */
  batch?: number
  /** Decides the order in which images are dealt to batches. Default 0. */
  seed?: number
}

/**
 * A model like `model` whose batch normalizations hold the mean and variance of `part`'s images. No other number
 * changes, and no label is read. Frozen layers keep their statistics: re-estimate first, then freeze. Pass a training
 * part: a model that is re-estimated on validation or test images has seen them.
 *
 * Every image passes through the network once, each batch normalized by its own statistics, as in training; the means
 * and biased variances of the batches are then combined into those of all images (Wu and Johnson 2021, section 3,
 * 'precise' statistics).
 * @throws LabError 'bad-argument' for fewer than two images, where every batch normalization is frozen or one of the
 *   model's numbers is not finite; the signal's
 *   reason when the signal fires
 * @example freeze(await reestimateStatistics(network, parts.train), { through: 'conv4' })
 */
export async function reestimateStatistics(
  model: Model, part: Part, options: StatisticsOptions = {},
): Promise<Model> {
  requireKnownKeys('reestimateStatistics', options, { batch: true, seed: true, onProgress: true, signal: true })
  const { batch = 64 } = options
  requireInRange('batch', batch, { low: 2, whole: true }, 'Try 64')
  requireImagesAndLayers(model, part)
  requireFiniteWeights(model)
  return withStatistics(model, await openImageInputs(part, model), {}, options)
}

function requireImagesAndLayers({ architecture, frozen }: Model, { indices }: Part): void {
  if (indices.length < 2)
    throw new LabError('bad-argument', {
      expected: 'two images or more', received: String(indices.length), remedy: 'Take a larger part',
    })
  if (!architecture.layers.some(({ kind, name }) => kind === 'batch-normalization' && !frozen.has(name)))
    throw new LabError('bad-argument', {
      expected: 'a batch normalization that is not frozen', received: 'none', remedy: 'Re-estimate first, then freeze',
    })
}

/**
 * As {@link reestimateStatistics}, from inputs that are open already.
 * @param layerRange the layers that read the inputs; where the range starts after a layer, that layer's outputs are the
 *   inputs
 */
export async function withStatistics(
  model: Model, inputs: Inputs, layerRange: LayerRange,
  { batch = 64, seed = 0, signal, onProgress }: StatisticsOptions = {},
): Promise<Model> {
  // In a data set's order a batch would hold one class only.
  const order = permutation(inputs.count, stream('statistics', seed))
  const shuffled = inOrder(inputs.count, batch).map(indices => indices.map(index => order[index]))
  const network = new Network(model, 'train', layerRange)
  let total: BatchStatistics | null = null
  try {
    for await (const { input, count } of inputs.batches(shuffled)) {
      const values = network.batchStatistics(input)
      release(input)
      total = total ? combined(total, { values, count }) : { values, count }
      onProgress?.(total.count, inputs.count)
      await nextTurn()
      signal?.throwIfAborted()
    }
  } finally {
    network.close()
  }
  const measured = [...total!.values].map(([name, values]) => [name, Float32Array.from(values)] as const)
  return summarizedModel({ ...model, weights: new Map([...model.weights, ...measured]) })
}

/** Mean and variance of some images. */
interface BatchStatistics {
  /** By the names of the moving averages that they replace: '…/moving_mean' and '…/moving_variance'. */
  values: ReadonlyMap<string, Float32Array | Float64Array>
  /** How many images. */
  count: number
}

/** The statistics of the images of two batches together (Chan, Golub and LeVeque 1979), in float64. */
function combined(a: BatchStatistics, b: BatchStatistics): BatchStatistics {
  const count = a.count + b.count
  const share = b.count / count
  const values = new Map<string, Float64Array>()
  for (const [name, first] of a.values) {
    const second = b.values.get(name)!
    const mixed = Float64Array.from(first, (value, i) => (1 - share) * value + share * second[i])
    const meanName = name.replace(/moving_variance$/, 'moving_mean')
    if (meanName !== name) {
      const firstMean = a.values.get(meanName)!, secondMean = b.values.get(meanName)!
      mixed.forEach((value, i) => {
        mixed[i] = value + share * (1 - share) * (firstMean[i] - secondMean[i]) ** 2
      })
    }
    values.set(name, mixed)
  }
  return { values, count }
}
