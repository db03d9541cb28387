/** The metrics of a two-class confusion matrix as ratios of whole numbers. */
import type { Counts } from '../metrics'
import type { PrintedMetric } from './printed'
import { ratio, type Ratio } from './ratio'

/** What a row's precision, sensitivity, specificity and F1 are of: one class, or a mean over both. */
export const averagings = ['one class', 'macro', 'weighted'] as const
export type Averaging = (typeof averagings)[number]

/**
 * The exact value of a metric. With the four class counts' sums fixed, it falls (or stays) where a false positive
 * replaces a true negative: searches rely on that for every metric and averaging.
 */
export function metricOf(counts: Counts, metric: PrintedMetric, averaging: Averaging = 'one class'): Ratio {
  const { truePositives: a, falseNegatives: b, falsePositives: c, trueNegatives: d } = counts
  const positives = a + b, negatives = c + d, count = positives + negatives
  switch (metric) {
    case 'accuracy': return ratio(a + d, count)
    case 'balancedAccuracy': return mean(a, positives, d, negatives, 1, 1)
    case 'mcc': return mcc(counts)
    case 'kappa': return ratio(2 * (a * d - b * c), (a + c) * negatives + positives * (b + d))
    case 'npv': return ratio(d, b + d)
    case 'auc': throw new Error('No confusion matrix gives an AUC')
  }
  const [weightOfPositives, weightOfNegatives] = averaging === 'weighted' ? [positives, negatives] : [1, 1]
  const one = averaging === 'one class'
  switch (metric) {
    case 'precision':
      return one ? ratio(a, a + c) : mean(a, a + c, d, b + d, weightOfPositives, weightOfNegatives)
    case 'sensitivity':
      return one ? ratio(a, positives) : mean(a, positives, d, negatives, weightOfPositives, weightOfNegatives)
    case 'specificity':
      return one ? ratio(d, negatives) : mean(d, negatives, a, positives, weightOfPositives, weightOfNegatives)
    case 'f1':
      return one ? ratio(2 * a, 2 * a + b + c)
        : mean(2 * a, 2 * a + b + c, 2 * d, 2 * d + b + c, weightOfPositives, weightOfNegatives)
  }
}

/** The weighted mean of two shares; 0 / 0 counts as 0. */
function mean(a: number, ofA: number, b: number, ofB: number, weightA: number, weightB: number): Ratio {
  const first = ratio(a, ofA), second = ratio(b, ofB)
  return ratio(weightA * first.numerator * second.denominator + weightB * second.numerator * first.denominator,
    (weightA + weightB) * first.denominator * second.denominator)
}

function mcc({ truePositives: a, falseNegatives: b, falsePositives: c, trueNegatives: d }: Counts): Ratio {
  const denominator = (a + b) * (c + d) * (a + c) * (b + d)
  return denominator === 0 ? ratio(0, 1) : { numerator: a * d - b * c, denominator, root: true }
}
