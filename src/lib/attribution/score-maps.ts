/** Scoring heat maps on a phantom, whose lesions are known. */
import { mean, sum } from 'd3-array'
import type { Item } from '../data/dataset'
import type { Part } from '../data/split/split'
import { bootstrap, resamplingUnits, type Estimate } from '../evaluation/intervals'
import type { FeatureMap } from '../images/feature-map'
import { LabError, requireInRange } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { centerMap, randomMap } from './baseline-maps'
import type { HeatMaps } from './heat-maps'
import { lesionMask, type LesionMask } from './lesions'
import { areaOf, energyInside, overlapAt, pointsAt, thresholds } from './map-fit'

/** How well maps fit the lesions, over the images that count. 95 % intervals, by patient. */
export interface MapScore {
  /** The method, with its stage; or a baseline, 'center' or 'random'. */
  map: string
  /** How many images count: those that show lesions, and whose own class is the one that is explained. */
  images: number
  /** Pointing game: the share of images whose greatest number lies in a lesion, 0 to 1. */
  pointing: Estimate
  /**
   * Share of the maps' sum inside lesions, divided by the share of the image that lesions cover, both averaged over
   * the images first: 1 for a map that does not depend on the lesions.
   */
  energy: Estimate
  /** Mean intersection over union with the lesions, 0 to 1, at `threshold`. */
  overlap: Estimate
  /** Share of a map's greatest number from which a pixel is marked: of .05 to .95 the best on validation maps. */
  threshold: number
}

/** Where the threshold is chosen. */
export interface ScoreMapsOptions {
  /** Maps by the same method of other images, on which the threshold is chosen: those of the validation part. */
  validation: HeatMaps
  /** Seed of the random baseline. Whole, 0 or more; default 0. */
  seed?: number
}

/**
 * How well heat maps find the lesions of a phantom: three measures, beside a bell at the image's center and random
 * maps.
 * Images without lesions do not count, nor do images whose own class is not the one that the map explains.
 * @returns one row for the maps and one for each baseline; NaN in all of them where no image counts
 * @throws LabError 'bad-argument' for a data set that is no phantom, for validation maps by another method, and for
 *   validation maps of the same images: a threshold chosen on them would flatter
 * @example const maps = await gradCam(network, parts.test, { label: 'COVID' })
 * const validation = await gradCam(network, parts.validation, { label: 'COVID' })
 * show(tables.mapScores(await scoreMaps(maps, { validation })))
 */
export async function scoreMaps(maps: HeatMaps, options: ScoreMapsOptions): Promise<MapScore[]> {
  requireKnownKeys('scoreMaps', options ?? null, { validation: true, seed: true })
  const { validation, seed = 0 } = options
  requireInRange('seed', seed, { low: 0, whole: true })
  requireComparable(maps, validation)
  const chosen = await casesOf(validation), tested = await casesOf(maps)
  const rows: [string, (one: Case) => FeatureMap][] = [
    [nameOf(maps), ({ map }) => map],
    ['center', ({ map: { width } }) => centerMap(width)],
    ['random', ({ map: { width }, index }) => randomMap(width, seed, index)],
  ]
  return rows.map(([map, draw]) => scoreOf(map, drawn(chosen, draw), drawn(tested, draw)))
}

/** One image that counts. */
interface Case {
  item: Item
  /** Within the data set. */
  index: number
  map: FeatureMap
  lesion: LesionMask
}

async function casesOf({ part, maps, classes }: HeatMaps): Promise<Case[]> {
  const { dataset, indices } = part
  const cases: Case[] = []
  for (const [i, map] of maps.entries()) {
    const item = dataset.items[indices[i]], lesion = await lesionMask(part, i, map.width)
    const counts = dataset.labels[item.label] === classes[i] && areaOf(lesion) > 0
    if (counts) cases.push({ item, index: indices[i], map, lesion })
  }
  return cases
}

function drawn(cases: readonly Case[], draw: (one: Case) => FeatureMap): Case[] {
  return cases.map(one => ({ ...one, map: draw(one) }))
}

function scoreOf(map: string, validation: readonly Case[], cases: readonly Case[]): MapScore {
  const threshold = bestThreshold(validation)
  const values = cases.map(({ map: { data }, lesion }) => ({
    pointing: pointsAt(data, lesion), inside: energyInside(data, lesion), area: areaOf(lesion),
    overlap: overlapAt(data, lesion, threshold),
  }))
  const statistics = (weights: ArrayLike<number>) => {
    const total = (key: keyof (typeof values)[number]) => sum(values, (value, i) => weights[i] * value[key])
    const images = sum(values, (_, i) => weights[i])
    return [total('pointing') / images, total('inside') / total('area'), total('overlap') / images]
  }
  const units = resamplingUnits(cases.map(({ item }) => item.group), cases.map(({ item }) => item.label))
  const intervals = values.length ? bootstrap(units, statistics) : []
  const [pointing, energy, overlap] = statistics(values.map(() => 1)).map((value, s): Estimate =>
    ({ value, ...(intervals[s] ?? { low: NaN, high: NaN }) }))
  return { map, images: cases.length, pointing, energy, overlap, threshold }
}

/** The threshold with the greatest mean overlap; the lowest of several. NaN without images. */
function bestThreshold(cases: readonly Case[]): number {
  let best = NaN, greatest = -Infinity
  for (const threshold of thresholds) {
    const overlap = mean(cases, ({ map, lesion }) => overlapAt(map.data, lesion, threshold)) ?? NaN
    if (overlap > greatest) [best, greatest] = [threshold, overlap]
  }
  return best
}

function nameOf({ method, stage }: HeatMaps): string {
  return stage ? `${method} at ${stage}` : method
}

function requireComparable(maps: HeatMaps, validation: HeatMaps): void {
  if (nameOf(maps) !== nameOf(validation))
    throw new LabError('bad-argument', {
      expected: `validation maps by ${nameOf(maps)}`, received: nameOf(validation),
      remedy: 'Explain the validation part in the same way',
    })
  const names = (part: Part) => part.indices.map(index => part.dataset.items[index].name)
  const seen = new Set(names(validation.part))
  const both = names(maps.part).find(name => seen.has(name))
  if (both !== undefined)
    throw new LabError('bad-argument', {
      expected: 'validation maps of other images', received: `${both} in both`,
      remedy: 'Explain parts.validation for the threshold, and score the maps of parts.test',
    })
}
