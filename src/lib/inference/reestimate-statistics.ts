/**
 * Batch normalization's mean and variance measured afresh on given images, in place of what moving averages hold.
 *
 * Moving averages tell of the images that they were gathered on, by the weights of that time. Where a network meets
 * other images than it was trained on, or holds weights that no step of training has seen, they are wrong.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openBatches } from '../batches/batches'
import { release } from '../engine/engine'
import { LabError } from '../system/errors'
import { imageInputs, inOrder, type Inputs } from '../batches/inputs'
import type { Model } from '../model/model'
import { Network } from '../network/network'
import type { LayerRange } from '../network/plan'
import { permutation, stream } from '../system/random'
import type { Part } from '../data/split/split'

export interface StatisticsOptions {
  /** Images at a time, 2 or more: each batch is normalized by itself, as in training. Default 64. */
  batch?: number
  /** Names the order in which images are shared out to batches. Default 0. */
  seed?: number
  /** Ends the work after the batch under way. */
  signal?: AbortSignal
  onProgress?(done: number, count: number): void
}

/**
 * A model like `model` whose batch normalizations hold the mean and variance of `part`'s images; no other number
 * changes, and no label is read. Frozen layers keep what they hold: re-estimate first, then freeze. Give it a training
 * part: what is measured on validation or test images has seen them.
 *
 * The images go through once, each batch normalized by its own statistics, as in training; the batches' means and
 * biased variances are then put together to those of all images (Wu and Johnson 2021, section 3, 'precise' statistics).
 * @example freeze(await reestimateStatistics(start, split.train), { through: 'conv4' })
 * @throws LabError 'bad-argument' for fewer than two images, or where all batch normalizations are frozen; the signal's
 *   reason when it fires
 */
export async function reestimateStatistics(
  model: Model, part: Part, options: StatisticsOptions = {},
): Promise<Model> {
  const { batch = 64 } = options
  const need = (held: boolean, expected: string, received: string, remedy: string) => {
    if (!held) throw new LabError('bad-argument', { expected, received, remedy })
  }
  need(Number.isInteger(batch) && batch >= 2, 'batch to be a whole number from 2', String(batch), 'Try 64')
  need(part.indices.length >= 2, 'two images or more', String(part.indices.length), 'Take a larger part')
  const free = model.architecture.layers.some(({ kind, name }) =>
    kind === 'batch-normalization' && !model.frozen.has(name))
  need(free, 'a batch normalization that is not frozen', 'none', 'Re-estimate first, then freeze')
  const inputs = imageInputs(await openBatches(part, model), model.size)
  return withStatistics(model, inputs, {}, options)
}

/**
 * As {@link reestimateStatistics}, from inputs that are open already.
 * @param layerRange the layers that read them; where it begins after one, that layer's outputs are the inputs
 */
export async function withStatistics(
  model: Model, inputs: Inputs, layerRange: LayerRange,
  { batch = 64, seed = 0, signal, onProgress }: StatisticsOptions = {},
): Promise<Model> {
  // In a data set's order a batch would hold one class.
  const order = permutation(inputs.count, stream('statistics', seed))
  const places = inOrder(inputs.count, batch).map(some => some.map(place => order[place]))
  const network = new Network(model, 'train', layerRange)
  let all: Batch | null = null
  try {
    for await (const { input, count } of inputs.batches(places)) {
      const found = network.batchStatistics(input)
      release(input)
      all = all ? joined(all, { found, count }) : { found, count }
      onProgress?.(all.count, inputs.count)
      await nextTurn()
      signal?.throwIfAborted()
    }
  } finally {
    network.close()
  }
  const measured = [...all!.found].map(([name, values]) => [name, Float32Array.from(values)] as const)
  return { ...model, weights: new Map([...model.weights, ...measured]) }
}

/** Statistics over some images, by the names of moving averages: '…/moving_mean' and '…/moving_variance'. */
interface Batch {
  found: ReadonlyMap<string, Float32Array | Float64Array>
  /** How many images. */
  count: number
}

/** The statistics of two batches' images together (Chan, Golub and LeVeque 1979), in float64. */
function joined(a: Batch, b: Batch): Batch {
  const count = a.count + b.count
  const share = b.count / count
  const found = new Map<string, Float64Array>()
  for (const [name, values] of a.found) {
    const others = b.found.get(name)!
    const mixed = Float64Array.from(values, (value, i) => (1 - share) * value + share * others[i])
    const meanName = name.replace(/moving_variance$/, 'moving_mean')
    if (meanName !== name) {
      const mean = a.found.get(meanName)!, otherMean = b.found.get(meanName)!
      mixed.forEach((value, i) => { mixed[i] = value + share * (1 - share) * (mean[i] - otherMean[i]) ** 2 })
    }
    found.set(name, mixed)
  }
  return { found, count }
}
