/** What a plan costs on one node and on several. */
import { describe, expect, test } from 'vitest'
import type { MeasuredCost } from '../../src/lib/experiments/expected-cost'
import { pricePlan } from '../../src/lib/experiments/plan-price'

const cost = (seconds: number | null, more: Partial<MeasuredCost> = {}): MeasuredCost =>
  ({ seconds, memory: 1e9, disk: 1e5, peakDisk: 1e7, traffic: 2e7, ...more })

describe('the price of a plan', () => {
  test('on two nodes is the same work in half the time, on twice the memory', () => {
    const runs = Array.from({ length: 12 }, () => cost(100))
    const [one, two] = [1, 2].map(nodes => pricePlan(runs, nodes))
    expect(one).toEqual({
      nodes: 1, seconds: 1200, work: 1200, memory: 1e9, disk: 12e5 + 9.9e6, traffic: 24e7, unknown: 0,
    })
    expect(two).toEqual({ ...one, nodes: 2, seconds: 600, disk: 12e5 + 2 * 9.9e6 })
  })

  test('on more nodes never takes longer, and never less than the longest run or a fair share', () => {
    const runs = Array.from({ length: 1000 }, (_, i) => cost(60 + (i * 7919) % 600))
    const times = [1, 2, 10, 50, 1000, 2000].map(nodes => pricePlan(runs, nodes).seconds!)
    const work = pricePlan(runs, 1).work!, longest = Math.max(...runs.map(({ seconds }) => seconds!))
    expect(times[0]).toBe(work)
    expect(times.at(-1)).toBe(longest)
    times.slice(1).forEach((time, i) => expect(time).toBeLessThanOrEqual(times[i]));
    [1, 2, 10, 50].forEach((nodes, i) => {
      expect(times[i]).toBeGreaterThanOrEqual(work / nodes)
      // A list of jobs in any order ends at most one job after the fair share (Graham 1966).
      expect(times[i]).toBeLessThanOrEqual(work / nodes + longest)
    })
  })

  test('hands the next run to the node that is free first', () =>
    expect(pricePlan([3, 1, 1, 1, 3].map(seconds => cost(seconds)), 2).seconds).toBe(6))

  test('is unknown where a run is, figure by figure', () => {
    expect(pricePlan([cost(1), cost(null)], 2)).toMatchObject({ seconds: null, work: null, memory: 1e9, unknown: 1 })
    expect(pricePlan([cost(1, { memory: null, peakDisk: null, traffic: null })], 2))
      .toMatchObject({ seconds: 1, memory: null, disk: null, traffic: null, unknown: 0 })
  })

  test('of no runs is nothing', () =>
    expect(pricePlan([], 3)).toEqual({ nodes: 3, seconds: 0, work: 0, memory: 0, disk: 0, traffic: 0, unknown: 0 }))

  test.each([0, 1.5, 10_001])('on %s nodes is refused', nodes => expect(() => pricePlan([], nodes)).toThrow(/nodes/))
})
