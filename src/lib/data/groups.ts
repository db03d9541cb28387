/** A set's groups (patients, or blocks of file numbers) and the images of each. */
import { group as groupBy, range, rollup } from 'd3-array'
import { LabError } from '../system/errors'
import type { Dataset } from './dataset'

/** Orders names by the numbers in them: 2 before 10. */
const byNumber = new Intl.Collator('en', { numeric: true })

/**
 * Indices of a group's items, in the order of the numbers in their names.
 * @example look.listGroupItems(ct, look.listGroups(ct)[0])
 */
export function listGroupItems({ items }: Dataset, group: string): number[] {
  const indices = [...items.keys()].filter(i => items[i].group === group)
  return indices.sort((a, b) => byNumber.compare(items[a].name, items[b].name))
}

/** The indices of every group's items, by name of group; as `listGroupItems` orders them. */
export function itemsByGroup({ items }: Dataset): Map<string, number[]> {
  const known = range(items.length).filter(i => items[i].group !== null)
  const sorted = known.sort((a, b) => byNumber.compare(items[a].name, items[b].name))
  return groupBy(sorted, i => items[i].group!)
}

/**
 * Names of the groups, in order.
 * @throws LabError 'bad-argument' where no groups are known
 * @example look.listGroups(ct)[0]
 */
export function listGroups(dataset: Dataset): string[] {
  requireGroups(dataset)
  return [...new Set(dataset.items.flatMap(item => item.group ?? []))].sort(byNumber.compare)
}

/**
 * @param every whether each image must have a group. Default false: some may be unknown
 * @throws LabError 'bad-argument' where no groups are known, or not those of every image
 */
export function requireGroups(dataset: Dataset, { every = false }: { every?: boolean } = {}): void {
  const { name, grouping } = dataset
  const unknown = countWithoutGroup(dataset)
  if (grouping !== 'none' && !(every && unknown > 0)) return
  throw new LabError('bad-argument', {
    expected: `a data set whose groups are known${every ? ' for every image' : ''}`,
    received: grouping === 'none' ? `${name}, without groups` : `${name}, with ${unknown} images of unknown ${grouping}`,
    remedy: 'Name each image’s group (patient) in groups.csv. splitRandom and foldRandom need no groups',
  })
}

/**
 * How many images each group has, in the order of `look.listGroups`.
 * @throws LabError 'bad-argument' where no groups are known
 * @example tables.findGreatest(look.countGroups(ct), 'images').group
 */
export function countGroups(dataset: Dataset): { group: string; images: number }[] {
  const sizes = rollup(dataset.items, images => images.length, item => item.group)
  return listGroups(dataset).map(group => ({ group, images: sizes.get(group)! }))
}

/** How many groups are known; images without a group count for none. */
export function countKnownGroups({ items }: Dataset, among: readonly number[] = [...items.keys()]): number {
  return new Set(among.flatMap(i => items[i].group ?? [])).size
}

/** How many images have no known group, in a set whose groups are known for others; 0 in a set without groups. */
export function countWithoutGroup({ items, grouping }: Dataset, among: readonly number[] = [...items.keys()]): number {
  return grouping === 'none' ? 0 : among.filter(i => items[i].group === null).length
}
