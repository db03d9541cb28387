/** Images that are unlike the rest of their set: dark, bright, blurred, nearly empty, of another size. */
import { group as groupBy, median, range, rollups } from 'd3-array'
import type { Dataset } from '../data/dataset'
import type { FactsControl } from '../data/look/facts-of-each'
import { requireKnownKeys } from '../system/options'
import { permutation, stream } from '../system/random'
import { readImageFacts, type ImageFacts } from './image-facts'
import { robustScores } from './outliers'

/** In which way an image is odd. */
export type ImageOddness =
  | 'nearly empty' | 'dark' | 'bright' | 'low contrast' | 'blurred' | 'odd exposure' | 'odd size' | 'odd aspect'
  | 'odd channels'

/** All images that are odd in one way. */
export interface ImageIssue {
  kind: ImageOddness
  /** What makes an image odd in this way, a phrase with the set's own figures. */
  rule: string
  /** Indices of the set's items, the oddest first. */
  indices: readonly number[]
  /** How many of each class, in the order of the labels. */
  byClass: readonly number[]
  /**
   * How probable it is that chance alone puts the odd images so unequally into the classes: a permutation of the
   * patients' classes (of images, where no patients are known). 1 where no image is odd.
   */
  pValue: number
}

/** What is odd about a set's images. */
export interface ImageIssues {
  /** The set's name and content hash: indices are those of this set. */
  set: { name: string; contentHash: string }
  images: number
  /** Images of each class. */
  counts: readonly number[]
  /** All kinds that were looked for, odd images or none. */
  kinds: readonly ImageIssue[]
  /** Why images were not compared with each other; null where they were. */
  uncompared: string | null
}

/** With fewer images nothing can be called odd by comparison. */
const fewestImages = 10
/** Robust z-scores beyond this one are outliers (Iglewicz and Hoaglin 1993). */
const limit = 3.5
const permutations = 2000

/**
 * Looks for odd images. One pass reads all images at full resolution; the facts are kept on disk. An image is odd where
 * its robust z-score within the set is beyond 3.5 and the difference is one that can be seen; nearly empty where 98 %
 * of its pixels have one grey level. In a set where all images are dark, none is.
 * @param options `onProgress` after each image; `signal` ends the reading
 * @throws LabError 'bad-image' for a damaged file
 * @example (await look.findImageIssues(ct)).kinds.map(({ kind, indices }) => [kind, indices.length])
 */
export async function findImageIssues(dataset: Dataset, options: FactsControl = {}): Promise<ImageIssues> {
  requireKnownKeys('findImageIssues', options, { onProgress: true, signal: true })
  const facts = await readImageFacts(dataset, options)
  const { name, contentHash, items, labels } = dataset
  const few = facts.length < fewestImages
  const rules = [emptyRule(facts), ...(few ? [] : [...comparedRules(facts), channelRule(facts)])]
  return {
    set: { name, contentHash }, images: items.length, counts: countByClass(dataset, range(items.length)),
    kinds: rules.map(({ scores, ...rule }) => {
      const indices = range(items.length).filter(i => scores[i] > 0).sort((a, b) => scores[b] - scores[a] || a - b)
      const pValue = labels.length > 1 && indices.length ? chanceOf(dataset, indices) : 1
      return { ...rule, indices, byClass: countByClass(dataset, indices), pValue }
    }),
    uncompared: few ? `${facts.length} images are too few to call one of them odd` : null,
  }
}

/** How odd each image is, above 0 where it is odd. */
interface Rule { kind: ImageOddness; rule: string; scores: number[] }

function emptyRule(facts: readonly ImageFacts[]): Rule {
  return {
    kind: 'nearly empty', rule: 'at least 98 % of the pixels have one grey level',
    scores: facts.map(({ commonest }) => (commonest >= 0.98 ? commonest : 0)),
  }
}

