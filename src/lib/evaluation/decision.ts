/** From scores to decisions: the counts at one threshold, and the predictive values at one prevalence. */
import { outOfRange, requireInRange } from '../system/errors'
import { accuracy, confusionCounts, countsOf, precision, sensitivity, specificity, type Counts } from './metrics'

/** Counts and shares of the decisions at one threshold. Shares that are not defined are NaN. */
export interface Decision extends Counts {
  threshold: number
  sensitivity: number
  specificity: number
  precision: number
  accuracy: number
}

/**
 * Counts the decisions at one threshold: every image whose score is at least `threshold` is predicted as positive.
 * @param positives 1 where the image is positive, else 0
 * @throws LabError 'shape-mismatch' where the lengths differ, 'bad-argument' for a threshold that is no number
 * @example [0.1, 0.5, 0.9].map(threshold => decide(positives, scores, threshold))
 */
export function decide(positives: ArrayLike<number>, scores: ArrayLike<number>, threshold: number): Decision {
  // Comparisons with NaN are false: every image would be called negative.
  if (typeof threshold !== 'number' || Number.isNaN(threshold)) throw outOfRange('threshold', threshold, { low: 0, high: 1 })
  const least = leastScore(threshold, scores)
  const predicted = Uint8Array.from({ length: scores.length }, (_, i) => (scores[i] >= least ? 1 : 0))
  const confusion = confusionCounts(positives, predicted, 2)
  const counts = countsOf(confusion, 1)
  return {
    threshold, ...counts, sensitivity: sensitivity(counts), specificity: specificity(counts),
    precision: precision(counts), accuracy: accuracy(confusion),
  }
}

/**
 * The least score that a threshold calls positive. A score of 32 bits that was written as .7 lies below the .7 of 64
 * bits: the threshold is rounded as the scores are.
 */
export function leastScore(threshold: number, scores: ArrayLike<number>): number {
  return scores instanceof Float32Array ? Math.fround(threshold) : threshold
}

/** Predictive values and accuracy of a decision among people of whom a share is positive. */
export interface ValueAtPrevalence {
  prevalence: number
  /** The share of the people predicted as positive who are; NaN where nobody is. */
  positivePredictiveValue: number
  /** The share of the people predicted as negative who are; NaN where nobody is. */
  negativePredictiveValue: number
  accuracy: number
  /** Accuracy of predicting everybody as negative. */
  accuracyOfAlwaysNegative: number
}

/**
 * Bayes' rule: sensitivity and specificity stay the same as long as positives and negatives look the same; predictive
 * values and accuracy depend on how common the positive class is.
 * @param prevalence the share of people who are positive, 0 to 1
 * @throws LabError 'bad-argument' for another prevalence
 * @example atPrevalence({ sensitivity: 0.9, specificity: 0.9 }, 0.01).positivePredictiveValue   // 0.083
 */
export function atPrevalence(
  { sensitivity, specificity }: Pick<Decision, 'sensitivity' | 'specificity'>, prevalence: number,
): ValueAtPrevalence {
  requireInRange('prevalence', prevalence, { low: 0, high: 1 })
  const truePositives = sensitivity * prevalence, falseNegatives = prevalence - truePositives
  const trueNegatives = specificity * (1 - prevalence), falsePositives = 1 - prevalence - trueNegatives
  return {
    prevalence,
    positivePredictiveValue: truePositives / (truePositives + falsePositives),
    negativePredictiveValue: trueNegatives / (trueNegatives + falseNegatives),
    accuracy: truePositives + trueNegatives,
    accuracyOfAlwaysNegative: 1 - prevalence,
  }
}
