/**
 * Intervals: how certain an estimate is. They are 95 % intervals unless another level is asked for.
 *
 * Slices of one patient resemble each other, so that a hundred slices of ten patients tell little more than ten slices
 * do. Where groups are known, the bootstrap therefore resamples groups, not slices.
 */
import { sum } from 'd3-array'
import { requireInRange } from '../system/errors'
import { stream } from '../system/random'

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

/** An interval, or NaN for both ends where all resamples agree: such an interval tells nothing. */
export function endsOf({ low, high }: Interval): Interval {
  return low < high ? { low, high } : { low: NaN, high: NaN }
}

/** The levels of intervals, each with the quantile of the normal distribution that it stands for. */
const normalQuantiles = { 0.9: 1.6448536269514722, 0.95: 1.959963984540054 } as const
export type Level = keyof typeof normalQuantiles

/**
 * Wilson's score interval of a proportion (Wilson 1927). It keeps its coverage near 0 and 1, where the textbook
 * interval shrinks to nothing.
 * @param successes from 0 to `trials`; fractions are allowed
 * @returns NaN for both ends where there are no trials
 * @example wilson(9, 10)   // { low: 0.596, high: 0.982 }
 */
export function wilson(successes: number, trials: number, level: Level = 0.95): Interval {
  const z = normalQuantiles[level], p = successes / trials
  const center = p + z * z / (2 * trials)
  const reach = z * Math.sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
  const scale = 1 + z * z / trials
  return { low: Math.max(0, (center - reach) / scale), high: Math.min(1, (center + reach) / scale) }
}

/** Groups of items that the bootstrap draws together, and the strata within which it draws them. */
export interface Units {
  /** For each group, the indices of its items. */
  groups: readonly (readonly number[])[]
  /** For each group, its stratum: resamples keep the number of groups in each. */
  strata: readonly number[]
}

/**
 * Collects items into groups for {@link bootstrap}. An item whose group is null is a group by itself. Where all items
 * of each group have the same class, groups are drawn within their class, so that no resample loses a class.
 * @param labels the class of each item
 */
export function resamplingUnits(groups: readonly (string | null)[], labels: ArrayLike<number>): Units {
  const members = new Map<string | number, number[]>()
  groups.forEach((group, item) => {
    const key = group ?? item
    const list = members.get(key)
    if (list) list.push(item)
    else members.set(key, [item])
  })
  const lists = [...members.values()]
  const pure = lists.every(items => items.every(item => labels[item] === labels[items[0]]))
  return { groups: lists, strata: lists.map(items => (pure ? labels[items[0]] : 0)) }
}

/** @throws LabError 'bad-argument' for resamples outside 100 to 1,000,000, or a seed outside 0 to 2³² − 1 */
export function requireDraws(resamples: number, seed: number): void {
  requireInRange('resamples', resamples, { low: 100, high: 1_000_000, whole: true })
  requireInRange('seed', seed, { low: 0, high: 2 ** 32 - 1, whole: true })
}

/** How many resamples a bootstrap draws, and which. */
export interface BootstrapOptions {
  /** How many resamples. Default 1000; the ends then differ by about a tenth of the width from seed to seed. */
  resamples?: number
  /** Default 0. */
  seed?: number
  /** The share of repetitions in which the interval should contain the truth. Default 0.95. */
  level?: Level
}

/**
 * Expanded percentile bootstrap by group (Efron 1979; groups as units: Field and Welsh 2007; expanded: Hesterberg
 * 2015). Resamples of n groups vary too little, by the factor √((n − 1) / n), and their quantiles are those of a normal
 * distribution instead of Student's t: with few groups, quantiles farther out compensate for both.
 * @param statistics receives how often each item was drawn, and returns one or several numbers. A resample in which a
 *   statistic is NaN (for instance because it drew no positives) is left out for that statistic
 * @returns one interval for each statistic; NaN where every stratum has a single group
 */
export function bootstrap(
  units: Units, statistics: (weights: Float64Array) => readonly number[], options: BootstrapOptions = {},
): Interval[] {
  const tail = tailShare(units.groups.length, new Set(units.strata).size, options.level)
  return drawStatistics(units, statistics, options).map(values => {
    const sorted = values.filter(value => !Number.isNaN(value)).sort((a, b) => a - b)
    return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) }
  })
}

/**
 * The statistics of each resample: for each statistic one list, in the order in which resamples were drawn.
 * @param statistics receives how often each item was drawn, in an array of its own
 */
export function drawStatistics(
  units: Units, statistics: (weights: Float64Array) => readonly number[], options: BootstrapOptions = {},
): number[][] {
  const { resamples = 1000, seed = 0 } = options
  const strata = new Map<number, number[]>()
  units.strata.forEach((stratum, group) => {
    const members = strata.get(stratum)
    if (members) members.push(group)
    else strata.set(stratum, [group])
  })
  const items = sum(units.groups, group => group.length)
  const draws: number[][] = []
  for (let resample = 0; resample < resamples; resample++) {
    const numbers = stream('bootstrap', seed, resample)
    const weights = new Float64Array(items)
    for (const groups of strata.values())
      for (let draw = 0; draw < groups.length; draw++)
        for (const item of units.groups[groups[numbers.integer(groups.length)]]) weights[item]++
    statistics(weights).forEach((value, s) => (draws[s] ??= []).push(value))
  }
  return draws
}

/**
 * The share of resamples to leave out at each end: of a 95 % interval less than 2.5 %, and the less the fewer groups
 * there are. NaN where every stratum has a single group.
 */
export function tailShare(groups: number, strata: number, level: Level = 0.95): number {
  const freedom = groups - strata
  return freedom < 1 ? NaN : normalTail(Math.sqrt(groups / freedom) * studentQuantile(freedom, normalQuantiles[level]))
}

/**
 * The quantile of Student's t whose normal counterpart is `z`, by Cornish and Fisher's expansion; accurate to .2 % from
 * 4 degrees of freedom.
 */
function studentQuantile(freedom: number, z: number): number {
  const z3 = z ** 3, z5 = z ** 5, z7 = z ** 7
  return z + (z3 + z) / (4 * freedom) + (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom ** 2)
    + (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * freedom ** 3)
}

/** Share of a standard normal above z ≥ 0 (Abramowitz and Stegun 26.2.17, to 7.5e-8). */
function normalTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z)
  const sum = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * sum
}

/** The quantile of sorted values, linear between neighboring values (NumPy's default); NaN without values. */
export function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0 || Number.isNaN(share)) return NaN
  const position = share * (sorted.length - 1), below = Math.floor(position)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (position - below) * (sorted[above] - sorted[below])
}
