/** One threshold on one number: the best one is found, and nothing is made of numbers that are all the same. */
import { range, sum } from 'd3-array'
import { expect, test } from 'vitest'
import { fitStump, stumpProbabilities } from '../../src/lib/baselines/decision-stump'
import type { Examples } from '../../src/lib/data/feature-rows'
import { stream } from '../../src/lib/system/random'

const examplesOf = (rows: number[][], labels: number[]): Examples =>
  ({ count: rows.length, dimensions: rows[0].length, values: Float32Array.from(rows.flat()), labels })

test('the one feature that tells the classes, at a threshold between them', () => {
  const stump = fitStump(examplesOf([[5, 1, 0], [1, 2, 0], [4, 8, 0], [2, 9, 0]], [1, 1, 0, 0]), 2)
  expect(stump).toEqual({ feature: 1, threshold: 5, below: [0, 1], above: [1, 0] })
  const asked = { count: 3, dimensions: 3, values: Float32Array.from([0, 5, 0, 0, 5.5, 0, 9, -1, 9]) }
  expect([...stumpProbabilities(stump, asked)]).toEqual([0, 1, 1, 0, 0, 1])
})

test('no other threshold on any feature is right for more examples', () => {
  const random = stream('examples of a stump', 1), classes = 3
  const rows = Array.from({ length: 40 }, () => Array.from({ length: 5 }, () => random.integer(6)))
  const labels = rows.map(() => random.integer(classes))
  const rightOn = (chosen: number[]) => Math.max(...range(classes).map(k => chosen.filter(label => label === k).length))
  const rightAt = (feature: number, threshold: number) => sum([true, false], above =>
    rightOn(labels.filter((_, i) => (rows[i][feature] > threshold) === above)))
  const { feature, threshold } = fitStump(examplesOf(rows, labels), classes)
  for (let other = 0; other < 5; other++)
    for (let value = -0.5; value < 6; value++)
      expect(rightAt(other, value)).toBeLessThanOrEqual(rightAt(feature, threshold))
})

test.each([
  ['the same numbers', [[3], [3], [3]], [0, 1, 1]], ['one example', [[3]], [1]],
])('%s: the shares of all', (_, rows, labels) => {
  const stump = fitStump(examplesOf(rows, labels), 2)
  const found = stumpProbabilities(stump, { count: 2, dimensions: 1, values: Float32Array.from([-9, 9]) })
  const first = labels.filter(label => label === 0).length / labels.length
  ;[first, 1 - first, first, 1 - first].forEach((share, i) => expect(found[i]).toBeCloseTo(share, 6))
})
