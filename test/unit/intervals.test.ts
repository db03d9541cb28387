import { describe, expect, it } from 'vitest'
import golden from '../golden/metrics.json'
import { bootstrap, quantile, tailShare, resamplingUnits, wilson } from '../../src/lib/evaluation/intervals'
import { stream } from '../../src/lib/system/random'

describe('Wilson interval', () => {
  it.each(golden.wilson)('equals statsmodels: $successes of $trials', ({ successes, trials, low, high }) => {
    expect(wilson(successes, trials).low).toBeCloseTo(low, 12)
    expect(wilson(successes, trials).high).toBeCloseTo(high, 12)
  })

  it('is undefined without trials', () => expect(wilson(0, 0).low).toBeNaN())
})

describe('units', () => {
  it('keep groups together; an item without a group is a unit by itself', () => {
    expect(resamplingUnits(['a', null, 'a', null], [0, 0, 1, 1]).groups).toEqual([[0, 2], [1], [3]])
  })

  it('are drawn within their class exactly when no group mixes classes', () => {
    expect(resamplingUnits(['a', 'a', 'b'], [0, 0, 1]).strata).toEqual([0, 1])
    expect(resamplingUnits(['a', 'a', 'b'], [0, 1, 1]).strata).toEqual([0, 0])
  })
})

describe('the quantiles of a bootstrap', () => {
  // Cornish and Fisher's expansion of t is off by up to .2 %, which the tail of few groups magnifies.
  it.each(golden.tails)('lie farther out for few groups, by the share that SciPy computes: $groups in $strata', tail => {
    const share = tailShare(tail.groups, tail.strata)
    expect(Math.abs(share / tail.share - 1)).toBeLessThan(0.03)
  })

  it('approach 2.5 % for many groups, and are undefined where every stratum has a single group', () => {
    expect(tailShare(100_000, 1)).toBeCloseTo(0.025, 5)
    expect(tailShare(2, 2)).toBeNaN()
  })
})

describe('bootstrap', () => {
  const labels = [0, 0, 0, 1, 1, 1]
  const units = resamplingUnits(['a', 'a', 'b', 'c', 'd', 'd'], labels)

  it('draws groups whole and within their class', () => {
    bootstrap(units, weights => {
      expect(weights[0]).toBe(weights[1])
      expect(weights[4]).toBe(weights[5])
      expect(weights[0] + weights[2]).toBe(2)
      expect(weights[3] + weights[4]).toBe(2)
      return []
    }, { resamples: 50 })
  })

  it('gives the same interval for the same seed, and another interval for another seed', () => {
    const meanOf = (seed: number) =>
      bootstrap(resamplingUnits([...Array(40).keys()].map(String), Array(40).fill(0)),
        weights => [weights.reduce((total, w, i) => total + w * i * i, 0)], { seed, resamples: 200 })[0]
    expect(meanOf(1)).toEqual(meanOf(1))
    expect(meanOf(1)).not.toEqual(meanOf(2))
  })

  it('leaves out resamples in which the statistic is not defined', () => {
    let call = 0
    expect(bootstrap(units, () => [call++ % 2 ? NaN : 3], { resamples: 10 })).toEqual([{ low: 3, high: 3 }])
  })

  /**
   * Groups of ten items share a coin of their own, right with rate .6 in half of the groups and 1 in the
   * others. 95 % intervals by group should hold the true rate in about 95 of 100 worlds, and 200 worlds scatter
   * by ± 3 points (two standard errors). Intervals that take the items as independent must fall far short:
   * that is why groups are drawn.
   */
  it('by group covers the truth; by item it does not', () => {
    const worlds = 200, groupsPerWorld = 25, itemsPerGroup = 10, truth = 0.8
    let byGroup = 0, byItem = 0
    for (let world = 0; world < worlds; world++) {
      const numbers = stream('coverage', world)
      const groups: string[] = [], hits: number[] = []
      for (let group = 0; group < groupsPerWorld; group++) {
        const rate = numbers.uniform() < 0.5 ? 0.6 : 1
        for (let item = 0; item < itemsPerGroup; item++) {
          groups.push(String(group))
          hits.push(numbers.uniform() < rate ? 1 : 0)
        }
      }
      const share = (weights: Float64Array) => [weights.reduce((total, w, i) => total + w * hits[i], 0) / hits.length]
      const covers = (units: ReturnType<typeof resamplingUnits>) => {
        const [{ low, high }] = bootstrap(units, share, { resamples: 200, seed: world })
        return low <= truth && truth <= high ? 1 : 0
      }
      byGroup += covers(resamplingUnits(groups, hits.map(() => 0)))
      byItem += covers(resamplingUnits(groups.map(() => null), hits.map(() => 0)))
    }
    expect(byGroup / worlds).toBeGreaterThan(0.91)
    expect(byItem / worlds).toBeLessThan(0.85)
  })
})

describe('quantile', () => {
  it('interpolates as NumPy does', () => {
    expect(quantile([1, 2, 4], 0.5)).toBe(2)
    expect(quantile([1, 2, 4], 0.75)).toBe(3)
    expect(quantile([], 0.5)).toBeNaN()
  })
})
