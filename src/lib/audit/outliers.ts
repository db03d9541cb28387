/** Values that lie far from the rest of their set. */
import { mean, median } from 'd3-array'

/**
 * Modified z-scores: how many standard deviations each value lies from the median. The median absolute deviation gives
 * the standard deviation, because outliers do not move it (Iglewicz and Hoaglin 1993). Where more than half of the
 * values are equal, the mean absolute deviation does; where all are, every score is 0.
 */
export function robustScores(values: readonly number[]): number[] {
  const middle = median(values) ?? NaN
  const distances = values.map(value => Math.abs(value - middle))
  // Both are the standard deviation where values are normally distributed.
  const deviation = (median(distances) ?? 0) * 1.4826 || (mean(distances) ?? 0) * 1.2533
  return values.map(value => (deviation > 0 ? (value - middle) / deviation : 0))
}
