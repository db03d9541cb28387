/**
 * Occlusion (Zeiler and Fergus 2014): a square moves over the image, and each place is worth what the class's score
 * loses where the square covers it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Part } from '../data/split/split'
import { read, release, tensor } from '../engine/engine'
import type { FeatureMap } from '../images/feature-map'
import type { Model } from '../model/model'
import { channelRules } from '../model/preprocessing'
import { Network } from '../network/network'
import { requireInRange } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { explainOptionNames, explainPart, type Explainer, type ExplainOptions, type HeatMaps } from './heat-maps'

/** Which class is explained, and how the square moves. */
export interface OcclusionOptions extends ExplainOptions {
  /** Copies of one image in a batch, each with a square: more take more memory. Default 32. */
  batch?: number
  /** Side of the square in pixels of the model's images, whole, 1 to the model's size. Default: an eighth of it. */
  window?: number
  /** Pixels that the square moves at a time, whole, 1 to `window`. Default half of `window`. */
  stride?: number
  /**
   * Grey level of the square, 0 to 255. Default 0, black: in CT and X-ray images that is air. A grey square in a lung
   * would look like a finding.
   */
  fill?: number
}

/**
 * How much the class's score (before softmax) falls where a square covers a place: above 0 where the place speaks for
 * the class, below 0 where it speaks against the class. The network runs once for each position of the square: 225
 * times for one image with the defaults.
 * @returns one map an image, of the model's size: each pixel the mean over the squares that cover it
 * @throws LabError 'bad-argument' for a window, stride or fill outside its range, for a class that the model does not
 *   have, or where the data set has other classes or another fit than the model
 * @example const maps = await occlusion(network, few, { label: 'COVID', window: 16, stride: 16 })
 */
export async function occlusion(model: Model, part: Part, options: OcclusionOptions = {}): Promise<HeatMaps> {
  requireKnownKeys('occlusion', options, { ...explainOptionNames, window: true, stride: true, fill: true })
  const { window = Math.max(1, Math.round(model.size / 8)), fill = 0, batch = 32, signal } = options
  requireInRange('batch', batch, { low: 1, whole: true })
  requireInRange('window', window, { low: 1, high: model.size, whole: true })
  const { stride = Math.max(1, Math.floor(window / 2)) } = options
  // Between squares that lie farther apart than their side, pixels would never be covered.
  requireInRange('stride', stride, { low: 1, high: window, whole: true })
  requireInRange('fill', fill, { low: 0, high: 255 })
  return explainPart(model, part, { ...options, batch: 1 }, { method: 'occlusion' }, () =>
    openOcclusion(model, squaresOver(model.size, window, stride), { fill, batch, signal }))
}

/** A square within an image: rows from `top`, columns from `left`, up to `bottom` and `right` exclusive. */
interface Square { top: number; left: number; bottom: number; right: number }

/** The positions of the square, row by row; the last ones are cut off at the image's border. */
function squaresOver(size: number, window: number, stride: number): Square[] {
  const starts = Array.from({ length: Math.ceil((size - window) / stride) + 1 }, (_, i) => i * stride)
  const end = (start: number) => Math.min(size, start + window)
  return starts.flatMap(top => starts.map(left => ({ top, left, bottom: end(top), right: end(left) })))
}

function openOcclusion(
  model: Model, squares: readonly Square[],
  { fill, batch, signal }: { fill: number; batch: number; signal?: AbortSignal },
): Explainer {
  const { size, labels, preprocessing } = model
  const network = new Network(model, 'infer')
  const pixel = channelRules[preprocessing].map(({ scale, offset }) => fill * scale + offset)
  const area = 3 * size * size

  /** The scores of one image under each square, [squares, classes]. */
  const scoresUnder = async (image: Float32Array): Promise<Float32Array> => {
    const scores = new Float32Array(squares.length * labels.length)
    for (let start = 0; start < squares.length; start += batch) {
      const some = squares.slice(start, start + batch)
      const copies = new Float32Array(some.length * area)
      some.forEach((square, i) => {
        const copy = copies.subarray(i * area, (i + 1) * area)
        copy.set(image)
        cover(copy, square, size, pixel)
      })
      scores.set(scoresOfImages(network, copies, size), start * labels.length)
      await nextTurn()
      signal?.throwIfAborted()
    }
    return scores
  }

  return {
    async explain({ input }, choose) {
      const images = read(input)
      const scores = scoresOfImages(network, images, size)
      const explained = choose(scores)
      const maps: FeatureMap[] = []
      for (const [i, k] of explained.entries()) {
        const covered = await scoresUnder(images.subarray(i * area, (i + 1) * area))
        const losses = squares.map((_, s) => scores[i * labels.length + k] - covered[s * labels.length + k])
        maps.push(meanLoss(losses, squares, size))
      }
      return { scores, explained, maps }
    },
    close: () => network.close(),
  }
}

function scoresOfImages(network: Network, images: Float32Array, size: number): Float32Array {
  const input = tensor(images, [images.length / (3 * size * size), size, size, 3])
  const output = network.infer(input)
  const scores = read(output)
  release(input, output)
  return scores
}

function cover(
  image: Float32Array, { top, left, bottom, right }: Square, size: number, pixel: readonly number[],
): void {
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) image.set(pixel, 3 * (y * size + x))
}

/** Each pixel's mean over the squares that cover it. */
function meanLoss(losses: readonly number[], squares: readonly Square[], size: number): FeatureMap {
  const sums = new Float64Array(size * size), counts = new Uint32Array(size * size)
  squares.forEach(({ top, left, bottom, right }, s) => {
    for (let y = top; y < bottom; y++)
      for (let i = y * size + left; i < y * size + right; i++) {
        sums[i] += losses[s]
        counts[i]++
      }
  })
  return { width: size, height: size, data: Float32Array.from(sums, (sum, i) => sum / counts[i]) }
}
