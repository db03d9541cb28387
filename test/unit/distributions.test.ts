/** Distributions and the exact interval of a proportion, against SciPy and statsmodels. */
import { describe, expect, test } from 'vitest'
import golden from '../golden/distributions.json'
import {
  betaQuantile, betaShare, normalPValue, normalQuantile, normalShare, studentPValue, studentQuantile, studentShare,
} from '../../src/lib/evaluation/distributions'
import { statistics } from '../../src/lib/index'

/** Relative to the value: tails of 1e-300 count. SciPy's own functions are good to about 1e-13. */
const near = (received: number, expected: number, tolerance = 1e-11) =>
  expect(Math.abs(received - expected), `${received} for ${expected}`).toBeLessThanOrEqual(tolerance * Math.abs(expected))

test('the normal distribution', () => {
  for (const { z, share, p } of golden.normal) {
    near(normalShare(z), share)
    near(normalPValue(z), p)
  }
  for (const { share, z } of golden.normalQuantiles) near(normalQuantile(share), z)
  expect([normalQuantile(0), normalQuantile(1), normalShare(-Infinity), normalShare(Infinity), normalShare(NaN)])
    .toEqual([-Infinity, Infinity, 0, 1, NaN])
})

test('Student’s t', () => {
  for (const { t, freedom, share } of golden.student) {
    near(studentShare(t, freedom), share)
    near(studentPValue(t, freedom), 2 * Math.min(share, studentShare(-t, freedom)))
  }
  for (const { share, freedom, t } of golden.studentQuantiles)
    if (share === 0.5) expect(studentQuantile(share, freedom)).toBeCloseTo(0, 12)
    else near(studentQuantile(share, freedom), t)
  expect(studentShare(NaN, 3)).toBeNaN()
})

test('the beta distribution', () => {
  for (const { x, a, b, share } of golden.beta) expect(Math.abs(betaShare(x, a, b) - share)).toBeLessThan(1e-12)
  for (const { share, a, b, x } of golden.betaQuantiles) near(betaQuantile(share, a, b), x)
  expect([betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)]).toEqual([0, 1])
})

describe('Clopper and Pearson’s interval', () => {
  test.each(golden.clopperPearson)('equals statsmodels: $successes of $trials', ({ successes, trials, low, high }) => {
    const interval = statistics.clopperPearson(successes, trials)
    near(interval.low, low)
    near(interval.high, high)
  })

  test('covers at least 95 % whatever the proportion, and is undefined without trials', () => {
    const trials = 12, intervals = Array.from({ length: trials + 1 }, (_, k) => statistics.clopperPearson(k, trials))
    const choose = (k: number) =>
      Array.from({ length: k }).reduce<number>((ways, _, i) => ways * (trials - i) / (i + 1), 1)
    for (let p = 0.01; p < 1; p += 0.01) {
      const coverage = intervals.reduce((total, { low, high }, k) =>
        total + (low <= p && p <= high ? choose(k) * p ** k * (1 - p) ** (trials - k) : 0), 0)
      expect(coverage).toBeGreaterThanOrEqual(0.95)
    }
    expect(statistics.clopperPearson(0, 0)).toEqual({ low: NaN, high: NaN })
  })

  test.each([[3, 2], [-1, 2], [0.5, 2], [NaN, 2], [0, Infinity]])('refuses %d of %d', (successes, trials) => {
    expect(() => statistics.clopperPearson(successes, trials)).toThrow(/whole numbers/)
  })
})

test('shares and degrees of freedom out of range are refused', () => {
  for (const call of [() => normalQuantile(1.1), () => betaQuantile(-1, 1, 1), () => betaShare(0.5, 0, 1),
    () => betaShare(2, 1, 1), () => studentQuantile(0.5 + 1, 3), () => studentShare(1, 0), () => normalQuantile(NaN)])
    expect(call).toThrow(/bad-argument/)
})
