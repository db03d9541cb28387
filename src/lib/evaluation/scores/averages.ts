/** One figure for all classes: micro, macro and weighted averages. */
import {
  countsOf, f1, mean, negativePredictiveValue, precision, sensitivity, specificity, type Confusion, type Counts,
} from '../metrics'

/** Shares that follow from the four counts; NaN where not defined. */
export interface CountScores {
  precision: number
  sensitivity: number
  specificity: number
  negativePredictiveValue: number
  f1: number
}

/**
 * How classes become one figure. 'micro' first adds up the four counts of all classes, 'macro' is the mean over
 * classes, 'weighted' the mean weighted by the images of each class.
 */
export type Average = 'micro' | 'macro' | 'weighted'

export const averages = ['micro', 'macro', 'weighted'] as const

/** The five shares of one two-way decision. */
export function countScores(counts: Counts): CountScores {
  return {
    precision: precision(counts), sensitivity: sensitivity(counts), specificity: specificity(counts),
    negativePredictiveValue: negativePredictiveValue(counts), f1: f1(counts),
  }
}

/**
 * The five shares over all classes, as `precision_recall_fscore_support` of scikit-learn averages them; but a mean over
 * a class without a value is NaN, where scikit-learn leaves the class out. Classes without images weigh nothing in
 * 'weighted'.
 */
export function averageScores(confusion: Confusion, average: Average): CountScores {
  const counts = confusion.map((_, k) => countsOf(confusion, k))
  if (average === 'micro') return countScores(pooled(counts))
  const scores = counts.map(countScores)
  const images = counts.map(({ truePositives, falseNegatives }) => truePositives + falseNegatives)
  const weights = average === 'weighted' ? images : undefined
  const over = (name: keyof CountScores) => averageOf(scores.map(one => one[name]), weights)
  return {
    precision: over('precision'), sensitivity: over('sensitivity'), specificity: over('specificity'),
    negativePredictiveValue: over('negativePredictiveValue'), f1: over('f1'),
  }
}

/** The mean of the values; with weights the weighted mean, in which a value without weight does not count. */
export function averageOf(values: readonly number[], weights?: readonly number[]): number {
  if (!weights) return mean(values)
  let total = 0, all = 0
  weights.forEach((weight, k) => {
    if (weight > 0) total += weight * values[k]
    all += weight
  })
  return total / all
}

function pooled(counts: readonly Counts[]): Counts {
  const over = (name: keyof Counts) => counts.reduce((total, one) => total + one[name], 0)
  return {
    truePositives: over('truePositives'), falsePositives: over('falsePositives'),
    falseNegatives: over('falseNegatives'), trueNegatives: over('trueNegatives'),
  }
}
