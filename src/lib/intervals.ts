/**
 * How sure an estimate is: 95 % intervals.
 *
 * Slices of one patient resemble each other, so a hundred slices of ten patients tell little more
 * than ten patients do. Wherever groups are known they, not the slices, are drawn again.
 */
import { stream } from './random'

/** A number with its 95 % interval. */
export interface Estimate {
  value: number
  low: number
  high: number
}

/** The ends of a 95 % interval. */
export interface Interval {
  low: number
  high: number
}

/**
 * Wilson's score interval of a proportion (Wilson 1927): keeps its coverage near 0 and 1, where the
 * textbook interval shrinks to nothing.
 * @param successes from 0 to `trials`; need not be whole
 * @returns NaN for both ends without trials
 */
export function wilson(successes: number, trials: number): Interval {
  const z = 1.959963984540054, p = successes / trials
  const centre = p + z * z / (2 * trials)
  const reach = z * Math.sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
  const scale = 1 + z * z / trials
  return { low: Math.max(0, (centre - reach) / scale), high: Math.min(1, (centre + reach) / scale) }
}

/** The items that are drawn together, and the others that a group may stand in for. */
export interface Units {
  /** For each group, the indices of its items. */
  groups: readonly (readonly number[])[]
  /** For each group, its stratum: resamples keep the number of groups in each. */
  strata: readonly number[]
}

/**
 * Items into groups for {@link bootstrap}. Items whose group is null stand alone. Where every group
 * is of one class, groups are drawn within their class, so that no resample loses a class.
 * @param labels the class of each item
 */
export function unitsOf(groups: readonly (string | null)[], labels: ArrayLike<number>): Units {
  const members = new Map<string | number, number[]>()
  groups.forEach((group, item) => {
    const key = group ?? item
    const found = members.get(key)
    if (found) found.push(item)
    else members.set(key, [item])
  })
  const lists = [...members.values()]
  const pure = lists.every(items => items.every(item => labels[item] === labels[items[0]]))
  return { groups: lists, strata: lists.map(items => (pure ? labels[items[0]] : 0)) }
}

/** How a bootstrap is drawn. */
export interface BootstrapOptions {
  /** How often; default 1000, at which the ends move by about a tenth of the width from seed to seed. */
  resamples?: number
  /** Default 0. */
  seed?: number
}

/**
 * Percentile bootstrap by group (Efron 1979; groups as units: Field and Welsh 2007).
 * @param statistics gets how often each item was drawn, and gives one or several numbers; a resample
 *   in which one is NaN (no positives drawn, say) is left out for that one
 * @returns one interval a statistic, from the 2.5 % to the 97.5 % quantile
 */
export function bootstrap(
  units: Units, statistics: (weights: Float64Array) => readonly number[], options: BootstrapOptions = {},
): Interval[] {
  const { resamples = 1000, seed = 0 } = options
  const strata = new Map<number, number[]>()
  units.strata.forEach((stratum, group) => strata.set(stratum, [...(strata.get(stratum) ?? []), group]))
  const items = units.groups.reduce((count, group) => count + group.length, 0)
  const draws: number[][] = []
  for (let resample = 0; resample < resamples; resample++) {
    const numbers = stream('bootstrap', seed, resample)
    const weights = new Float64Array(items)
    for (const groups of strata.values())
      for (let draw = 0; draw < groups.length; draw++)
        for (const item of units.groups[groups[numbers.integer(groups.length)]]) weights[item]++
    statistics(weights).forEach((value, s) => (draws[s] ??= []).push(value))
  }
  return draws.map(values => {
    const sorted = values.filter(value => !Number.isNaN(value)).sort((a, b) => a - b)
    return { low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) }
  })
}

/** The quantile of sorted values, linear between neighbours (NumPy's default); NaN of nothing. */
export function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return NaN
  const place = share * (sorted.length - 1), below = Math.floor(place)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (place - below) * (sorted[above] - sorted[below])
}
