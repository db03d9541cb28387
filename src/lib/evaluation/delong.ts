/**
 * DeLong's interval of the area under the ROC curve, and his test of two areas on the same images.
 *
 * Each image adds the share of the opposite class that it is ordered rightly against; the spread of these shares gives
 * the variance (DeLong, DeLong and Clarke-Pearson 1988). Where groups are known, the shares of a group are added up
 * first (Obuchowski 1997), so that images of one patient do not count as independent; without groups both are the same.
 */
import type { Grouping } from '../data/dataset'
import { alignTo } from './comparison/same-images'
import { normalPValue, normalQuantile } from './distributions'
import { kindOfResult } from './estimator'
import { resamplingUnits, type Estimate, type Units } from './intervals'
import { oneAgainstRest, type Predictions } from './predictions'

/** An area under the ROC curve with the share of the opposite class that each image is ordered rightly against. */
interface Ordering {
  area: number
  /** Ties count half. */
  shares: Float64Array
}

/** An area with DeLong's 95 % interval. */
export interface DelongEstimate extends Estimate {
  /** NaN for an area of 0 or 1, which all shares agree on: there is no interval either. */
  standardError: number
}

/**
 * DeLong's 95 % interval of the area under the ROC curve; by group where groups are known.
 * @param positive the class that the test looks for
 * @returns NaN where a class has fewer than two groups, or where every pair is ordered rightly
 */
export function delongInterval(predictions: Predictions, positive: string): DelongEstimate {
  const { positives, scores } = oneAgainstRest(predictions, positive)
  const ordering = orderingOf(positives, scores), units = resamplingUnits(predictions.groups, predictions.labels)
  const variance = covarianceOf(ordering, ordering, positives, units)
  return { ...estimateOf(ordering.area, variance, 0), standardError: variance > 0 ? Math.sqrt(variance) : NaN }
}

/** Two areas on the same images. */
export interface DelongComparison {
  first: DelongEstimate
  second: DelongEstimate
  /** The second area minus the first, with its 95 % interval. */
  difference: Estimate
  /** The difference in standard errors; NaN where they differ in no image. */
  z: number
  /** Two-sided. 1 where the classifiers order all images alike; NaN where an area is not defined. */
  pValue: number
  grouping: Grouping
  /** What the interval takes as independent, in a sentence without its full stop. */
  intervalKind: string
}

/**
 * DeLong's test of two areas under the ROC curve on the same images, in whatever order each has them; by group where
 * groups are known. It is not for a model that contains the other (Demler 2012), nor for areas averaged over folds.
 * @param positive the class that the test looks for
 * @throws LabError 'bad-argument' where the images differ, or `positive` is not one of the classes
 * @example statistics.compareAreas(predictions, predictions, ct.labels[0]).pValue   // 1
 */
export function compareAreas(first: Predictions, second: Predictions, positive: string): DelongComparison {
  const aligned = alignTo(first, second)
  const { positives, scores } = oneAgainstRest(first, positive)
  const units = resamplingUnits(first.groups, first.labels)
  const one = orderingOf(positives, scores), two = orderingOf(positives, oneAgainstRest(aligned, positive).scores)
  const difference = two.area - one.area
  const gains = { area: difference, shares: two.shares.map((share, i) => share - one.shares[i]) }
  const variance = covarianceOf(gains, gains, positives, units)
  const same = !Number.isNaN(difference) && gains.shares.every(share => share === 0)
  const z = variance > 0 ? difference / Math.sqrt(variance) : NaN
  return {
    first: delongInterval(first, positive), second: delongInterval(aligned, positive),
    difference: estimateOf(difference, variance, -1), z, pValue: same ? 1 : normalPValue(z),
    grouping: first.grouping, intervalKind: kindOfResult('DeLong’s 95 % interval', first, units),
  }
}

function estimateOf(value: number, variance: number, least: number): Estimate {
  if (!(variance > 0)) return { value, low: NaN, high: NaN }
  const reach = normalQuantile(0.975) * Math.sqrt(variance)
  return { value, low: Math.max(least, value - reach), high: Math.min(1, value + reach) }
}

function orderingOf(positives: ArrayLike<number>, scores: ArrayLike<number>): Ordering {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a] - scores[b])
  const found = order.filter(i => positives[i]).length, alarmed = order.length - found
  const shares = new Float64Array(order.length)
  let positivesBelow = 0, negativesBelow = 0, area = 0
  for (let start = 0; start < order.length;) {
    let end = start
    while (end < order.length && scores[order[end]] === scores[order[start]]) end++
    const tied = order.slice(start, end), tiedPositives = tied.filter(i => positives[i]).length
    const tiedNegatives = tied.length - tiedPositives
    for (const i of tied)
      shares[i] = positives[i] ? (negativesBelow + tiedNegatives / 2) / alarmed
        : (found - positivesBelow - tiedPositives / 2) / found
    area += tiedPositives * (negativesBelow + tiedNegatives / 2)
    positivesBelow += tiedPositives
    negativesBelow += tiedNegatives
    start = end
  }
  return { area: area / (found * alarmed), shares }
}

/** Obuchowski's covariance of two areas; where each image is a group by itself, DeLong's. */
function covarianceOf(a: Ordering, b: Ordering, positives: ArrayLike<number>, units: Units): number {
  let found = 0, alarmed = 0, foundGroups = 0, alarmedGroups = 0, spread1 = 0, spread0 = 0, cross = 0
  for (const group of units.groups) {
    const sums = { a1: 0, b1: 0, a0: 0, b0: 0 }
    let ones = 0, zeros = 0
    for (const i of group)
      if (positives[i]) {
        ones++
        sums.a1 += a.shares[i] - a.area
        sums.b1 += b.shares[i] - b.area
      } else {
        zeros++
        sums.a0 += a.shares[i] - a.area
        sums.b0 += b.shares[i] - b.area
      }
    found += ones
    alarmed += zeros
    foundGroups += Number(ones > 0)
    alarmedGroups += Number(zeros > 0)
    spread1 += sums.a1 * sums.b1
    spread0 += sums.a0 * sums.b0
    cross += sums.a1 * sums.b0 + sums.b1 * sums.a0
  }
  if (foundGroups < 2 || alarmedGroups < 2) return NaN
  const few = (groups: number) => groups / (groups - 1)
  return few(foundGroups) * spread1 / found ** 2 + few(alarmedGroups) * spread0 / alarmed ** 2
    + few(units.groups.length) * cross / (found * alarmed)
}
