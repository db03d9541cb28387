/** Decisions at thresholds, straight from predictions. */
import { decide, type Decision } from './decision'
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
