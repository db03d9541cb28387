/** The sanity check of heat maps: a map of what a network has learned must change when the network forgets it. */
import { mean } from 'd3-array'
import { bootstrap, resamplingUnits, type Estimate } from '../evaluation/intervals'
import { correlateMaps, type FeatureMap } from '../images/feature-map'
import { stages, type Stage } from '../model/architecture'
import type { Model } from '../model/model'
import { initialWeights } from '../model/start-weights'
import { LabError, requireInRange } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { sameTexts } from '../system/same-texts'
import type { HeatMaps } from './heat-maps'

/** How alike the maps are after some of the network's weights became random. */
export interface SanityRow {
  /** The first stage with random weights; all later ones have random weights, too. */
  from: Stage
  /** Images that count: those for which the trained network's map is not the same everywhere. */
  images: number
  /** Spearman's rank correlation with the trained network's maps: mean over the images, −1 to 1; interval by group. */
  correlation: Estimate
  /** Images whose new map is the same everywhere, as where nothing speaks for the class: they correlate at 0. */
  blank: number
}

/** Which random weights. */
export interface SanityOptions {
  /** Seed of the random weights. Whole, 0 or more; default 0. */
  seed?: number
}

/**
 * The model parameter randomization test (Adebayo et al. 2018, "Sanity checks for saliency maps"): the weights become
 * random stage by stage, from the head back to the stem, and each time the maps are made again. A method passes where
 * the rank correlation with the maps of the trained network falls towards 0. A method that fails draws the image, not
 * what the network has learned.
 * @param explain makes the maps of one network; it names the class, so that all maps explain the same one
 * @returns one row a stage, from the head to the stem; NaN in all where no image counts
 * @throws LabError 'bad-argument' where a map explains another class than before
 * @example await checkSanity(network, model => gradCam(model, few, { label: 'COVID', stage: 'conv4' }))
 */
export async function checkSanity(
  model: Model, explain: (model: Model) => Promise<HeatMaps>, options: SanityOptions = {},
): Promise<SanityRow[]> {
  requireKnownKeys('checkSanity', options, { seed: true })
  const { seed = 0 } = options
  requireInRange('seed', seed, { low: 0, whole: true })
  const trained = await explain(model)
  const { dataset, indices } = trained.part
  const counted = [...trained.maps.keys()].filter(i => !isEven(trained.maps[i]))
  const items = counted.map(i => dataset.items[indices[i]])
  const ranks = counted.map(i => rankMap(trained.maps[i]))
  const units = resamplingUnits(items.map(item => item.group), items.map(item => item.label))
  const start = initialWeights(model.architecture, unusualSeed + seed)
  const rows: SanityRow[] = []
  for (const from of [...stages].reverse()) {
    const random = await explain(randomizedFrom(model, from, start))
    requireSameClasses(trained, random)
    const maps = counted.map(i => random.maps[i])
    const correlations = maps.map((map, i) => correlateMaps(ranks[i], rankMap(map)))
    const statistic = (weights: ArrayLike<number>) => [weightedMean(correlations, weights)]
    const [interval] = items.length ? bootstrap(units, statistic) : [{ low: NaN, high: NaN }]
    const correlation = { value: mean(correlations) ?? NaN, ...interval }
    rows.push({ from, images: maps.length, correlation, blank: maps.filter(isEven).length })
  }
  return rows
}

/**
 * Far from the seeds of networks: with a network's own seed its head would become random as it was at the start, and a
 * head hardly moves from there.
 */
const unusualSeed = 2 ** 30

/** The model with the random weights in a stage and all later ones. */
function randomizedFrom(model: Model, from: Stage, random: ReadonlyMap<string, Float32Array>): Model {
  const { layers } = model.architecture
  const first = stages.indexOf(from)
  const forgotten = new Set(layers.filter(({ stage }) => stages.indexOf(stage) >= first).map(({ name }) => name))
  const weights = new Map([...model.weights].map(([name, values]) =>
    [name, forgotten.has(name.slice(0, name.lastIndexOf('/'))) ? random.get(name)! : values]))
  return { ...model, weights }
}

function isEven({ data }: FeatureMap): boolean {
  return data.every(value => value === data[0])
}

/** A map of ranks: 1 for the least number; equal numbers share the mean of their ranks. */
export function rankMap({ width, height, data }: FeatureMap): FeatureMap {
  const order = Uint32Array.from(data.keys()).sort((a, b) => data[a] - data[b])
  const ranks = new Float32Array(data.length)
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && data[order[end]] === data[order[start]]) end++
    for (let i = start; i < end; i++) ranks[order[i]] = (start + end + 1) / 2
  }
  return { width, height, data: ranks }
}

function weightedMean(values: readonly number[], weights: ArrayLike<number>): number {
  let sum = 0, count = 0
  values.forEach((value, i) => {
    sum += weights[i] * value
    count += weights[i]
  })
  return sum / count
}

function requireSameClasses(trained: HeatMaps, random: HeatMaps): void {
  if (sameTexts(trained.classes, random.classes)) return
  throw new LabError('bad-argument', {
    expected: 'maps that explain the same class before and after',
    received: 'maps of other classes, since random weights find other classes likeliest',
    remedy: "Name the class: checkSanity(model, model => gradCam(model, part, { label: 'COVID' }))",
  })
}
