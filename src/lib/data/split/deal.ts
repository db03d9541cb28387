/** Dealing the items of a data set into parts with fixed shares, class by class, group by group. */
import type { Dataset } from '../dataset'
import { LabError } from '../../system/errors'
import { hashName, permutation, stream } from '../../system/random'
import { dealExactly } from './exact-deal'
import { unitsOf, type Unit } from './units'

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
  /** How many units of each class have to remain outside each part, to be dealt again. Default 0. */
  outside?: number
}

/** Units beyond this are too many for the exact way, and so many that the simple one has found each class. */
const mostUnits = 400

/**
 * Deals items so that each part has its share of every class, as nearly as whole units allow. A group counts for the
 * class that most of its items have. Where units are so few that a part would lack a class, a search finds a way in
 * which none does, if there is one. The result depends on names, never on the order of the items.
 * @returns ascending item indices, one list a share
 * @throws LabError 'bad-argument' if a part would have no item of some class, with the numbers needed and there
 */
export function deal(dataset: Dataset, options: Deal): number[][] {
  const { items } = dataset
  const units = unitsOf(dataset, options.unit, options.among ?? [...items.keys()])
  const simple = dealSimply(dataset, units, options)
  const parts = isWhole(dataset, units, simple, options) ? simple : searchedDeal(dataset, units, options)
  if (!parts) throw tooFew(dataset, units, options)
  return parts.map(indices => indices.sort((a, b) => a - b))
}

/** Class by class, each unit in a random order goes to the part that lacks most. */
function dealSimply(
  dataset: Dataset, units: readonly number[][], { shares, purpose, coordinates }: Deal,
): number[][] {
  const parts: number[][] = shares.map(() => [])
  dataset.labels.forEach((name, label) => {
    const stratum = units.filter(indices => mostCommonLabel(dataset, indices) === label)
    const total = stratum.reduce((sum, indices) => sum + indices.length, 0)
    const lacking = shares.map(share => share * total)
    for (const k of permutation(stratum.length, stream(purpose, ...coordinates, hashName(name)))) {
      const part = lacking.indexOf(Math.max(...lacking))
      lacking[part] -= stratum[k].length
      parts[part].push(...stratum[k])
    }
  })
  return parts
}

/** The classes are taken in the order of their names, so that the order of the labels does not matter. */
function searchedDeal(
  dataset: Dataset, units: readonly number[][], { shares, purpose, coordinates, outside }: Deal,
): number[][] | null {
  if (units.length > mostUnits) return null
  const byName = [...dataset.labels.keys()].sort((a, b) => (dataset.labels[a] < dataset.labels[b] ? -1 : 1))
  const partOf = dealExactly({
    units: units.map(indices => byName.map(label => indices.filter(i => dataset.items[i].label === label).length)),
    shares, labels: [...byName.keys()], outside,
    order: [...permutation(units.length, stream(purpose, ...coordinates, hashName('few units')))],
  })
  return partOf && shares.map((_, part) => units.filter((_, unit) => partOf[unit] === part).flat())
}

function mostCommonLabel({ items, labels }: Dataset, indices: readonly number[]): number {
  const counts = labels.map((_, label) => indices.filter(i => items[i].label === label).length)
  return counts.indexOf(Math.max(...counts))
}

/** Whether every part holds every class, and enough units of each are outside it. */
function isWhole(
  dataset: Dataset, units: readonly number[][], parts: readonly number[][], { outside = 0 }: Deal,
): boolean {
  const { items, labels } = dataset
  return parts.every(indices => {
    const inside = new Set(indices)
    const left = units.filter(unit => !inside.has(unit[0]))
    return labels.every((_, label) => indices.some(i => items[i].label === label)
      && (outside === 0 || unitsWith(dataset, left, label) >= outside))
  })
}

function unitsWith({ items }: Dataset, units: readonly number[][], label: number): number {
  return units.filter(indices => indices.some(i => items[i].label === label)).length
}

function tooFew(dataset: Dataset, units: readonly number[][], { unit, shares, outside = 0 }: Deal): LabError {
  const { labels } = dataset
  const counts = labels.map((_, label) => unitsWith(dataset, units, label))
  const needed = Math.max(shares.length, outside + 1)
  const least = counts.indexOf(Math.min(...counts))
  const there = labels.slice(0, 20).map((name, label) => `${counts[label]} of ${JSON.stringify(name)}`).join(', ')
  return new LabError('bad-argument', {
    expected: `every one of ${shares.length} parts to hold at least one ${unit} of each class: ${needed} ${unit}s of each`,
    received: counts[least] < needed
      ? `too few ${unit}s of ${JSON.stringify(labels[least])}: ${there}`
      : `${unit}s that cannot be dealt so, because some hold several classes: ${there}`,
    remedy: `Choose fewer parts, or add images${unit === 'group' ? ', or split single images (splitRandom), with its warning' : ''}`,
  })
}
