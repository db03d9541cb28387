/** The units that are dealt into parts: single items, or whole groups with the near-duplicates of their images. */
import { groups } from 'd3-array'
import type { Dataset } from '../dataset'

/** The unit that is dealt: single items, or whole groups. */
export type Unit = 'item' | 'group'

/**
 * Item indices by unit, units in the order of their names. An item without a group is a unit by itself. Where groups
 * are patients, groups with near-duplicate images are one unit: most likely one patient has two names, or an image was
 * copied.
 * @param among indices of the items
 */
export function unitsOf(dataset: Dataset, unit: Unit, among: readonly number[]): number[][] {
  const keyOf = (index: number) => {
    const { name, group } = dataset.items[index]
    return unit === 'group' && group !== null ? `group ${group}` : `item ${name}`
  }
  const merged = unit === 'group' && dataset.grouping === 'patient' ? mergedKeys(dataset, keyOf, among) : keyOf
  return groups(among, merged).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, indices]) => indices)
}

/** The keys of units after groups with near-duplicates have been merged: the first key of each merged unit, by name. */
function mergedKeys(
  { nearDuplicates }: Dataset, keyOf: (index: number) => string, among: readonly number[],
): (index: number) => string {
  const dealt = new Set(among)
  const firstOf = new Map<string, string>()
  const find = (key: string): string => {
    let root = key
    for (let next = firstOf.get(root); next !== undefined; next = firstOf.get(root)) root = next
    return root
  }
  for (const [a, b] of nearDuplicates) {
    if (!dealt.has(a) || !dealt.has(b)) continue
    const [first, second] = [find(keyOf(a)), find(keyOf(b))].sort()
    if (first !== second) firstOf.set(second, first)
  }
  return index => find(keyOf(index))
}
