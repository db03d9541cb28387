import { expect, test } from 'vitest'
import { measureReliability } from '../../src/lib/evaluation/calibration/reliability'
import { atPrevalence, decide } from '../../src/lib/evaluation/decision'
import { findMistakes } from '../../src/lib/evaluation/mistakes'
import { oneAgainstRest } from '../../src/lib/evaluation/predictions'

const positives = [1, 1, 1, 0, 0]
const scores = [0.9, 0.6, 0.2, 0.6, 0.1]

test('a score equal to the threshold is predicted as positive', () => {
  expect(decide(positives, scores, 0.6)).toEqual({
    threshold: 0.6, truePositives: 2, falsePositives: 1, falseNegatives: 1, trueNegatives: 1,
    sensitivity: 2 / 3, specificity: 1 / 2, precision: 2 / 3, accuracy: 3 / 5,
  })
})

test('with a threshold above all scores nobody is predicted as positive, and precision is not defined', () => {
  expect(decide(positives, scores, 1)).toMatchObject({ sensitivity: 0, specificity: 1, precision: NaN })
})

// Gigerenzer's much-quoted mammography example: 1 % ill, 80 % found, 9.6 % false alarms: 7.8 % of the called are ill.
test('predictive value of the textbook mammography is 7.8 %', () => {
  const value = atPrevalence({ sensitivity: 0.8, specificity: 1 - 0.096 }, 0.01)
  expect(value.positivePredictiveValue).toBeCloseTo(0.0776, 4)
  expect(value.accuracyOfAlwaysNegative).toBe(0.99)
  expect(value.accuracy).toBeLessThan(0.91)
})

test('where everybody or nobody is ill only one predictive value is defined', () => {
  expect(atPrevalence({ sensitivity: 0.8, specificity: 0.9 }, 1))
    .toMatchObject({ positivePredictiveValue: 1, negativePredictiveValue: 0 })
  expect(atPrevalence({ sensitivity: 0.8, specificity: 1 }, 0))
    .toMatchObject({ positivePredictiveValue: NaN, negativePredictiveValue: 1 })
})

test('each image lies in one range of the reliability table, a score of 1 in the last', () => {
  const rows = measureReliability([0, 1, 1, 1], [0, 0.5, 0.75, 1], 2)
  expect(rows.map(({ images, meanScore, observedShare }) => [images, meanScore, observedShare]))
    .toEqual([[1, 0, 0], [3, 0.75, 1]])
  expect(measureReliability([1], [1], 3)[0]).toMatchObject({ images: 0, meanScore: NaN, observedShare: NaN })
})

const predictions = {
  probabilities: Float32Array.of(0.75, 0.25, 0.875, 0.125, 0.5, 0.5, 0, 1), labels: Int32Array.of(0, 1, 1, 0),
  classes: ['ill', 'well'], names: ['a', 'b', 'c', 'd'], groups: [null, null, null, null], grouping: 'none',
} as const

test('the most confident mistakes come first', () => {
  expect(findMistakes(predictions)).toEqual([
    { index: 3, name: 'd', group: null, truth: 'ill', predicted: 'well', probability: 1 },
    { index: 1, name: 'b', group: null, truth: 'well', predicted: 'ill', probability: 0.875 },
    { index: 2, name: 'c', group: null, truth: 'well', predicted: 'ill', probability: 0.5 },
  ])
})

test('one class against the rest', () => {
  const { positives, scores } = oneAgainstRest(predictions, 'well')
  expect([...positives]).toEqual([0, 1, 1, 0])
  expect([...scores]).toEqual([0.25, 0.125, 0.5, 1])
  expect(() => oneAgainstRest(predictions, 'healthy')).toThrow(/positive to be 'ill' or 'well'/)
})
