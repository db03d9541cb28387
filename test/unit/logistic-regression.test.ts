import { describe, expect, it, test } from 'vitest'
import { fitLogisticRegression, logisticProbabilities } from '../../src/lib/baselines/logistic-regression'
import golden from '../golden/classifiers.json'
import { hashedExamples, hashedQueries } from '../fixtures/examples'

describe.each(golden.cases)('logistic regression equals scikit-learn: $name', sample => {
  const { name, count, queries, dimensions, classes, penalty } = sample
  const examples = hashedExamples(name, count, dimensions, classes)
  const model = fitLogisticRegression(examples, classes, { penalty, tolerance: 1e-8 })

  it('gives the same probabilities', () => {
    const probabilities = logisticProbabilities(model, hashedQueries(name, queries, dimensions))
    // float32 probabilities of the same optimum.
    probabilities.forEach((p, i) => expect(Math.abs(p - sample.logistic[i])).toBeLessThan(1e-6))
  })

  it('is calibrated on the training examples: mean probability equals class frequency', () => {
    // Where the intercepts' gradient is zero, as it is at the optimum.
    const probabilities = logisticProbabilities(model, examples)
    for (let k = 0; k < classes; k++) {
      const mean = probabilities.filter((_, i) => i % classes === k).reduce((a, b) => a + b) / count
      expect(mean).toBeCloseTo(1 / classes, 4)
    }
  })
})

test('a constant feature changes nothing', () => {
  const { labels, values } = hashedExamples('constant', 20, 2, 2)
  const constant = { count: 20, dimensions: 2, labels, values: values.map((value, i) => i % 2 ? 0.5 : value) }
  const probabilities = logisticProbabilities(fitLogisticRegression(constant, 2), constant)
  expect(probabilities.every(Number.isFinite)).toBe(true)
})
