/** Images of a set that are copies of each other, exact or nearly so, by several measures. */
import type { Dataset, Progress } from '../data/dataset'
import type { Features } from '../data/feature-rows'
import { findExactDuplicates } from '../data/alike/exact-duplicates'
import { mostSearched } from '../data/kept/near-duplicates-of-set'
import { readFileFacts } from '../data/look/file-facts'
import { loadPixels } from '../data/resized-images'
import { stageFeatures } from '../inference/stage-features'
import type { Model } from '../model/model'
import { LabError } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { resnet50 } from '../weights/resnet50'
import { PairCollection, type AlikePair } from './alike-pairs'
import { compareByFeatures } from './compare-features'
import { compareByCorrelation, compareByHash, type Compared } from './compare-pixels'
import { connectedImages } from './connected-images'
import {
  duplicateRules, explainRule, leastCorrelation, type DuplicateMeasure, type DuplicateRule, type DuplicateThresholds,
} from './duplicate-measures'

/** What one measure found at one threshold. */
export interface Duplicates extends DuplicateRule {
  /** What the measure compares, and what its threshold means. */
  meaning: string
  /** How many images the set has. */
  images: number
  /** Why there is no result, in a sentence; null where there is one. */
  unsearched: string | null
  /** By 'grey levels' an image and the first one with the same; by all other measures every pair. */
  pairs: readonly AlikePair[]
  /** Indices of images that pairs connect, directly or through others: the largest group first. */
  groups: readonly (readonly number[])[]
  /** Whether a group of ten images or more, over 5 % of the set, holds mostly images that are not alike themselves. */
  chained: boolean
  /** Pairs whose images have different classes. */
  ofTwoClasses: number
  /** Pairs of two patients or number blocks; null where the set has no groups. */
  ofTwoGroups: number | null
  /** Pairs with an image whose patient or number block is not known; null where the set has no groups. */
  ofUnknownGroups: number | null
}

export interface DuplicateOptions {
  /** Other thresholds than the default ones; a measure without a threshold, [], is left out. */
  thresholds?: DuplicateThresholds
  /**
   * The network whose last stage gives the features. Default: this project's network of half width, pretrained on
   * fractals. Null: features are not compared.
   */
  model?: Model | null
  /** Called with the stage of the search, and how much of it is done. */
  onProgress?: Progress
  /** Stops the search with the signal's reason. */
  signal?: AbortSignal
}

/** Side of the resized images that are compared, in pixels. */
const side = 64
/** With fewer images, means and standard deviations of features say little. */
const leastForFeatures = 20
/** A larger group than this share of the set, and than ten images, may be a chain. */
const chainShare = 0.05, leastChain = 10

/**
 * Searches a set for copies of images: equal grey levels; equal details; and, as candidates to be looked at, likeness
 * by correlation, perceptual hash and a network's features. The time grows with the square of the number of images: of
 * more than 20,000 only equal grey levels are searched.
 * @param options thresholds, such as { correlation: [0.95] }; model: whose features are compared; onProgress; signal
 * @returns one result for each measure and threshold, the surest measures first
 * @throws LabError 'bad-argument' for thresholds outside their range, 'bad-image' naming a damaged file; the signal's
 *   reason
 * @example (await findDuplicates(ct)).map(({ measure, pairs }) => `${measure}: ${pairs.length} pairs`)
 */
export async function findDuplicates(dataset: Dataset, options: DuplicateOptions = {}): Promise<Duplicates[]> {
  requireKnownKeys('findDuplicates', options, { thresholds: true, model: true, onProgress: true, signal: true })
  const { thresholds, onProgress, signal } = options
  const rules = duplicateRules(thresholds)
  const watch = (stage: string): Compared => (done, total) => {
    signal?.throwIfAborted()
    onProgress?.(stage, done, total)
  }
  signal?.throwIfAborted()
  const found = new Map<DuplicateRule, Found>([[rules[0], await equalImages(dataset, watch('reading files'))]])
  if (dataset.items.length <= mostSearched) await findAlike(dataset, rules, options, watch, found)
  const unsearched = `Not searched: there are more than ${mostSearched.toLocaleString('en-US')} images.`
  return rules.map(rule => resultOf(dataset, rule, found.get(rule) ?? unsearched))
}

/** Pairs, or why there are none. */
type Found = readonly AlikePair[] | string
type Watch = (stage: string) => Compared

