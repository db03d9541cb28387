/** A heat map in color over a grey image. Browser-safe. */
import { wrongShape } from '../system/errors'
import type { FeatureMap } from './feature-map'
import type { Image } from './image'

type Color = readonly [number, number, number]

/** From weak to strong. Orange to yellow and blue to sky blue differ for every kind of color vision, and in grey. */
const ramps: Record<'above' | 'below', readonly [Color, Color]> = {
  above: [[213, 94, 0], [240, 228, 66]],
  below: [[0, 114, 178], [86, 180, 233]],
}

/** How much of the strongest color covers the image. */
const cover = 0.85
/** How bright the image is beneath the colors: on white, yellow would not be seen. */
const dimmed = 0.65
/** The share of pixels whose numbers do not reach the strongest color: a few extreme ones would hide all others. */
const unclipped = 0.99

/**
 * Lays a heat map over a darkened image: numbers above 0 from orange to yellow, numbers below 0 in blue, stronger and
 * less transparent the farther from 0. The hundredth of the numbers farthest from 0 has the strongest color, 0 none.
 * @param image grey or in color
 * @param map of the image's size, whose numbers are finite
 * @throws LabError 'shape-mismatch' where the sizes differ
 */
export function withHeat({ width, height, channels, data }: Image, map: FeatureMap): Image {
  if (map.width !== width || map.height !== height)
    throw wrongShape('the heat map', [map.height, map.width], [height, width], 'Enlarge the map to the size of the image')
  const strongest = strongestOf(map)
  const drawn = new Uint8Array(width * height * 3)
  for (let i = 0; i < width * height; i++) {
    const strength = strongest > 0 ? Math.min(1, Math.abs(map.data[i]) / strongest) : 0
    const [weak, strong] = ramps[map.data[i] < 0 ? 'below' : 'above']
    for (let c = 0; c < 3; c++) {
      const grey = dimmed * data[i * channels + (channels === 3 ? c : 0)]
      const color = weak[c] + strength * (strong[c] - weak[c])
      drawn[i * 3 + c] = Math.round(grey + cover * strength * (color - grey))
    }
  }
  return { width, height, channels: 3, data: drawn }
}

/** How far from 0 a number has the strongest color; the greatest distance where nearly all numbers are 0. */
function strongestOf({ data }: FeatureMap): number {
  const sorted = data.map(Math.abs).sort()
  return sorted[Math.floor(unclipped * (sorted.length - 1))] || sorted[sorted.length - 1]
}
