/**
 * Convolution, ReLU, max pooling, normalization and addition on one feature map of plain numbers, to try by hand. They
 * call the same operations of the engine as the layers of a network.
 */
import { read, release, tensor, type Tensor } from '../engine/engine'
import { operations, type Window } from '../engine/operations-in-use'
import type { FeatureMap } from '../images/feature-map'
import { LabError, requireInRange, wrongShape } from '../system/errors'
import { requireKnownKeys } from '../system/options'

/** How a window slides over a feature map. */
export interface SlideOptions {
  /** Pixels from one position of the window to the next, whole, 1 or more. Default 1, for pooling 2. */
  stride?: number
  /** Rings of pixels around the map, whole, 0 or more: zeros for convolution, ignored by pooling. Default 0. */
  padding?: number
}

/** Well-known 3 × 3 kernels: nine numbers each, row by row. */
export const namedKernels = {
  'vertical edges': [-1, 0, 1, -2, 0, 2, -1, 0, 1],
  'horizontal edges': [-1, -2, -1, 0, 0, 0, 1, 2, 1],
  'all edges': [-1, -1, -1, -1, 8, -1, -1, -1, -1],
  'blur': [1, 1, 1, 1, 1, 1, 1, 1, 1].map(weight => weight / 9),
} as const

/**
 * Convolution as networks compute it, without turning the kernel: at each position, the sum of the kernel's numbers
 * times the pixels beneath them.
 * @param kernel the numbers of a square, row by row: 9 for 3 × 3, 25 for 5 × 5, …
 * @returns a map with ⌊(side + 2 · padding − kernel side) / stride⌋ + 1 pixels a side
 * @throws LabError 'bad-argument' for a kernel that is no square or is larger than the padded map
 * @example byHand.convolve(slice, byHand.namedKernels['vertical edges'], { padding: 1 })
 */
export function convolve(map: FeatureMap, kernel: readonly number[], options: SlideOptions = {}): FeatureMap {
  requireKnownKeys('convolve', options, { stride: true, padding: true })
  const side = Math.round(Math.sqrt(kernel.length))
  if (side * side !== kernel.length || side === 0)
    throw new LabError('bad-argument', {
      expected: 'the numbers of a square kernel, such as 9 or 25', received: `${kernel.length} numbers`,
      remedy: 'Write the kernel row by row',
    })
  const window = windowOn(map, side, { stride: 1, padding: 0, ...options })
  return onEngine(map, input => {
    const kernelTensor = tensor(Float32Array.from(kernel), [side, side, 1, 1])
    const output = operations().convolve(input, kernelTensor, window)
    release(kernelTensor)
    return output
  })
}

/**
 * ReLU, the rectified linear unit: max(x, 0), pixel by pixel.
 * @example byHand.relu(byHand.convolve(slice, byHand.namedKernels['vertical edges']))
 */
export function relu(map: FeatureMap): FeatureMap {
  return onEngine(map, input => operations().relu(input))
}

/**
 * Max pooling: the largest number of each square of `size` × `size` pixels.
 * @param size whole, 1 or more; default 2
 * @throws LabError 'bad-argument' for a size that is not whole, below 1 or larger than the padded map
 * @example byHand.maxPool(slice, 3, { stride: 2, padding: 1 })   // as ResNet50's stem does
 */
export function maxPool(map: FeatureMap, size = 2, options: SlideOptions = {}): FeatureMap {
  requireKnownKeys('maxPool', options, { stride: true, padding: true })
  const window = windowOn(map, size, { stride: 2, padding: 0, ...options })
  return onEngine(map, input => {
    const { y, saved } = operations().maxPool(input, window)
    release(...saved)
    return y
  })
}

/**
 * Batch normalization of a single channel: γ (x − mean) / √(variance + ε) + β, with the map's own mean and variance and
 * with ε = 1.001e-5 as in ResNet50. A network learns γ and β.
 * @param options `gamma`: γ, the new standard deviation, default 1; `beta`: β, the new mean, default 0
 * @example byHand.normalize(slice, { gamma: 2, beta: 5 })
 */
export function normalize(
  map: FeatureMap, options: { gamma?: number; beta?: number } = {},
): FeatureMap {
  requireKnownKeys('normalize', options, { gamma: true, beta: true })
  return onEngine(map, input => {
    const gamma = tensor(Float32Array.of(options.gamma ?? 1), [1])
    const beta = tensor(Float32Array.of(options.beta ?? 0), [1])
    const { y, saved } = operations().normalizeBatch(input, gamma, beta, { epsilon: 1.001e-5, relu: false })
    release(gamma, beta, ...saved)
    return y
  })
}

/**
 * The sum of two maps, pixel by pixel: the end of a skip connection.
 * @throws LabError 'shape-mismatch' for maps of different sizes
 * @example byHand.addMaps(slice, byHand.convolve(slice, byHand.namedKernels.blur, { padding: 1 }))
 */
export function addMaps(a: FeatureMap, b: FeatureMap): FeatureMap {
  if (a.width !== b.width || a.height !== b.height)
    throw wrongShape('the second map', [b.height, b.width], [a.height, a.width], 'Add maps of the same size')
  return { ...a, data: a.data.map((value, i) => value + b.data[i]) }
}

/** Sends a map to the engine, runs an operation on it and reads the result. */
function onEngine({ width, height, data }: FeatureMap, operation: (input: Tensor) => Tensor): FeatureMap {
  const input = tensor(data.slice(), [1, height, width, 1])
  try {
    const output = operation(input)
    const result = { height: output.shape[1], width: output.shape[2], data: read(output) }
    release(output)
    return result
  } finally {
    release(input)
  }
}

/** @throws LabError 'bad-argument' for a window that does not fit into the padded map */
function windowOn(
  { width, height }: FeatureMap, kernel: number, { stride, padding }: Required<SlideOptions>,
): Window {
  requireInRange('stride', stride, { low: 1, whole: true })
  requireInRange('padding', padding, { low: 0, whole: true })
  const largest = Math.min(width, height) + 2 * padding
  requireInRange('the side of the window', kernel, { low: 1, high: largest, whole: true },
    `Choose a window that fits into a map of ${width} × ${height} pixels, or more padding`)
  return { kernel, stride, padding }
}
