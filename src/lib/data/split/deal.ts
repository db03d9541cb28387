/** Dealing the items of a data set into parts with fixed shares, class by class, group by group. */
import { groups } from 'd3-array'
import type { Dataset } from '../dataset'
import { LabError } from '../../system/errors'
import { hashName, permutation, stream } from '../../system/random'

/** The unit that is dealt: single items, or whole groups. */
export type Unit = 'item' | 'group'

/** The items to deal, the parts' shares, and the random numbers to use. */
export interface Deal {
  unit: Unit
  /** The parts' shares; they sum to 1. */
  shares: readonly number[]
  /** Purpose and coordinates name the random stream. */
  purpose: string
  coordinates: readonly number[]
  /** Indices of the items to deal. Default: all items. */
  among?: readonly number[]
}

/**
 * Deals items so that each part has its share of every class, as nearly as whole units allow. A group counts for the
 * class that most of its items have. The result depends on names, never on the order of the items.
 * @returns ascending item indices, one list a share
 * @throws LabError 'bad-argument' if a part would have no item of some class
 */
export function deal(dataset: Dataset, { unit, shares, purpose, coordinates, among }: Deal): number[][] {
  const { items, labels } = dataset
  const parts: number[][] = shares.map(() => [])
  const units = unitsOf(dataset, unit, among ?? [...items.keys()])
  labels.forEach((name, label) => {
    const stratum = units.filter(indices => mostCommonLabel(dataset, indices) === label)
    const total = stratum.reduce((sum, indices) => sum + indices.length, 0)
    const lacking = shares.map(share => share * total)
    for (const k of permutation(stratum.length, stream(purpose, ...coordinates, hashName(name)))) {
      const part = lacking.indexOf(Math.max(...lacking))
      lacking[part] -= stratum[k].length
      parts[part].push(...stratum[k])
    }
  })
  refuseEmpty(dataset, parts, unit)
  return parts.map(indices => indices.sort((a, b) => a - b))
}

/** Item indices by unit, units in the order of their names. An item without a group is a unit by itself. */
function unitsOf({ items }: Dataset, unit: Unit, among: readonly number[]): number[][] {
  const keyOf = (index: number) => {
    const { name, group } = items[index]
    return unit === 'group' && group !== null ? `group ${group}` : `item ${name}`
  }
  return groups(among, keyOf).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, indices]) => indices)
}

function mostCommonLabel({ items, labels }: Dataset, indices: readonly number[]): number {
  const counts = labels.map((_, label) => indices.filter(i => items[i].label === label).length)
  return counts.indexOf(Math.max(...counts))
}

function refuseEmpty({ items, labels }: Dataset, parts: readonly number[][], unit: Unit): void {
  for (const indices of parts)
    for (const [label, name] of labels.entries())
      if (!indices.some(i => items[i].label === label))
        throw new LabError('bad-argument', {
          expected: `every part to hold at least one ${unit} of each class`,
          received: `too few ${unit}s of ${JSON.stringify(name)} for these shares`,
          remedy: 'Choose larger or fewer parts, or add images',
        })
}
