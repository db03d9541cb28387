/**
 * Test weights and images computed from one integer hash, bit for bit as hash.py computes them.
 * So no weights are committed: both languages know them, and only the outputs are stored.
 */
import { hashName, mix } from '../../src/lib/system/random'
import { sizeOf } from '../../src/lib/system/shape'

const goldenRatio = 0x9e3779b9

/** `count` numbers in [-1, 1), multiples of 2⁻²³: exact in float32. */
export function uniform(name: string, count: number): Float32Array {
  const start = hashName(name)
  const values = new Float32Array(count)
  // A loop takes a tenth of the time of Float32Array.from: the whole network has 23 million numbers.
  for (let i = 0; i < count; i++) values[i] = (bits(start, i) >>> 8) / 8388608 - 1
  return values
}

/** `count` positions in an array of `size`, at which values are compared. */
export function positions(name: string, size: number, count: number): number[] {
  const start = hashName(name + '@')
  return Array.from({ length: count }, (_, i) => bits(start, i) % size)
}

/** Sums of an array's values, each with a hashed sign, eight times: its shadow in eight directions. */
export function projections(name: string, values: Float32Array): number[] {
  const start = hashName(name + '±')
  const sums = new Array<number>(8).fill(0)
  for (let i = 0; i < values.length; i++) {
    const letter = bits(start, i) >>> 24
    for (let k = 0; k < 8; k++) sums[k] += letter >> k & 1 ? values[i] : -values[i]
  }
  return sums
}

/** The test value of a parameter, by the last word of its name. */
export function tensor(name: string, shape: readonly number[]): Float32Array {
  const values = uniform(name, sizeOf(shape))
  const { offset, scale } = range(name, shape)
  for (let i = 0; i < values.length; i++) values[i] = offset + scale * values[i]
  return values
}

/** Test images in [0, 1). */
export function images(name: string, shape: readonly number[]): Float32Array {
  return uniform(name, sizeOf(shape)).map(u => (u + 1) / 2)
}

function range(name: string, shape: readonly number[]): { offset: number; scale: number } {
  const word = name.slice(name.lastIndexOf('/') + 1)
  switch (word) {
    // Uniform in [-1, 1) has variance 1/3; .7 of He's scale keeps 16 residual blocks from growing.
    case 'kernel': return { offset: 0, scale: 0.7 * Math.sqrt(6 / sizeOf(shape.slice(0, -1))) }
    case 'gamma': return { offset: 1, scale: 0.2 }
    case 'moving_variance': return { offset: 1, scale: 0.3 }
    case 'bias': case 'beta': case 'moving_mean': return { offset: 0, scale: 0.1 }
    default: throw new Error(`no rule for ${name}`)
  }
}

function bits(start: number, index: number): number {
  return mix(start + Math.imul(index, goldenRatio))
}
