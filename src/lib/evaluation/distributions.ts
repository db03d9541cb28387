/**
 * The normal distribution, Student's t and the beta distribution, from series and continued fractions, to about 1e-13.
 *
 * Sources: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.11, 26.2.14 and 26.5.8; Lanczos 1964 for the
 * logarithm of the gamma function, with Godfrey's coefficients. Golden values: SciPy.
 */
import { requireInRange } from '../system/errors'

/** The share of a standard normal below z. Tails keep their relative precision. */
export function normalShare(z: number): number {
  if (Number.isNaN(z)) return NaN
  if (z > 0) return 1 - normalShare(-z)
  const density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI)
  if (z < -38) return 0
  if (z < -3) {
    // The tail as a continued fraction, from its end: 1 / (x + 1 / (x + 2 / (x + 3 / …
    let fraction = -z
    for (let k = 200; k >= 1; k--) fraction = -z + k / fraction
    return density / fraction
  }
  let term = z, total = z
  for (let k = 3; Math.abs(term) > 1e-18; k += 2) {
    term *= z * z / k
    total += term
  }
  return 0.5 + density * total
}

/**
 * The number below which a share of a standard normal lies.
 * @param share 0 to 1; infinite at the ends
 * @throws LabError 'bad-argument' for another share
 */
export function normalQuantile(share: number): number {
  requireInRange('share', share, { low: 0, high: 1 })
  if (share > 0.5) return -normalQuantile(1 - share)
  if (share === 0 || share === 0.5) return share === 0 ? -Infinity : 0
  // Abramowitz and Stegun 26.2.23 is right to 4.5e-4; Newton's steps double the digits.
  const t = Math.sqrt(-2 * Math.log(share))
  let z = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
  for (let step = 0; step < 4; step++) {
    const excess = (normalShare(z) - share) * Math.sqrt(2 * Math.PI) * Math.exp(z * z / 2)
    z -= excess / (1 + z * excess / 2)
  }
  return z
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
  if (x === 0 || x === 1) return x
  if (x > (a + 1) / (a + b + 2)) return 1 - betaShare(1 - x, b, a)
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a
  return front / betaFraction(x, a, b)
}

/** The denominator's continued fraction of the incomplete beta function, by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  let value = 1, up = 1, down = 0
  for (let k = 1; k < 10_000; k++) {
    const m = Math.floor(k / 2)
    const step = k % 2 ? -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      : m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    down = 1 / (1 + step * down)
    up = 1 + step / up
    value *= up * down
    if (Math.abs(up * down - 1) < 1e-16) break
  }
  return value
}

/**
 * The number below which a share of a beta distribution lies.
 * @param share 0 to 1
 * @throws LabError 'bad-argument' for numbers out of range
 */
export function betaQuantile(share: number, a: number, b: number): number {
  requireInRange('share', share, { low: 0, high: 1 })
  if (share === 0 || share === 1) return share
  // Halving on the logarithm of x where x is small, so that tiny quantiles keep their digits.
  let low = 0, high = 1
  for (let step = 0; step < 1100 && high - low > 1e-16 * high; step++) {
    const middle = low > 0 && high / low > 4 ? Math.sqrt(low * high) : (low + high) / 2
    if (middle === low || middle === high) break
    if (betaShare(middle, a, b) < share) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/**
 * The share of Student's t below t.
 * @param freedom degrees of freedom, above 0
 */
export function studentShare(t: number, freedom: number): number {
  if (Number.isNaN(t)) return NaN
  requireInRange('freedom', freedom, { above: 0 })
  const tail = betaShare(freedom / (freedom + t * t), freedom / 2, 0.5) / 2
  return t > 0 ? 1 - tail : tail
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
  if (share > 0.5) return -studentQuantile(1 - share, freedom)
  if (share === 0.5) return 0
  const x = betaQuantile(2 * share, freedom / 2, 0.5)
  return -Math.sqrt(freedom * (1 - x) / x)
}

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

/** The logarithm of the gamma function of x above 0. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const y = x - 1, t = y + 7.5
  let sum = lanczos[0]
  for (let k = 1; k < lanczos.length; k++) sum += lanczos[k] / (y + k)
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum)
}
