import { describe, expect, it } from 'vitest'
import golden from '../golden/metrics.json'
import {
  accuracy, areaUnder, balancedAccuracy, brier, confusionCounts, countsOf, f1, logLoss, mostProbable, precision,
  rocPoints, sensitivity, specificity,
} from '../../src/lib/evaluation/metrics'

/** Both sides count in float64 and differ by rounding alone. */
const digits = 12

function same(received: number, expected: number | null): void {
  if (expected === null) expect(received).toBeNaN()
  else expect(received).toBeCloseTo(expected, digits)
}

describe.each(golden.cases)('metrics equal scikit-learn: $name', sample => {
  const { truth, probabilities, classes } = sample
  const weights = sample.weights ?? undefined
  const confusion = confusionCounts(truth, mostProbable(probabilities, classes), classes, weights)

  it('confusion matrix, accuracy, balanced accuracy', () => {
    expect(confusion).toEqual(sample.confusion)
    same(accuracy(confusion), sample.accuracy)
    same(balancedAccuracy(confusion), sample.balancedAccuracy)
  })

  it('precision, sensitivity, specificity, F1 of each class', () => {
    for (let k = 0; k < classes; k++) {
      const counts = countsOf(confusion, k)
      same(precision(counts), sample.precision[k])
      same(sensitivity(counts), sample.sensitivity[k])
      same(specificity(counts), sample.specificity[k])
      same(f1(counts), sample.f1[k])
    }
  })

  it('log loss and Brier score', () => {
    if (sample.logLoss !== null) same(logLoss(truth, probabilities, classes), sample.logLoss)
    const positives = truth.map(label => (label === 0 ? 1 : 0))
    const scores = truth.map((_, i) => probabilities[i * classes])
    if (sample.brier !== null) same(brier(positives, scores), sample.brier)
  })

  it('receiver operating characteristic and the area under it', () => {
    for (let k = 0; k < classes; k++) {
      const positives = truth.map(label => (label === k ? 1 : 0))
      const scores = truth.map((_, i) => probabilities[i * classes + k])
      const points = rocPoints(positives, scores, weights)
      const expected = sample.roc[k]
      if (expected === null) {
        expect(areaUnder(points)).toBeNaN()
        continue
      }
      // A resample may leave all images of one score out: scikit-learn drops that point, we keep a repeated one.
      const distinct = points.filter((p, i) => i === 0 || weights === undefined
        || p.falsePositiveRate !== points[i - 1].falsePositiveRate
        || p.truePositiveRate !== points[i - 1].truePositiveRate)
      expect(distinct.slice(1).map(p => p.threshold)).toEqual(expected.thresholds)
      distinct.forEach((p, i) => {
        same(p.falsePositiveRate, expected.fpr[i])
        same(p.truePositiveRate, expected.tpr[i])
      })
      same(areaUnder(points), expected.auc)
    }
  })
})

describe('metrics', () => {
  it('refuse arrays of different lengths', () => {
    expect(() => confusionCounts([0, 1], [0], 2)).toThrow(/shape-mismatch: expected 2 predicted classes, received 1/)
    expect(() => logLoss([0, 1], [0.5, 0.5], 2)).toThrow(/shape-mismatch: expected 4 probabilities, received 2/)
    expect(() => rocPoints([0, 1], [0.5])).toThrow(/shape-mismatch/)
  })

  it('keep one certain mistake finite', () => {
    expect(logLoss([1], [1, 0], 2)).toBeCloseTo(-Math.log(1e-7), digits)
  })

  it('choose the first of equally probable classes', () => {
    expect([...mostProbable([0.5, 0.5, 0.2, 0.8], 2)]).toEqual([0, 1])
  })
})
