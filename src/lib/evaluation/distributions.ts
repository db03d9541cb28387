/** The normal distribution, Student's t and the beta distribution: stdlib's functions, with this project's errors. */
import erfcinv from '@stdlib/math-base-special-erfcinv'
import betaCdf from '@stdlib/stats-base-dists-beta-cdf'
import betaInverse from '@stdlib/stats-base-dists-beta-quantile'
import normalCdf from '@stdlib/stats-base-dists-normal-cdf'
import studentCdf from '@stdlib/stats-base-dists-t-cdf'
import studentInverse from '@stdlib/stats-base-dists-t-quantile'
import { requireInRange } from '../system/errors'

/** The share of a standard normal below z. Tails keep their relative precision. */
export function normalShare(z: number): number {
  return normalCdf(z, 0, 1)
}

/**
 * The number below which a share of a standard normal lies.
 * @param share 0 to 1; infinite at the ends
 * @throws LabError 'bad-argument' for another share
 */
export function normalQuantile(share: number): number {
  requireInRange('share', share, { low: 0, high: 1 })
  // stdlib's own quantile of the normal is infinite below 1e-16.
  return share === 0.5 ? 0 : -Math.SQRT2 * erfcinv(2 * share)
}

/** Both tails of a standard normal beyond ±z: the p-value of a two-sided test. */
export function normalPValue(z: number): number {
  return 2 * normalShare(-Math.abs(z))
}

/**
 * The share of a beta distribution below x.
 * @param x 0 to 1
 * @param a above 0
 * @param b above 0
 * @throws LabError 'bad-argument' for numbers out of range
 */
export function betaShare(x: number, a: number, b: number): number {
  requireInRange('x', x, { low: 0, high: 1 })
  requireInRange('a', a, { above: 0 })
  requireInRange('b', b, { above: 0 })
  return betaCdf(x, a, b)
}

/**
 * The number below which a share of a beta distribution lies.
 * @param share 0 to 1
 * @throws LabError 'bad-argument' for numbers out of range
 */
export function betaQuantile(share: number, a: number, b: number): number {
  requireInRange('share', share, { low: 0, high: 1 })
  requireInRange('a', a, { above: 0 })
  requireInRange('b', b, { above: 0 })
  return betaInverse(share, a, b)
}

/**
 * The share of Student's t below t.
 * @param freedom degrees of freedom, above 0
 */
export function studentShare(t: number, freedom: number): number {
  if (Number.isNaN(t)) return NaN
  requireInRange('freedom', freedom, { above: 0 })
  return studentCdf(t, freedom)
}

/** Both tails of Student's t beyond ±t: the p-value of a two-sided test. */
export function studentPValue(t: number, freedom: number): number {
  return 2 * studentShare(-Math.abs(t), freedom)
}

/**
 * The number below which a share of Student's t lies.
 * @param share 0 to 1; infinite at the ends
 * @param freedom degrees of freedom, above 0
 */
export function studentQuantile(share: number, freedom: number): number {
  requireInRange('share', share, { low: 0, high: 1 })
  requireInRange('freedom', freedom, { above: 0 })
  return share === 0.5 ? 0 : studentInverse(share, freedom)
}
