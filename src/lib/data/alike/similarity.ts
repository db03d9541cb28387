/** How alike the images of one group are: the reason why splits go by group. */
import { requireInRange } from '../../system/errors'
import { stream } from '../../system/random'
import type { Dataset } from '../dataset'
import { itemsByGroup, listGroups, requireGroups } from '../groups'
import { loadPixels } from '../resized-images'
import { correlation, unitVectors } from './near-duplicates'

/** Two images, as indices of the set's items, and how alike they are. */
export interface ImagePair {
  first: number
  second: number
  /** Normalized cross-correlation of the images at 64 × 64 pixels, −1 to 1. */
  correlation: number
}

/** Side of the resized images that are compared, in pixels. */
const side = 64

/**
 * All pairs of images of one group that are `steps` apart in the order of the numbers in their names.
 * @param steps 1 for neighbors; whole, 1 or more
 * @throws LabError 'bad-argument' where no groups are known, or for other steps
 * @example const neighbors = await pairByDistance(ct, 1)
 */
export async function pairByDistance(dataset: Dataset, steps: number): Promise<ImagePair[]> {
  requireInRange('steps', steps, { low: 1, whole: true })
  const groups = itemsByGroup(dataset)
  const pairs = listGroups(dataset).flatMap(group => {
    const items = groups.get(group)!
    return items.slice(steps).map((second, i): [number, number] => [items[i], second])
  })
  return correlated(dataset, pairs)
}

/**
 * Random pairs of images of the same class but of different groups. Images whose group is not known are left out.
 * @param count how many; fewer where a class has one group only
 * @param seed another seed gives other pairs; whole, 0 or more
 * @throws LabError 'bad-argument' where no groups are known
 * @example const strangers = await pairStrangers(ct, 500, 0)
 */
export async function pairStrangers(dataset: Dataset, count: number, seed: number): Promise<ImagePair[]> {
  requireGroups(dataset)
  requireInRange('the number of pairs', count, { low: 0, whole: true })
  const { items } = dataset
  const random = stream('pairs from other groups', seed)
  const known = [...items.keys()].filter(i => items[i].group !== null)
  const pairs = Array.from({ length: known.length ? count : 0 }).flatMap((): [number, number][] => {
    const first = known[random.integer(known.length)]
    const { label, group } = items[first]
    const candidates = known.filter(i => items[i].label === label && items[i].group !== group)
    return candidates.length ? [[first, candidates[random.integer(candidates.length)]]] : []
  })
  return correlated(dataset, pairs)
}

async function correlated(dataset: Dataset, pairs: readonly (readonly [number, number])[]): Promise<ImagePair[]> {
  if (pairs.length === 0) return []
  const vectors = unitVectors(await loadPixels(dataset, { size: side }))
  return pairs.map(([first, second]) => ({ first, second, correlation: correlation(vectors, first, second) }))
}
