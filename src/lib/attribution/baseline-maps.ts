/** Heat maps that know nothing of the image: what a method has to beat. */
import { enlargeMap } from '../images/enlarge'
import type { FeatureMap } from '../images/feature-map'
import { stream } from '../system/random'

/** A bell around the image's center, whose standard deviation is a quarter of the image's side. */
export function centerMap(size: number): FeatureMap {
  const bell = Float64Array.from({ length: size }, (_, i) => Math.exp(-8 * ((i + 0.5) / size - 0.5) ** 2))
  return { width: size, height: size, data: Float32Array.from({ length: size * size }, (_, i) =>
    bell[Math.floor(i / size)] * bell[i % size]) }
}

/** Random numbers from 0 to 1 at 8 × 8 places, enlarged: as coarse as Grad-CAM's maps are. */
export function randomMap(size: number, seed: number, index: number): FeatureMap {
  const numbers = stream('random heat map', seed, index)
  const data = Float32Array.from({ length: 64 }, () => numbers.uniform())
  return enlargeMap({ width: 8, height: 8, data }, size, size)
}
