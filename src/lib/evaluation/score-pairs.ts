/** The area under the ROC curve, counted pair by pair. */
import { oneAgainstRest, type Predictions } from './predictions'

/** All pairs of one positive and one negative image. */
export interface PairCount {
  positives: number
  negatives: number
  pairs: number
  /** Share of the pairs in which the positive image has the higher score; ties count half. */
  positiveAhead: number
}

/**
 * Counts in how many pairs of a positive and a negative image the positive one has the higher score.
 * @throws LabError 'bad-argument' if `positive` is not one of the classes
 * @example countPairs(predictions, ct.labels[0]).positiveAhead   // the area under the ROC curve
 */
export function countPairs(predictions: Predictions, positive: string): PairCount {
  const { positives, scores } = oneAgainstRest(predictions, positive)
  const scoresOf = (kind: number) => Array.from(scores).filter((_, i) => positives[i] === kind)
  const high = scoresOf(1), low = scoresOf(0)
  let ahead = 0
  for (const a of high) for (const b of low) ahead += a > b ? 1 : a === b ? 0.5 : 0
  const pairs = high.length * low.length
  return { positives: high.length, negatives: low.length, pairs, positiveAhead: ahead / pairs }
}
