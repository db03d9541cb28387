/** From scores to decisions: what calling everything above a threshold positive gives, and what it is worth. */
import { accuracy, confusionCounts, countsOf, precision, sensitivity, specificity, type Counts } from './metrics'

/** What deciding at one threshold gives. Shares that are not defined are NaN. */
export interface Decision extends Counts {
  threshold: number
  sensitivity: number
  specificity: number
  precision: number
  accuracy: number
}

/**
 * Calls every image whose score is at least `threshold` positive, and counts.
 * @param positives 1 where the image is positive, else 0
 * @throws LabError 'shape-mismatch' where the lengths differ
 * @example [0.1, 0.5, 0.9].map(threshold => decide(positives, scores, threshold))
 */
export function decide(positives: ArrayLike<number>, scores: ArrayLike<number>, threshold: number): Decision {
  const called = Uint8Array.from({ length: scores.length }, (_, i) => (scores[i] >= threshold ? 1 : 0))
  const confusion = confusionCounts(positives, called, 2)
  const counts = countsOf(confusion, 1)
  return {
    threshold, ...counts, sensitivity: sensitivity(counts), specificity: specificity(counts),
    precision: precision(counts), accuracy: accuracy(confusion),
  }
}

/** What a decision is worth among people of whom a given share is ill. */
export interface ValueAtPrevalence {
  prevalence: number
  /** Of those called positive, the share that are ill; NaN where nobody is called. */
  positivePredictiveValue: number
  /** Of those called negative, the share that are well; NaN where nobody is called. */
  negativePredictiveValue: number
  accuracy: number
  /** Accuracy of calling everyone well. */
  accuracyOfAlwaysNegative: number
}

/**
 * Bayes' rule: sensitivity and specificity stay, as long as ill and well look as they did; predictive values and
 * accuracy change with how common illness is.
 * @param prevalence share of the ill, 0 to 1
 */
export function atPrevalence(
  { sensitivity, specificity }: Pick<Decision, 'sensitivity' | 'specificity'>, prevalence: number,
): ValueAtPrevalence {
  const found = sensitivity * prevalence, missed = prevalence - found
  const cleared = specificity * (1 - prevalence), falseAlarms = 1 - prevalence - cleared
  return {
    prevalence,
    positivePredictiveValue: found / (found + falseAlarms),
    negativePredictiveValue: cleared / (cleared + missed),
    accuracy: found + cleared,
    accuracyOfAlwaysNegative: 1 - prevalence,
  }
}
