/** How well one heat map fits the lesions of its image. Only numbers above 0 count: what speaks for the class. */
import type { LesionMask } from './lesions'

/** The numbers of a map. */
type Values = ArrayLike<number>

/**
 * Pointing game (Zhang et al. 2016, without their tolerance of 15 pixels): 1 where the greatest number lies in a
 * lesion, else 0. Where several pixels share the greatest number, the share of them that lies in a lesion. 0 where no
 * number is above 0.
 */
export function pointsAt(map: Values, lesion: LesionMask): number {
  const greatest = greatestOf(map)
  if (greatest <= 0) return 0
  let inside = 0, all = 0
  for (let i = 0; i < map.length; i++)
    if (map[i] === greatest) {
      all++
      inside += lesion[i]
    }
  return inside / all
}

/** The share of the map's sum that lies in lesions (Wang et al. 2020), 0 to 1; 0 where no number is above 0. */
export function energyInside(map: Values, lesion: LesionMask): number {
  let inside = 0, all = 0
  for (let i = 0; i < map.length; i++) {
    const value = Math.max(0, map[i])
    all += value
    inside += value * lesion[i]
  }
  return all > 0 ? inside / all : 0
}

/** The share of the image that lesions cover, 0 to 1. */
export function areaOf(lesion: LesionMask): number {
  let inside = 0
  for (const value of lesion) inside += value
  return inside / lesion.length
}

/** Thresholds that are tried, as shares of a map's greatest number: .05 to .95. */
export const thresholds: readonly number[] = Array.from({ length: 19 }, (_, i) => (i + 1) / 20)

/**
 * Intersection over union: of the pixels that are marked or in a lesion, the share that is both, 0 to 1. A pixel is
 * marked where its number is above 0 and at least `threshold` of the map's greatest.
 * @param threshold above 0, up to 1
 */
export function overlapAt(map: Values, lesion: LesionMask, threshold: number): number {
  const least = threshold * greatestOf(map)
  let both = 0, either = 0
  for (let i = 0; i < map.length; i++) {
    const marked = map[i] > 0 && map[i] >= least
    if (marked && lesion[i]) both++
    if (marked || lesion[i]) either++
  }
  return both / either
}

function greatestOf(map: Values): number {
  let greatest = -Infinity
  for (let i = 0; i < map.length; i++) greatest = Math.max(greatest, map[i])
  return greatest
}
