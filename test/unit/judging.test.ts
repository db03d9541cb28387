/** Thresholds, pairs, groups and screening, on five images whose answers can be counted by hand. */
import { expect, test } from 'vitest'
import { measurePredictions } from '../../src/lib/evaluation/evaluation'
import { countMistakesByGroup } from '../../src/lib/evaluation/mistakes'
import { chooseOperatingPoint } from '../../src/lib/evaluation/operating-point'
import { ignoreGroups, type Predictions } from '../../src/lib/evaluation/predictions'
import { countPairs } from '../../src/lib/evaluation/score-pairs'
import { countScreening, tracePredictiveValues } from '../../src/lib/evaluation/screening'
import { decideAt } from '../../src/lib/evaluation/thresholds'
import { countOverlapping, measureGains } from '../../src/lib/experiments/compare-runs'

const scores = [0.9, 0.6, 0.2, 0.6, 0.1]
const predictions: Predictions = {
  probabilities: Float32Array.from(scores.flatMap(score => [score, 1 - score])), labels: Int32Array.of(0, 0, 0, 1, 1),
  classes: ['ill', 'well'], names: ['a', 'b', 'c', 'd', 'e'], groups: ['p', 'p', 'q', 'r', 'r'], grouping: 'patient',
}

test('a decision at a threshold counts the class that it is asked for', () => {
  expect(decideAt(predictions, 'ill', 0.5)).toMatchObject({ truePositives: 2, falsePositives: 1, falseNegatives: 1 })
  expect(decideAt(predictions, 'well', 0.5)).toMatchObject({ truePositives: 1, falsePositives: 1, falseNegatives: 1 })
  expect(() => decideAt(predictions, 'dead', 0.5)).toThrow(/dead/)
})

test('the threshold is the highest that finds the requested share of positives', () => {
  const chosen = (atLeast: number) =>
    chooseOperatingPoint(predictions, { positive: 'ill', rule: { name: 'sensitivity', atLeast } }).threshold
  expect(chosen(0.6)).toBeCloseTo(0.6, 6)
  expect(chosen(1)).toBeCloseTo(0.2, 6)
  expect(() => chosen(1.1)).toThrow(/1\.1/)
})

test('pairs: a tie counts half, and the share is the area under the ROC curve', () => {
  expect(countPairs(predictions, 'ill')).toEqual({ positives: 3, negatives: 2, pairs: 6, positiveAhead: 4.5 / 6 })
  expect(measurePredictions(predictions, { positive: 'ill' }).auc.value).toBeCloseTo(0.75, 12)
})

test('mistakes by group, the group with the greatest share first', () => {
  expect(countMistakesByGroup(predictions)).toEqual([
    { group: 'q', images: 1, wrong: 1, share: 1 }, { group: 'r', images: 2, wrong: 1, share: 0.5 },
    { group: 'p', images: 2, wrong: 0, share: 0 },
  ])
})

test('predictions without groups have the same probabilities and no group', () => {
  const alone = ignoreGroups(predictions)
  expect(alone).toMatchObject({ grouping: 'none', groups: [null, null, null, null, null] })
  expect(alone.probabilities).toBe(predictions.probabilities)
  expect(predictions.grouping).toBe('patient')
})

test('screening of 10,000 people at 1 % prevalence', () => {
  const test = { sensitivity: 0.9, specificity: 0.9 }
  expect(countScreening(test, 10_000, 0.01)).toEqual({ positives: 100, negatives: 9900, found: 90, alarmed: 990 })
  const [positive, negative] = tracePredictiveValues(test)
  expect(positive.points[0]).toEqual({ x: 0.01, y: expect.closeTo(90 / 1080, 12) })
  expect(negative.points[49].y).toBeCloseTo(0.9, 12)
})

test('a gain is measured against the run before, the first against the loss before all runs', () => {
  const gains = measureGains([{ run: 'a', loss: 0.5 }, { run: 'b', loss: 0.6 }], 0.75)
  expect(gains).toEqual([{ run: 'a', gain: 0.25 }, { run: 'b', gain: expect.closeTo(-0.1, 12) }])
})

test('intervals that touch overlap; a row does not overlap itself', () => {
  const rows = [{ low: 0.7, high: 0.8 }, { low: 0.8, high: 0.9 }, { low: 0.95, high: 1 }]
  expect(rows.map(row => countOverlapping(rows, row))).toEqual([1, 1, 0])
})
