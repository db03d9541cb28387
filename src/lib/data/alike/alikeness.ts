/** How alike neighboring images are, compared with images of different groups. */
import { median } from 'd3-array'
import { requireInRange } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import type { Dataset } from '../dataset'
import { pairByDistance, pairStrangers, type ImagePair } from './similarity'

/** Correlations of one kind of pairs. */
export interface Alikeness {
  /** 'neighbors', 'three apart' or 'different groups'. */
  label: string
  /** How many pairs were compared. */
  pairs: number
  /** Their median correlation, −1 to 1; NaN without pairs. */
  median: number
  /** All correlations, in increasing order. */
  values: number[]
  /** Why there are no pairs, in a sentence; absent where there are some. */
  reason?: string
}

/**
 * Measures how alike two images of one class are: direct neighbors in a group, images three apart, and images of
 * different groups. Alike means correlation of the pixels at 64 × 64.
 * @param options how many pairs of different groups are drawn (default 2000), and the seed of the draw (default 1)
 * @returns three rows in this order, with the reason for a kind of which the set has no pair; `figures.histogram` draws
 *   them as they are
 * @throws LabError 'bad-argument' for a data set whose groups are not known
 * @example (await look.measureAlikeness(ct)).map(({ label, median }) => `${label}: ${median}`)
 */
export async function measureAlikeness(
  dataset: Dataset, options: { strangers?: number; seed?: number } = {},
): Promise<Alikeness[]> {
  requireKnownKeys('measureAlikeness', options, { strangers: true, seed: true })
  const { strangers = 2000, seed = 1 } = options
  const group = dataset.grouping
  const kinds: [label: string, reason: string, ImagePair[]][] = [
    ['neighbors', `No ${group} has two images, so there are no neighbors to compare.`, await pairByDistance(dataset, 1)],
    ['three apart', `No ${group} has four images, so no two are three apart.`, await pairByDistance(dataset, 3)],
    ['different groups', strangers === 0 ? 'No pairs of different groups were asked for.'
      : `No class has images of two ${group}s.`, await pairStrangers(dataset, strangers, seed)],
  ]
  return kinds.map(([label, reason, pairs]) => {
    const values = pairs.map(pair => pair.correlation).sort((a, b) => a - b)
    return { label, pairs: pairs.length, median: median(values) ?? NaN, values, ...(pairs.length === 0 && { reason }) }
  })
}

/**
 * The neighbors in a group that are most alike.
 * @param count how many pairs, 1 or more
 * @returns pairs of indices into the data set's items, the most alike first; none where no group has two images
 * @throws LabError 'bad-argument' for a data set whose groups are not known, or another count
 * @example (await look.findMostAlike(ct, 3)).map(pair => pair.correlation)
 */
export async function findMostAlike(dataset: Dataset, count: number): Promise<ImagePair[]> {
  requireInRange('count', count, { low: 1, whole: true })
  const pairs = await pairByDistance(dataset, 1)
  return pairs.sort((a, b) => b.correlation - a.correlation).slice(0, count)
}
