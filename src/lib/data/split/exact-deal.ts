/** Dealing units into parts where units are few: every part holds every class wherever that is possible. */
import { sum } from 'd3-array'

/** One unit: the number of its items of each class. */
export type UnitCounts = readonly number[]

export interface ExactDeal {
  /** In an order that does not depend on the order of the items. */
  units: readonly UnitCounts[]
  /** The parts' shares; they sum to 1. */
  shares: readonly number[]
  /** Classes, those that are decided first in front. */
  labels: readonly number[]
  /** How many units of each class have to remain outside each part. Default 0. */
  outside?: number
  /** The order of the units in which they are tried: a permutation. */
  order: readonly number[]
}

/** Steps after which the search ends without a result; small cases need far fewer. */
const stepLimit = 200_000
/** Rounds of moves that bring the parts nearer to their shares. */
const roundLimit = 100
/** With more units than this, single moves come near enough to the shares. */
const mostExchanged = 60

/**
 * Deals units so that every part holds items of every class, then as near to the shares as moves and exchanges come.
 * @returns the part of each unit; null where no way was found
 */
export function dealExactly(deal: ExactDeal): number[] | null {
  const core = coverEveryClass(deal)
  const full = core && fill(deal, core)
  return full && improve(deal, full)
}

/**
 * Assigns as few units as give every part every class. The search is complete: some unit with the class has to go to
 * the part, and units with the same classes can stand for one another.
 * @returns the part of each unit, −1 for units that are free
 */
function coverEveryClass({ units, shares, labels, order }: ExactDeal): number[] | null {
  const partOf = new Array<number>(units.length).fill(-1)
  const kindOf = units.map(counts => counts.map(number => (number > 0 ? 1 : 0)).join(''))
  const holders = (label: number) => units.filter(counts => counts[label] > 0).length
  const requirements = [...labels].sort((a, b) => holders(a) - holders(b))
    .flatMap(label => shares.map((_, part) => ({ label, part })))
  const covered = (label: number, part: number) =>
    units.some((counts, unit) => partOf[unit] === part && counts[label] > 0)
  let steps = 0
  const search = (position: number): boolean => {
    const next = requirements.slice(position).findIndex(({ label, part }) => !covered(label, part))
    if (next < 0) return true
    const { label, part } = requirements[position + next]
    const tried = new Set<string>()
    for (const unit of order) {
      if (partOf[unit] >= 0 || units[unit][label] === 0 || tried.has(kindOf[unit])) continue
      if (++steps > stepLimit) return false
      tried.add(kindOf[unit])
      partOf[unit] = part
      if (search(position + next)) return true
      partOf[unit] = -1
    }
    return false
  }
  return search(0) ? partOf : null
}

/** Gives each free unit to the part that lacks most of the unit's main class. */
function fill(deal: ExactDeal, partOf: number[]): number[] | null {
  const { units, shares, order } = deal
  const filled = [...partOf]
  for (const unit of order) {
    if (filled[unit] >= 0) continue
    const label = units[unit].indexOf(Math.max(...units[unit]))
    const total = sum(units, counts => counts[label])
    const lacking = shares.map((share, part) =>
      share * total - sum(units, (counts, other) => (filled[other] === part ? counts[label] : 0)))
    const parts = [...shares.keys()].sort((a, b) => lacking[b] - lacking[a])
    const part = parts.find(candidate => leavesEnough(deal, withPart(filled, unit, candidate), candidate))
    if (part === undefined) return null
    filled[unit] = part
  }
  return shares.every((_, part) => leavesEnough(deal, filled, part)) ? filled : null
}

/** Moves units between parts, and exchanges them where they are few, as long as that brings parts nearer to shares. */
function improve(deal: ExactDeal, partOf: number[]): number[] {
  const { units, shares, labels, order } = deal
  const totals = labels.map(label => sum(units, counts => counts[label]))
  const distance = (parts: readonly number[]) => sum(labels, (label, i) => sum(shares, (share, part) =>
    (sum(units, (counts, unit) => (parts[unit] === part ? counts[label] : 0)) - share * totals[i]) ** 2))
  const allowed = (parts: readonly number[]) => shares.every((_, part) => leavesEnough(deal, parts, part)
    && labels.every(label => units.some((counts, unit) => parts[unit] === part && counts[label] > 0)))
  let best = partOf, least = distance(partOf)
  const attempt = (changed: number[]) => {
    const now = distance(changed)
    if (now < least - 1e-9 && allowed(changed)) [best, least] = [changed, now]
  }
  for (let round = 0; round < roundLimit; round++) {
    const before = least
    for (const unit of order) {
      for (const part of shares.keys()) if (part !== best[unit]) attempt(withPart(best, unit, part))
      if (units.length > mostExchanged) continue
      for (const other of order)
        if (best[other] !== best[unit]) attempt(withPart(withPart(best, unit, best[other]), other, best[unit]))
    }
    if (least === before) break
  }
  return best
}

/** Whether enough units of each class are outside a part (units not yet dealt count as outside). */
function leavesEnough({ units, labels, outside = 0 }: ExactDeal, partOf: readonly number[], part: number): boolean {
  return outside === 0 || labels.every(label =>
    units.filter((counts, unit) => counts[label] > 0 && partOf[unit] !== part).length >= outside)
}

function withPart(partOf: readonly number[], unit: number, part: number): number[] {
  const changed = [...partOf]
  changed[unit] = part
  return changed
}
