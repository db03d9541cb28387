/** How alike images of one group are: the reason why splits go by group. */
import type { Dataset } from '../dataset'
import { loadPixels } from '../pixels'
import { correlation, unitVectors } from '../near-duplicates'
import { LabError } from '../../system/errors'
import { stream } from '../../system/random'

/** Two images, as indices into the set's items, and how alike they are. */
export interface ImagePair {
  first: number
  second: number
  /** Normalised cross-correlation at 64×64, −1 to 1. */
  correlation: number
}

const numerically = new Intl.Collator('en', { numeric: true })
const size = 64

/** A group's items in the order of the numbers in their names. */
export function listGroupItems({ items }: Dataset, group: string): number[] {
  const own = [...items.keys()].filter(i => items[i].group === group)
  return own.sort((a, b) => numerically.compare(items[a].name, items[b].name))
}

/** Names of the groups, in order. @throws LabError 'bad-argument' where none are known */
export function listGroups({ name, items, grouping }: Dataset): string[] {
  if (grouping === 'none')
    throw new LabError('bad-argument', {
      expected: 'a data set whose groups are known', received: name,
      remedy: 'Name each image’s group (patient) in groups.csv',
    })
  return [...new Set(items.flatMap(item => item.group ?? []))].sort(numerically.compare)
}

/**
 * All pairs of images of one group that stand `steps` apart in it.
 * @param steps 1 for neighbours; whole, 1 or more
 * @throws LabError 'bad-argument' where groups are not known
 */
export function pairByDistance(dataset: Dataset, steps: number): Promise<ImagePair[]> {
  const pairs = listGroups(dataset).flatMap(group => {
    const items = listGroupItems(dataset, group)
    return items.slice(steps).map((second, i): [number, number] => [items[i], second])
  })
  return correlated(dataset, pairs)
}

/**
 * Pairs of images of the same class but of different groups, drawn at random.
 * @param count how many; fewer come where a class has one group only
 * @param seed another seed, other pairs
 * @throws LabError 'bad-argument' where groups are not known
 */
export function pairStrangers(dataset: Dataset, count: number, seed: number): Promise<ImagePair[]> {
  listGroups(dataset)
  const { items } = dataset
  const random = stream('pairs from other groups', seed)
  const pairs = Array.from({ length: count }).flatMap((): [number, number][] => {
    const first = random.integer(items.length)
    const { label, group } = items[first]
    const others = [...items.keys()].filter(i => items[i].label === label && items[i].group !== group)
    return others.length ? [[first, others[random.integer(others.length)]]] : []
  })
  return correlated(dataset, pairs)
}

async function correlated(dataset: Dataset, pairs: readonly (readonly [number, number])[]): Promise<ImagePair[]> {
  const vectors = unitVectors(await loadPixels(dataset, { size }))
  return pairs.map(([first, second]) => ({ first, second, correlation: correlation(vectors, first, second) }))
}
