/** Statistics of timings. */
import { quantile as quantileOf } from 'd3-array'

/** The value below which a share (0 to 1) of the values lies, interpolated as NumPy does; NaN without values. */
export function quantile(values: readonly number[], share: number): number {
  return quantileOf(values, share) ?? NaN
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/**
 * The exponent b of the curve y = a · xᵇ that fits the points best, by least squares of logarithms. 1 means that y is
 * proportional to x.
 * @param points at least two different x; all numbers above 0
 */
export function fittedExponent(points: readonly { x: number; y: number }[]): number {
  const logs = points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }))
  // Not d3-array's mean, which skips NaN: the exponent must be NaN if one of the points was not measured.
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const center = { x: mean(logs.map(log => log.x)), y: mean(logs.map(log => log.y)) }
  const covariance = mean(logs.map(({ x, y }) => (x - center.x) * (y - center.y)))
  return covariance / mean(logs.map(({ x }) => (x - center.x) ** 2))
}
