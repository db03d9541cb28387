/** Statistics of several images: mean and standard deviation of each pixel, and all grey levels. */
import type { Pixels } from '../resized-images'
import { LabError } from '../../system/errors'
import type { FeatureMap } from '../../images/feature-map'

/** The mean of several images at each pixel, in grey levels. @throws LabError 'bad-argument' for no images, or color */
export function meanMap(pixels: Pixels, indices: readonly number[]): FeatureMap {
  const { size, data } = checked(pixels, indices)
  const sums = new Float32Array(size * size)
  for (const index of indices)
    for (let i = 0; i < sums.length; i++) sums[i] += data[index * sums.length + i] / indices.length
  return { width: size, height: size, data: sums }
}

/** The standard deviation of several images at each pixel, in grey levels. @throws as {@link meanMap} */
export function spreadMap(pixels: Pixels, indices: readonly number[]): FeatureMap {
  const { size, data } = checked(pixels, indices)
  const mean = meanMap(pixels, indices).data
  const sums = new Float32Array(size * size)
  for (const index of indices)
    for (let i = 0; i < sums.length; i++) sums[i] += (data[index * sums.length + i] - mean[i]) ** 2 / indices.length
  return { width: size, height: size, data: sums.map(Math.sqrt) }
}

/** The grey levels of several images, one image after another. @throws as {@link meanMap} */
export function greyLevels(pixels: Pixels, indices: readonly number[]): Uint8Array {
  const { size, data } = checked(pixels, indices)
  const area = size * size
  const levels = new Uint8Array(indices.length * area)
  indices.forEach((index, i) => levels.set(data.subarray(index * area, (index + 1) * area), i * area))
  return levels
}

/** The share of grey levels in each of `bins` equal ranges from 0 to 255. */
export function greyHistogram(levels: Uint8Array, bins = 32): number[] {
  const counts = new Array<number>(bins).fill(0)
  for (const level of levels) counts[Math.floor(level * bins / 256)]++
  return counts.map(count => count / levels.length)
}

function checked(pixels: Pixels, indices: readonly number[]): Pixels {
  if (pixels.channels === 1 && indices.length > 0) return pixels
  throw new LabError('bad-argument', {
    expected: 'one or more grey images', received: `${indices.length} images with ${pixels.channels} channels`,
    remedy: 'Load pixels with channels: 1, and name at least one image',
  })
}
