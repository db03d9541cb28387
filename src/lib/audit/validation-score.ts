/** How good a classifier is on a validation part, by the measure that will judge it. */
import type { Dataset } from '../data/dataset'
import { accuracyOf, predictionsOf } from '../evaluation/predictions'
import { prepareMetric } from '../evaluation/scores/metric'

/**
 * The measure on a validation part. Where one class is much more common, a constant answer has its accuracy, and an
 * informative classifier hardly more: the area under the ROC curve tells them apart.
 * @param indices the validation part's images
 * @param probabilities [count, classes], in the order of the indices
 * @returns 0 to 1; the accuracy where the part lacks a class, and so has no area; 0 without images
 */
export function validationScore(
  dataset: Dataset, indices: readonly number[], probabilities: Float32Array, measure: 'accuracy' | 'auc',
): number {
  if (indices.length === 0) return 0
  const predictions = predictionsOf({ dataset, role: 'validation', indices }, probabilities)
  const value = measure === 'auc' ? prepareMetric(predictions, 'auc', predictions.positive ?? null).value() : NaN
  return Number.isNaN(value) ? accuracyOf(predictions) : value
}
