/** The bias-corrected and accelerated bootstrap. */
import { normalQuantile, normalShare } from './distributions'
import { drawStatistics, quantile, type BootstrapOptions, type Interval, type Units } from './intervals'

/**
 * The bias-corrected and accelerated bootstrap (Efron 1987): its quantiles move with the bias of the resamples and with
 * how much the standard error changes with the value. Groups are drawn as in `bootstrap`, and left out one by one for
 * the acceleration. For few groups it is too narrow: it lacks the expansion of `bootstrap`.
 * @param statistic receives how often each item counts
 * @returns NaN for both ends where all resamples agree, or where the statistic is not defined
 */
export function bcaBootstrap(
  units: Units, statistic: (weights: ArrayLike<number>) => number, options: BootstrapOptions = {},
): Interval {
  const items = units.groups.reduce((count, group) => count + group.length, 0)
  const weights = new Float64Array(items).fill(1)
  const value = statistic(weights)
  const leftOut = units.groups.map(group => {
    for (const item of group) weights[item] = 0
    const without = statistic(weights)
    for (const item of group) weights[item] = 1
    return without
  })
  const [draws = []] = drawStatistics(units, drawn => [statistic(drawn)], options)
  return bcaInterval(draws, value, leftOut)
}

/**
 * The ends from resamples, the value itself, and the values with one group left out.
 * Values that are not defined (NaN) are left out.
 */
export function bcaInterval(draws: readonly number[], value: number, leftOut: readonly number[]): Interval {
  const sorted = draws.filter(draw => !Number.isNaN(draw)).sort((a, b) => a - b)
  const jackknife = leftOut.filter(one => !Number.isNaN(one))
  if (sorted.length === 0 || Number.isNaN(value) || sorted[0] === sorted.at(-1)) return { low: NaN, high: NaN }
  const below = sorted.filter(draw => draw < value).length, same = sorted.filter(draw => draw === value).length
  const bias = normalQuantile((below + same / 2) / sorted.length)
  const center = jackknife.reduce((total, one) => total + one, 0) / jackknife.length
  let squares = 0, cubes = 0
  for (const one of jackknife) {
    squares += (center - one) ** 2
    cubes += (center - one) ** 3
  }
  const acceleration = squares === 0 ? 0 : cubes / (6 * squares ** 1.5)
  const end = (share: number) => {
    const z = bias + normalQuantile(share)
    return quantile(sorted, normalShare(bias + z / (1 - acceleration * z)))
  }
  return { low: end(0.025), high: end(0.975) }
}
