/** The few figures that sum up timings. */

/** The value below which a share of the values lies, between neighbours interpolated. @param share 0 to 1 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const place = share * (sorted.length - 1)
  const low = Math.floor(place), high = Math.ceil(place)
  return sorted[low] + (place - low) * (sorted[high] - sorted[low])
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/**
 * The b of y = a · xᵇ that fits best in logarithms (least squares): 1 where y is proportional to x.
 * @param points at least two different x; all numbers above 0
 */
export function fittedExponent(points: readonly { x: number; y: number }[]): number {
  const logs = points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }))
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const centre = { x: mean(logs.map(log => log.x)), y: mean(logs.map(log => log.y)) }
  const together = logs.map(({ x, y }) => (x - centre.x) * (y - centre.y))
  return mean(together) / mean(logs.map(({ x }) => (x - centre.x) ** 2))
}
