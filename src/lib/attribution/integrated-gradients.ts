/**
 * Integrated gradients (Sundararajan, Taly and Yan 2017): the gradient of the class's score with respect to each pixel,
 * averaged on the straight way from an even image to the image, times the pixel's difference between the two:
 *
 *     map(pixel) = Σ_channels (x − x₀) · ∫₀¹ ∂score / ∂x (x₀ + t (x − x₀)) dt
 *
 * The integral is a sum over the midpoints of equal steps. But for the error of that sum, the numbers of a map add up
 * to the score of the image minus that of the even image.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { donate, read, release, tensor, type Tensor } from '../engine/engine'
import { operations } from '../engine/operations-in-use'
import type { Part } from '../data/split/split'
import type { FeatureMap } from '../images/feature-map'
import type { Model } from '../model/model'
import { channelRules } from '../model/preprocessing'
import { Network } from '../network/network'
import { requireInRange } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import {
  explainOptionNames, explainPart, startAtClasses, type Explainer, type ExplainOptions, type HeatMaps,
} from './heat-maps'

/** Which class is explained, and from where. */
export interface IntegratedGradientsOptions extends ExplainOptions {
  /** Images in a batch: more images take more memory. Default 8. */
  batch?: number
  /** Midpoints on the way, whole, 1 or more: each takes one pass forward and one back. Default 32. */
  steps?: number
  /** Grey level of the even image, 0 to 255. Default 0, black: in CT and X-ray images that is air. */
  fill?: number
}

/**
 * How much each pixel adds to the class's score (before softmax), compared with an even image: above 0 where it speaks
 * for the class, below 0 where it speaks against the class. Pixels of the even image's grey level always get 0.
 * @returns one map an image, of the model's size; its three channels are added up
 * @throws LabError 'bad-argument' for steps or a fill outside its range, for a class that the model does not have, or
 *   where the data set has other classes or another fit than the model
 * @example const maps = await integratedGradients(network, few, { label: 'COVID', steps: 8 })
 */
export async function integratedGradients(
  model: Model, part: Part, options: IntegratedGradientsOptions = {},
): Promise<HeatMaps> {
  requireKnownKeys('integratedGradients', options, { ...explainOptionNames, steps: true, fill: true })
  const { steps = 32, fill = 0, batch = 8, signal } = options
  requireInRange('steps', steps, { low: 1, whole: true })
  requireInRange('fill', fill, { low: 0, high: 255 })
  return explainPart(model, part, { ...options, batch }, { method: 'integrated gradients' }, () =>
    openIntegration(model, steps, fill, signal))
}

function openIntegration(model: Model, steps: number, fill: number, signal?: AbortSignal): Explainer {
  const { size, labels, preprocessing } = model
  const network = new Network(model, 'explain')
  // Rounded as the images are, so that a pixel of this grey level differs by 0.
  const even = channelRules[preprocessing].map(({ scale, offset }) => Math.fround(fill * scale + offset))
  return {
    async explain({ input }, choose) {
      const output = network.infer(input)
      const scores = read(output), images = read(input)
      release(output)
      const explained = choose(scores)
      const start = startAtClasses(explained, labels.length)
      /** The images on their way from the even image. */
      const between = (share: number) => images.map((value, i) => even[i % 3] + share * (value - even[i % 3]))
      const points = Array.from({ length: steps }, (_, step) => () => between((step + 0.5) / steps))
      const gradients = await summedGradients(network, input.shape, start, points, signal)
      const area = size * size
      const maps = explained.map((_, i): FeatureMap => {
        const data = Float32Array.from({ length: area }, (_pixel, pixel) => {
          let total = 0
          for (let c = 0, at = 3 * (i * area + pixel); c < 3; c++, at++) total += (images[at] - even[c]) * gradients[at]
          return total / steps
        })
        return { width: size, height: size, data }
      })
      return { scores, explained, maps }
    },
    close: () => network.close(),
  }
}

/** The sum of the gradients at several points, each made when its turn comes. */
async function summedGradients(
  network: Network, shape: readonly number[], start: Float32Array, points: readonly (() => Float32Array)[],
  signal?: AbortSignal,
): Promise<Float32Array> {
  let sum: Tensor | null = null
  try {
    for (const make of points) {
      const point = tensor(make(), shape)
      const { gradient } = network.inputGradient(point, () => start)
      release(point)
      sum = sum ? operations().add(donate(sum), donate(gradient)) : gradient
      await nextTurn()
      signal?.throwIfAborted()
    }
    return read(sum!)
  } finally {
    if (sum) release(sum)
  }
}
