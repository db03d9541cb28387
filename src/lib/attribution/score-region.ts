/** How much of what heat maps show lies in one part of the frame, such as a corner where a mark stands. */
import { sum } from 'd3-array'
import { bootstrap, resamplingUnits, type Estimate } from '../evaluation/intervals'
import type { FeatureMap } from '../images/feature-map'
import { requireInRange } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import type { HeatMaps } from './heat-maps'
import type { LesionMask } from './lesions'
import { areaOf, energyInside, pointsAt } from './map-fit'

/** A rectangle of the frame, in shares of the image's width and height from the upper left corner, each 0 to 1. */
export interface Region { left: number; top: number; right: number; bottom: number }

/** How much of the maps lies in a region. 95 % intervals, by group where groups are known. */
export interface RegionScore {
  images: number
  /** Share of the images whose greatest number lies in the region, 0 to 1. */
  pointing: Estimate
  /** Share of the maps' sum in the region, divided by the region's share of the image: 1 for even maps. */
  energy: Estimate
}

/**
 * How much of heat maps lies in one region of the frame, the same for all images. Numbers below 0 do not count, and a
 * map without a number above 0 points nowhere. A pixel is inside where its center is.
 * @returns NaN in all figures of no images
 * @throws LabError 'bad-argument' for a region that is empty or outside the image
 * @example
 * const maps = await gradCam(network, parts.test)
 * scoreRegion(maps, { left: 0, top: 0, right: 0.25, bottom: 0.25 }).energy.value
 */
export function scoreRegion({ maps, part: { dataset, indices } }: HeatMaps, region: Region): RegionScore {
  const items = indices.map(index => dataset.items[index])
  requireRegion(region)
  const values = maps.map(map => {
    const inside = maskOf(region, map)
    return { pointing: pointsAt(map.data, inside), inside: energyInside(map.data, inside), area: areaOf(inside) }
  })
  const statistics = (weights: ArrayLike<number>) => {
    const total = (key: keyof (typeof values)[number]) => sum(values, (value, i) => weights[i] * value[key])
    return [total('pointing') / sum(values, (_, i) => weights[i]), total('inside') / total('area')]
  }
  const units = resamplingUnits(items.map(item => item.group), items.map(item => item.label))
  const intervals = values.length ? bootstrap(units, statistics) : []
  const [pointing, energy] = statistics(values.map(() => 1)).map((value, s): Estimate =>
    ({ value, ...(intervals[s] ?? { low: NaN, high: NaN }) }))
  return { images: maps.length, pointing, energy }
}

function requireRegion(region: Region): void {
  requireKnownKeys('a region', region ?? null, { left: true, top: true, right: true, bottom: true })
  for (const [first, second] of [['left', 'right'], ['top', 'bottom']] as const) {
    requireInRange(first, region[first], { low: 0, below: 1 })
    requireInRange(second, region[second], { above: region[first], high: 1 })
  }
}

function maskOf({ left, top, right, bottom }: Region, { width, height }: FeatureMap): LesionMask {
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const x = (i % width + 0.5) / width, y = (Math.floor(i / width) + 0.5) / height
    return Number(x >= left && x < right && y >= top && y < bottom)
  })
}
