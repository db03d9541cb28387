/** Near-duplicates: images that are almost the same but for brightness and contrast. */
import { setImmediate as giveWay } from 'node:timers/promises'
import { dotProduct, writeUnitVector } from '../../images/correlation'

/** Square grey images of one size, one after another: [count, size, size]. */
export interface GreyImages {
  size: number
  count: number
  data: Uint8Array
}

/** One vector an image, of mean 0 and length 1, so that a dot product of two is a correlation: [count, length]. */
export interface UnitVectors {
  count: number
  length: number
  data: Float32Array
}

/** Subtracted from a threshold before bounds are compared with it, because float32 rounds. */
const roundingMargin = 1e-4

/** The images as unit vectors; an image of one grey level becomes all zeros and correlates with nothing. */
export function unitVectors({ size, count, data }: GreyImages): UnitVectors {
  const length = size * size
  const vectors = new Float32Array(count * length)
  for (let i = 0; i < count; i++) writeUnitVector(vectors, i * length, data.subarray(i * length, (i + 1) * length))
  return { count, length, data: vectors }
}

/** The normalized cross-correlation of the images with the indices `a` and `b`, −1 to 1. */
export function correlation({ length, data }: UnitVectors, a: number, b: number): number {
  return dotProduct(data, a * length, data, b * length, length)
}

/**
 * Finds all pairs [i, j], i < j, whose normalized cross-correlation is at least `threshold`, in order.
 *
 * The search is exact: it skips a pair only where the Cauchy–Schwarz inequality rules it out. Split each vector as
 * u = coarse + rest, coarse being the means of 4 × 4 squares. Then u·v ≤ coarse·coarse′ + |rest| |rest′|, and coarse
 * has a sixteenth of the numbers. After each image, the search gives way to other work of the thread.
 * @param images of a size that is a multiple of 4
 * @param onProgress called with the number of images that were compared to all later ones
 * @param confirm asked about each pair that is found, with its correlation; a pair that it denies is left out. Default:
 *   none is
 */
export async function nearDuplicates(
  images: GreyImages, threshold: number, onProgress?: (done: number, count: number) => void,
  confirm: (i: number, j: number, alike: number) => boolean = () => true,
): Promise<[number, number][]> {
  const full = unitVectors(images)
  const coarse = squareMeans(full, images.size)
  const { count } = full
  const rest = Float32Array.from({ length: count }, (_, i) => Math.sqrt(Math.max(0, 1 - correlation(coarse, i, i))))
  const bound = threshold - roundingMargin
  const pairs: [number, number][] = []
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      if (correlation(coarse, i, j) + rest[i] * rest[j] < bound) continue
      const alike = correlation(full, i, j)
      if (alike >= threshold && confirm(i, j, alike)) pairs.push([i, j])
    }
    onProgress?.(i + 1, count)
    await giveWay()
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
