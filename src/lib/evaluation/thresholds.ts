/** Decisions at thresholds, straight from predictions. */
import { LabError } from '../system/errors'
import { decide, type Decision } from './decision'
import { measurePredictions } from './evaluation'
import { oneAgainstRest, type Predictions } from './predictions'

/**
 * Calls every image positive whose probability of the positive class reaches a threshold, and counts.
 * @param positive the class that the test looks for
 * @param threshold 0 to 1
 * @returns the four counts, sensitivity, specificity, precision and accuracy; shares that are not defined are NaN
 * @throws LabError 'bad-argument' if `positive` is not one of the classes
 * @example decideAt(predictions, ct.labels[0], 0.5).sensitivity
 */
export function decideAt(predictions: Predictions, positive: string, threshold: number): Decision {
  const { positives, scores } = oneAgainstRest(predictions, positive)
  return decide(positives, scores, threshold)
}

/**
 * Sensitivity and specificity at thresholds 0, .01, …, 1.
 * @returns two curves for `figures.lineChart`; the second is dashed
 * @throws LabError 'bad-argument' if `positive` is not one of the classes
 * @example figures.traceThresholds(predictions, ct.labels[0])[0].label   // 'sensitivity'
 */
export function traceThresholds(predictions: Predictions, positive: string) {
  const decisions = Array.from({ length: 101 }, (_, i) => decideAt(predictions, positive, i / 100))
  return [
    { label: 'sensitivity', points: decisions.map(one => ({ x: one.threshold, y: one.sensitivity })) },
    { label: 'specificity', points: decisions.map(one => ({ x: one.threshold, y: one.specificity })), dashed: true },
  ]
}

/**
 * The highest threshold at which a share of the positives is found.
 * @param sensitivity the share to find, above 0, at most 1
 * @throws LabError 'bad-argument' if `positive` is not one of the classes, or there are no positives
 * @example chooseThreshold(predictions, ct.labels[0], 0.95)
 */
export function chooseThreshold(predictions: Predictions, positive: string, sensitivity: number): number {
  const point = measurePredictions(predictions, { positive }).roc.find(one => one.truePositiveRate >= sensitivity)
  if (point) return point.threshold
  throw new LabError('bad-argument', {
    expected: 'a share of the positives from 0 to 1, and predictions for one positive image or more',
    received: String(sensitivity), remedy: 'Choose a lower share, such as 0.95',
  })
}
