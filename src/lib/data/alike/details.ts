/** The details of images: what is left when their smooth parts are taken away. */
import { writeUnitVector } from '../../images/correlation'
import type { GreyImages, UnitVectors } from './near-duplicates'

/** How many pixels the mean around a pixel reaches to each side. */
const reach = 2

/**
 * The details of each image as a vector of mean 0 and length 1: every pixel less the mean of the 5 × 5 pixels around it
 * (fewer at the edges).
 */
export function detailVectors({ size, count, data }: GreyImages): UnitVectors {
  const length = size * size
  const vectors = new Float32Array(count * length)
  const detail = new Float32Array(length)
  for (let i = 0; i < count; i++) {
    const image = data.subarray(i * length, (i + 1) * length)
    const sums = integral(image, size)
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++) {
        const top = Math.max(0, y - reach), bottom = Math.min(size, y + reach + 1)
        const left = Math.max(0, x - reach), right = Math.min(size, x + reach + 1)
        const at = (row: number, column: number) => sums[row * (size + 1) + column]
        const sum = at(bottom, right) - at(top, right) - at(bottom, left) + at(top, left)
        detail[y * size + x] = image[y * size + x] - sum / ((bottom - top) * (right - left))
      }
    writeUnitVector(vectors, i * length, detail)
  }
  return { count, length, data: vectors }
}

/** Sums of all pixels above and left of each corner: [size + 1, size + 1]. */
function integral(image: Uint8Array, size: number): Float64Array {
  const width = size + 1
  const sums = new Float64Array(width * width)
  for (let y = 0; y < size; y++)
    for (let x = 0, row = 0; x < size; x++) {
      row += image[y * size + x]
      sums[(y + 1) * width + x + 1] = sums[y * width + x + 1] + row
    }
  return sums
}
