/** Near-duplicates: images whose thumbnails are almost the same but for brightness and contrast. */
import { setImmediate as turn } from 'node:timers/promises'

/** Square grey images, one after another: [count, size, size]. */
export interface Thumbnails {
  size: number
  count: number
  data: Uint8Array
}

/** Each image's pixels as a vector of mean 0 and length 1, so that a dot product is a correlation. */
export interface UnitVectors {
  count: number
  length: number
  data: Float32Array
}

/** Bounds are compared with this much room, for rounding in float32. */
const room = 1e-4

/** Normalised vectors; a constant image becomes all zeros and correlates with nothing. */
export function unitVectors({ size, count, data }: Thumbnails): UnitVectors {
  const length = size * size
  const out = new Float32Array(count * length)
  for (let i = 0; i < count; i++) {
    const pixels = data.subarray(i * length, (i + 1) * length)
    const mean = pixels.reduce((sum, value) => sum + value, 0) / length
    const norm = Math.sqrt(pixels.reduce((sum, value) => sum + (value - mean) ** 2, 0))
    if (norm > 0) for (let k = 0; k < length; k++) out[i * length + k] = (pixels[k] - mean) / norm
  }
  return { count, length, data: out }
}

/** Normalised cross-correlation of two images, −1 to 1. */
export function correlation({ length, data }: UnitVectors, a: number, b: number): number {
  return dot(data, a * length, data, b * length, length)
}

/**
 * All pairs [i, j], i < j, with a normalised cross-correlation of at least `threshold`, in order.
 * Exact: a pair is skipped only where Cauchy–Schwarz rules it out. With u = low + rest, low being the
 * means of 4 × 4 squares, u·v ≤ low·low′ + |rest| |rest′|, and low has a sixteenth of the length.
 * Gives way to other work after each row of pairs.
 * @param size a multiple of 4
 * @param onProgress called with the number of images compared to all later ones
 */
export async function nearDuplicates(
  thumbnails: Thumbnails, threshold: number, onProgress?: (done: number, count: number) => void,
): Promise<[number, number][]> {
  const full = unitVectors(thumbnails)
  const low = squareMeans(full, thumbnails.size)
  const { count } = full
  const rest = Float32Array.from({ length: count }, (_, i) => Math.sqrt(Math.max(0, 1 - correlation(low, i, i))))
  const pairs: [number, number][] = []
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++)
      if (correlation(low, i, j) + rest[i] * rest[j] >= threshold - room && correlation(full, i, j) >= threshold)
        pairs.push([i, j])
    onProgress?.(i + 1, count)
    await turn()
  }
  return pairs
}

/** The part of each vector that is constant on 4 × 4 squares, in an orthonormal basis. */
function squareMeans({ count, data }: UnitVectors, size: number): UnitVectors {
  const side = size / 4
  const out = new Float32Array(count * side * side)
  for (let i = 0; i < count; i++)
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++)
        out[(i * side + (y >> 2)) * side + (x >> 2)] += data[(i * size + y) * size + x] / 4
  return { count, length: side * side, data: out }
}

function dot(a: Float32Array, atA: number, b: Float32Array, atB: number, length: number): number {
  // Four sums at once: each waits for its own last addition only.
  let s = 0, t = 0, u = 0, v = 0
  let k = 0
  for (; k + 3 < length; k += 4) {
    s += a[atA + k] * b[atB + k]
    t += a[atA + k + 1] * b[atB + k + 1]
    u += a[atA + k + 2] * b[atB + k + 2]
    v += a[atA + k + 3] * b[atB + k + 3]
  }
  for (; k < length; k++) s += a[atA + k] * b[atB + k]
  return s + t + u + v
}