async function equalImages(dataset: Dataset, watch: Compared): Promise<readonly AlikePair[]> {
  const pairs = findExactDuplicates(await readFileFacts(dataset, watch))
  return pairs.map(([first, second]) => ({ first, second, alike: 1 }))
}

/** Adds what is found by each of the rules that compare images pair by pair. */
async function findAlike(
  dataset: Dataset, rules: readonly DuplicateRule[], options: DuplicateOptions, watch: Watch,
  found: Map<DuplicateRule, Found>,
): Promise<void> {
  const { items } = dataset
  const collections = new Map(rules.slice(1).map(rule =>
    [rule, new PairCollection(items.length, alike => reaches(rule, alike))] as const))
  const of = (measure: DuplicateMeasure) =>
    [...collections].flatMap(([rule, pairs]) => (rule.measure === measure ? [pairs] : []))
  const [correlated, detailed, hashed, featured] =
    [of('correlation'), of('details'), of('perceptual hash'), of('features')]
  const images = { ...await loadPixels(dataset, { size: side, onProgress: watch('reading images') }), size: side }
  const correlations = rules.filter(({ measure }) => measure === 'correlation').map(({ threshold }) => threshold)
  const least = Math.min(leastCorrelation, ...correlations)
  if (correlated.length || detailed.length)
    await compareByCorrelation(images, least, correlated, detailed, watch('comparing pixels'))
  if (hashed.length) await compareByHash(images, hashed, watch('comparing hashes'))
  const lack = lackOfFeatures(dataset, options)
  if (featured.length && !lack)
    await compareByFeatures(await featuresOf(dataset, options, watch), featured, watch('comparing features'))
  for (const [rule, pairs] of collections) found.set(rule, (rule.measure === 'features' ? lack : null) ?? pairs.found)
}

function reaches({ measure, threshold }: DuplicateRule, alike: number): boolean {
  return measure === 'perceptual hash' ? alike <= threshold : alike >= threshold
}

/** Why features cannot be compared, in a sentence. */
function lackOfFeatures({ items }: Dataset, { model }: DuplicateOptions): string | null {
  if (model === null) return 'Not searched: no network was given.'
  return items.length < leastForFeatures ? `Not searched: fewer than ${leastForFeatures} images.` : null
}

async function featuresOf(dataset: Dataset, { model, signal }: DuplicateOptions, watch: Watch): Promise<Features> {
  // The network's head, which knows the classes, is not used.
  const classes = ['first', 'second']
  const network = model ?? await resnet50({ classes, weights: 'fractal', width: 'half', size: side })
  const whole = { dataset, role: 'train' as const, indices: [...dataset.items.keys()] }
  const features = await stageFeatures(network, whole, { onProgress: watch('computing features'), signal })
  return features.get('conv5')!
}

function resultOf({ items, grouping }: Dataset, rule: DuplicateRule, found: Found): Duplicates {
  const pairs = typeof found === 'string' ? [] : found
  const groups = connectedImages(pairs.map(({ first, second }) => [first, second] as const))
  const between = (differ: (a: number, b: number) => boolean) =>
    pairs.filter(({ first, second }) => differ(first, second)).length
  return {
    ...rule, meaning: explainRule(rule), images: items.length, pairs, groups,
    unsearched: typeof found === 'string' ? found : null,
    chained: rule.measure !== 'grey levels' && isChained(groups[0] ?? [], pairs, items.length),
    ofTwoClasses: between((a, b) => items[a].label !== items[b].label),
    ofTwoGroups: grouping === 'none' ? null : between((a, b) => {
      const [one, other] = [items[a].group, items[b].group]
      return one !== null && other !== null && one !== other
    }),
    ofUnknownGroups: grouping === 'none' ? null : between((a, b) => items[a].group === null || items[b].group === null),
  }
}

/** Whether a group is large and less than half of its pairs are alike themselves. */
function isChained(group: readonly number[], pairs: readonly AlikePair[], images: number): boolean {
  if (group.length < leastChain || group.length <= chainShare * images) return false
  const members = new Set(group)
  const direct = pairs.filter(({ first }) => members.has(first)).length
  return direct < group.length * (group.length - 1) / 4
}

/** @throws LabError 'bad-argument' where a result was made of another set */
export function requireSameSet(dataset: Dataset, { images, measure }: Duplicates): void {
  if (images === dataset.items.length) return
  throw new LabError('bad-argument', {
    expected: `duplicates of ${dataset.name}, with ${dataset.items.length} images`,
    received: `duplicates by ${measure} of ${images} images`, remedy: 'Give what findDuplicates found in this set',
  })
}