/** Rules that compare each image with the median of the set. */
function comparedRules(facts: readonly ImageFacts[]): Rule[] {
  const far = (
    kind: ImageOddness, measure: (facts: ImageFacts) => number, least: number, sign: -1 | 0 | 1,
    words: (middle: number) => string,
  ): Rule => {
    const values = facts.map(measure), middle = median(values)!, z = robustScores(values)
    return {
      kind, rule: words(middle),
      scores: z.map((score, i) => {
        const above = sign === 0 ? Math.abs(score) : sign * score
        const difference = sign === 0 ? Math.abs(values[i] - middle) : sign * (values[i] - middle)
        return above > limit && difference >= least ? above : 0
      }),
    }
  }
  return [
    far('dark', ({ mean }) => mean, 20, -1, middle => `the mean grey level lies 20 or more below the set's ${middle.toFixed(0)}`),
    far('bright', ({ mean }) => mean, 20, 1, middle => `the mean grey level lies 20 or more above the set's ${middle.toFixed(0)}`),
    far('low contrast', ({ spread }) => Math.log(Math.max(1, spread)), Math.log(2), -1,
      middle => `the grey levels spread half as far as the set's ${Math.exp(middle).toFixed(0)}, or less`),
    far('blurred', ({ sharpness }) => Math.log(Math.max(1e-6, sharpness)), Math.log(3), -1,
      () => 'the variance of the Laplacian, relative to that of the grey levels, is a third of the set’s, or less'),
    far('odd exposure', ({ clipped }) => clipped, 0.1, 1,
      middle => `${(100 * middle + 10).toFixed(0)} % of the pixels or more are black or white, in the set ${(100 * middle).toFixed(0)} %`),
    far('odd size', ({ width, height }) => Math.log(width * height) / 2, Math.log(1.25), 0,
      middle => `width and height are 1.25 times the set's ${Math.exp(middle).toFixed(0)} pixels or more, or that much smaller`),
    far('odd aspect', ({ width, height }) => Math.log(width / height), Math.log(1.25), 0,
      middle => `width divided by height is 1.25 times the set's ${Math.exp(middle).toFixed(2)} or more, or that much smaller`),
  ]
}

/** Files stored with other channels than nine tenths of the set's. */
function channelRule(facts: readonly ImageFacts[]): Rule {
  const counts = rollups(facts, list => list.length, ({ channels }) => channels)
  const [[commonest, count]] = counts.sort((a, b) => b[1] - a[1])
  return {
    kind: 'odd channels', rule: `the file has another number of channels than the ${commonest} of nine tenths of the set`,
    scores: facts.map(({ channels }) => (channels !== commonest && count >= 0.9 * facts.length ? 1 : 0)),
  }
}

function countByClass({ items, labels }: Dataset, indices: readonly number[]): number[] {
  return labels.map((_, k) => indices.filter(i => items[i].label === k).length)
}

/** The share of permutations in which the odd patients lie at least as unequally in the classes; one is the truth. */
function chanceOf({ items, labels, contentHash }: Dataset, indices: readonly number[]): number {
  const odd = new Set(indices)
  const patients = groupBy(range(items.length), i => `${items[i].label} ${items[i].group ?? `image ${items[i].name}`}`)
  const units = [...patients.values()]
  const classes = units.map(([first]) => items[first].label)
  const isOdd = Uint8Array.from(units, images => (images.some(i => odd.has(i)) ? 1 : 0))
  const counts = new Float64Array(labels.length), expected = isOdd.reduce((a, b) => a + b, 0) / units.length
  classes.forEach(label => { counts[label]++ })
  const inequality = (oddAt: (unit: number) => number) => {
    const odds = new Float64Array(labels.length)
    classes.forEach((label, unit) => { odds[label] += oddAt(unit) })
    return counts.reduce((sum, count, k) => sum + (count ? (odds[k] - expected * count) ** 2 / count : 0), 0)
  }
  // Equal counts in another order of addition may differ by rounding.
  const actual = inequality(unit => isOdd[unit]) - 1e-9
  const random = stream('odd images', parseInt(contentHash.slice(0, 8), 16) || 0)
  let atLeast = 1
  for (let i = 0; i < permutations; i++) {
    const order = permutation(units.length, random)
    if (inequality(unit => isOdd[order[unit]]) >= actual) atLeast++
  }
  return atLeast / (permutations + 1)
}
