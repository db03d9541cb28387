/**
 * The operations of a convolutional network on one map of plain numbers, to be tried by hand. They run on the same
 * kernels of the engine as the network does.
 */
import { release, read, tensor, type Tensor } from '../engine/engine'
import { LabError } from '../system/errors'
import type { FeatureMap } from '../images/feature-map'
import { operations, type Window } from '../engine/operations-in-use'

/** How a window slides. */
export interface SlideOptions {
  /** Pixels from one place to the next, whole, 1 or more. Default 1 (pooling: 2). */
  stride?: number
  /** Rings of zeros around the map (pooling: of nothing at all), whole, 0 or more. Default 0. */
  padding?: number
}

/** Operations with a name: nine numbers each, row by row. */
export const namedKernels = {
  'vertical edges': [-1, 0, 1, -2, 0, 2, -1, 0, 1],
  'horizontal edges': [-1, -2, -1, 0, 0, 0, 1, 2, 1],
  'all edges': [-1, -1, -1, -1, 8, -1, -1, -1, -1],
  'blur': [1, 1, 1, 1, 1, 1, 1, 1, 1].map(one => one / 9),
} as const

/**
 * Convolution as networks mean it (no flipping): at each place the kernel's numbers times the pixels beneath, summed.
 * The result has ⌊(side + 2 · padding − kernel) / stride⌋ + 1 pixels a side.
 * @param kernel the numbers of a square, row by row: 9 for 3 × 3, 25 for 5 × 5, …
 * @throws LabError 'bad-argument' for a kernel that is no square, or is larger than the padded map
 */
export function convolve(map: FeatureMap, kernel: readonly number[], options: SlideOptions = {}): FeatureMap {
  const side = Math.round(Math.sqrt(kernel.length))
  if (side * side !== kernel.length || side === 0)
    throw new LabError('bad-argument', {
      expected: 'a square of numbers, such as 9 or 25', received: `${kernel.length} numbers`,
      remedy: 'Write the kernel row by row',
    })
  const window = slide(map, side, { stride: 1, padding: 0, ...options })
  return onEngine(map, input => {
    const numbers = tensor(Float32Array.from(kernel), [side, side, 1, 1])
    const output = operations().convolve(input, numbers, window)
    release(numbers)
    return output
  })
}

/** Rectified linear unit: what is negative becomes zero. */
export function relu(map: FeatureMap): FeatureMap {
  return onEngine(map, input => operations().relu(input))
}

/**
 * The largest number in each square of `size` pixels.
 * @throws LabError 'bad-argument' for a size that is not whole, below 1 or larger than the padded map
 */
export function maxPool(map: FeatureMap, size = 2, options: SlideOptions = {}): FeatureMap {
  const window = slide(map, size, { stride: 2, padding: 0, ...options })
  return onEngine(map, input => {
    const { y, saved } = operations().maxPool(input, window)
    release(...saved)
    return y
  })
}

/**
 * What batch normalization does to one channel: subtract the mean, divide by the standard deviation, then give the
 * network its own scale and shift to choose: γ (x − mean) / √(variance + ε) + β, ε = 1.001e-5 as in ResNet50.
 */
export function normalize(
  map: FeatureMap, { gamma = 1, beta = 0 }: { gamma?: number; beta?: number } = {},
): FeatureMap {
  return onEngine(map, input => {
    const scale = tensor(Float32Array.of(gamma), [1]), shift = tensor(Float32Array.of(beta), [1])
    const { y, saved } = operations().normalizeBatch(input, scale, shift, { epsilon: 1.001e-5, relu: false })
    release(scale, shift, ...saved)
    return y
  })
}

/** Pixel by pixel sum of two maps: where a skip connection ends. @throws LabError 'shape-mismatch' */
export function addMaps(a: FeatureMap, b: FeatureMap): FeatureMap {
  if (a.width !== b.width || a.height !== b.height)
    throw new LabError('shape-mismatch', {
      expected: `a map of ${a.width} × ${a.height}`, received: `${b.width} × ${b.height}`,
      remedy: 'Add maps of the same size',
    })
  return { ...a, data: a.data.map((value, i) => value + b.data[i]) }
}

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

function slide(
  { width, height }: FeatureMap, kernel: number, { stride, padding }: Required<SlideOptions>,
): Window {
  const whole = (value: number, least: number) => Number.isInteger(value) && value >= least
  if (!whole(kernel, 1) || !whole(stride, 1) || !whole(padding, 0) || Math.min(width, height) + 2 * padding < kernel)
    throw new LabError('bad-argument', {
      expected: `a window that fits into ${width} × ${height}, stride from 1, padding from 0, all whole`,
      received: `window ${kernel}, stride ${stride}, padding ${padding}`, remedy: 'Change the one that does not fit',
    })
  return { kernel, stride, padding }
}
