/**
 * What depth does to a network before it has learnt anything: how strong the signal is going forward and the gradient
 * coming back, layer by layer, with and without batch normalization and skip connections.
 *
 * He et al. (2015) derived start weights that keep a plain ReLU network's signal; Yang et al., "A mean field theory of
 * batch normalization" (2019), that gradients of plain networks with batch normalization grow exponentially with depth.
 */
import type { Pixels } from '../data/resized-images'
import { donate, read, release, tensor, type Tensor } from '../engine/engine'
import { operations, type NormalizedBatch } from '../engine/operations-in-use'
import { stream } from '../system/random'

/** A stack of equal layers: 3×3 convolution, batch normalization if wanted, ReLU, skip connection if wanted. */
export interface ProbeNetwork {
  /** Layers, 1 or more. */
  depth: number
  /** Adds each layer's input to its output. Default false. */
  skip?: boolean
  /** Default false. */
  normalize?: boolean
  /** Standard deviation of start weights times √(inputs a number). He's √2 (default) keeps a plain network's signal. */
  gain?: number
  /** Names the start weights. Default 0. */
  seed?: number
}

/** What was measured at one layer. */
export interface ProbeRow {
  /** 1 for the layer that reads the images. */
  layer: number
  /** Root mean square of the layer's outputs. */
  signal: number
  /** Root mean square of the gradient with respect to the layer's outputs, where the last layer's is 1. */
  gradient: number
}

/** One layer's tensors, kept for the way back. */
interface Step {
  x: Tensor
  kernel: Tensor
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
 * Sends images through an untrained network of 16 channels and a random gradient back.
 * @param images a few small grey ones
 * @throws LabError 'engine-missing'
 */
export function probeDepth(images: Pixels, network: ProbeNetwork): ProbeRow[] {
  const { depth, skip = false, seed = 0 } = network
  const steps: Step[] = []
  const input = spreadOver(images)
  for (let layer = 0; layer < depth; layer++) steps.push(forward(steps.at(-1)?.y ?? input, layer, network))
  const last = read(steps[depth - 1].y).length
  const numbers = stream('depth probe gradient', seed)
  let dy = tensor(Float32Array.from({ length: last }, () => numbers.normal()), input.shape)
  const rows = steps.map((step, layer) => ({ layer: layer + 1, signal: rootMeanSquare(step.y), gradient: 0 }))
  for (let layer = depth - 1; layer >= 0; layer--) {
    rows[layer].gradient = rootMeanSquare(dy)
    const dx = backward(dy, steps[layer], skip)
    release(dy)
    dy = dx
  }
  release(dy, input)
  for (const { kernel, z, normalized, active, y } of steps) {
    release(kernel, z, active, ...(skip ? [y] : []))
    if (normalized) release(normalized.gamma, ...normalized.saved)
  }
  return rows.map(row => ({ ...row, gradient: row.gradient / rows[depth - 1].gradient }))
}

function forward(x: Tensor, layer: number, { skip, normalize, gain = Math.SQRT2, seed = 0 }: ProbeNetwork): Step {
  const numbers = stream('depth probe weights', seed, layer)
  const deviation = gain / Math.sqrt(9 * channels)
  const start = Float32Array.from({ length: 9 * channels ** 2 }, () => deviation * numbers.normal())
  const kernel = tensor(start, [3, 3, channels, channels])
  const z = operations().convolve(x, kernel, window)
  const { normalized, value } = normalize ? normalizedBatch(z) : { normalized: null, value: z }
  const active = operations().relu(normalize ? donate(value) : value)
  return { x, kernel, z, normalized, active, y: skip ? operations().add(x, active) : active }
}

function normalizedBatch(z: Tensor): { normalized: NonNullable<Step['normalized']>; value: Tensor } {
  const gamma = tensor(new Float32Array(channels).fill(1), [channels])
  const beta = tensor(new Float32Array(channels), [channels])
  const { y, saved } = operations().normalizeBatch(z, gamma, beta, normalization)
  release(beta)
  return { normalized: { gamma, saved }, value: y }
}

function backward(dy: Tensor, { x, kernel, z, normalized, active }: Step, skip: boolean): Tensor {
  let dz = operations().reluGradient(dy, active)
  if (normalized) {
    const { gamma, saved } = normalized
    const { dx, dGamma, dBeta } = operations().normalizeBatchGradient(
      donate(dz), z, active, gamma, saved, { ...normalization, shortcut: false })
    release(dGamma, dBeta)
    dz = dx
  }
  const through = operations().convolveInputGradient(x.shape, kernel, dz, window)
  release(dz)
  if (!skip) return through
  return operations().add(dy, donate(through))
}

/** Grey images as 16 channels, each the image times a number of its own, so that the first layer is like the others. */
function spreadOver({ data, count, size }: Pixels): Tensor {
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
