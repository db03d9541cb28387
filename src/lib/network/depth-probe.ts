/**
 * How depth affects an untrained network: the strength of the signal on its way forward and of the gradient on its way
 * back, layer by layer, with and without batch normalization and skip connections.
 *
 * He et al. (2015) derived start weights that preserve the signal of a plain ReLU network. Yang et al., "A mean field
 * theory of batch normalization" (2019), showed that gradients of plain networks with batch normalization grow
 * exponentially with depth.
 */
import type { Pixels } from '../data/resized-images'
import { donate, read, release, tensor, type Tensor } from '../engine/engine'
import { operations, type NormalizedBatch } from '../engine/operations-in-use'
import { requireInRange } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { stream } from '../system/random'

/** A stack of equal layers: 3×3 convolution, optional batch normalization, ReLU, optional skip connection. */
export interface ProbeNetwork {
  /** Number of layers, whole, 1 or more. */
  depth: number
  /** Whether each layer's input is added to its output. Default false. */
  skip?: boolean
  /** Whether batch normalization follows each convolution. Default false. */
  normalize?: boolean
  /**
   * The start weights' standard deviation times √(number of inputs). Default √2, as He et al. choose it: it preserves
   * the signal of a plain network.
   */
  gain?: number
  /** Seed of the start weights and of the last layer's gradient. Default 0. */
  seed?: number
}

/** What one layer shows. */
export interface ProbeRow {
  /** 1 for the layer that reads the images. */
  layer: number
  /** Root mean square of the layer's outputs. */
  signal: number
  /** Root mean square of the gradient with respect to the layer's outputs, divided by that of the last layer. */
  gradient: number
}

/** One layer's tensors, saved for the backward pass. */
interface LayerTensors {
  x: Tensor
  kernel: Tensor
  /** The convolution's output. */
  z: Tensor
  normalized: { gamma: Tensor; saved: NormalizedBatch['saved'] } | null
  /** After ReLU, before the skip connection. */
  active: Tensor
  y: Tensor
}

const channels = 16
const normalization = { epsilon: 1.001e-5, relu: false }
const window = { kernel: 3, stride: 1, padding: 1 }

/**
 * Sends images forward through an untrained network of 16 channels, and a random gradient backward.
 * @param images a few small grey images
 * @returns one row a layer
 * @throws LabError 'bad-argument' for a depth below 1; 'engine-missing'
 * @example anatomy.probeDepth(pixelsOfFew, { depth: 8, skip: true, normalize: true })
 */
export function probeDepth(images: Pixels, network: ProbeNetwork): ProbeRow[] {
  requireKnownKeys('probeDepth', network ?? null, { depth: true, skip: true, normalize: true, gain: true, seed: true })
  const { depth, skip = false, seed = 0 } = network
  requireInRange('depth', depth, { low: 1, whole: true })
  const layers: LayerTensors[] = []
  const input = spreadOverChannels(images)
  for (let layer = 0; layer < depth; layer++) layers.push(forward(layers.at(-1)?.y ?? input, layer, network))
  const size = read(layers[depth - 1].y).length
  const numbers = stream('depth probe gradient', seed)
  let dy = tensor(Float32Array.from({ length: size }, () => numbers.normal()), input.shape)
  const rows = layers.map(({ y }, layer) => ({ layer: layer + 1, signal: rootMeanSquare(y), gradient: 0 }))
  for (let layer = depth - 1; layer >= 0; layer--) {
    rows[layer].gradient = rootMeanSquare(dy)
    const dx = backward(dy, layers[layer], skip)
    release(dy)
    dy = dx
  }
  release(dy, input)
  for (const { kernel, z, normalized, active, y } of layers) {
    release(kernel, z, active, ...(skip ? [y] : []))
    if (normalized) release(normalized.gamma, ...normalized.saved)
  }
  return rows.map(row => ({ ...row, gradient: row.gradient / rows[depth - 1].gradient }))
}

function forward(
  x: Tensor, layer: number, { skip, normalize, gain = Math.SQRT2, seed = 0 }: ProbeNetwork,
): LayerTensors {
  const numbers = stream('depth probe weights', seed, layer)
  const deviation = gain / Math.sqrt(9 * channels)
  const start = Float32Array.from({ length: 9 * channels ** 2 }, () => deviation * numbers.normal())
  const kernel = tensor(start, [3, 3, channels, channels])
  const z = operations().convolve(x, kernel, window)
  const { normalized, value } = normalize ? normalizedBatch(z) : { normalized: null, value: z }
  const active = operations().relu(normalize ? donate(value) : value)
  return { x, kernel, z, normalized, active, y: skip ? operations().add(x, active) : active }
}

function normalizedBatch(z: Tensor): { normalized: NonNullable<LayerTensors['normalized']>; value: Tensor } {
  const gamma = tensor(new Float32Array(channels).fill(1), [channels])
  const beta = tensor(new Float32Array(channels), [channels])
  const { y, saved } = operations().normalizeBatch(z, gamma, beta, normalization)
  release(beta)
  return { normalized: { gamma, saved }, value: y }
}

/** The gradient of the layer's input. A skip connection adds the gradient of the output to it, unchanged. */
function backward(dy: Tensor, { x, kernel, z, normalized, active }: LayerTensors, skip: boolean): Tensor {
  let dz = operations().reluGradient(dy, active)
  if (normalized) {
    const { gamma, saved } = normalized
    const { dx, dGamma, dBeta } = operations().normalizeBatchGradient(
      donate(dz), z, active, gamma, saved, { ...normalization, shortcut: false })
    release(dGamma, dBeta)
    dz = dx
  }
  const dx = operations().convolveInputGradient(x.shape, kernel, dz, window)
  release(dz)
  return skip ? operations().add(dy, donate(dx)) : dx
}

/**
 * Grey images as 16 channels, each channel the image times a random number, so that the first layer has as many inputs
 * as the other layers.
 */
function spreadOverChannels({ data, count, size }: Pixels): Tensor {
  const numbers = stream('depth probe input')
  const factors = Array.from({ length: channels }, () => numbers.normal())
  const values = Float32Array.from({ length: count * size * size * channels }, (_, i) =>
    (data[Math.floor(i / channels)] / 127.5 - 1) * factors[i % channels])
  return tensor(values, [count, size, size, channels])
}

function rootMeanSquare(of: Tensor): number {
  const values = read(of)
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length)
}
