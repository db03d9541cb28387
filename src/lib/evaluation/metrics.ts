/**
 * How good predictions are: arrays in, numbers out.
 *
 * Classes are the whole numbers 0 … classes − 1. Every function that counts images takes optional
 * `weights`, how often each image counts, so that a bootstrap resample costs no copying.
 * A quantity that is not defined (sensitivity without positives, say) is NaN, never 0 or 1.
 * Same values as scikit-learn's functions of the same name with `zero_division = nan`.
 */
import { LabError } from '../system/errors'

/** Counts of truth (rows) against prediction (columns): `confusion[truth][predicted]`. */
export type Confusion = number[][]

/** The four counts of a two-way decision about one class against all others. */
export interface Counts {
  truePositives: number
  falsePositives: number
  falseNegatives: number
  trueNegatives: number
}

/** One point of a receiver operating characteristic: what deciding at `threshold` would give. */
export interface RocPoint {
  /** Images with a score of at least this are called positive; the first point's is infinite. */
  threshold: number
  falsePositiveRate: number
  truePositiveRate: number
}

/**
 * The confusion matrix of `truth` against `predicted`.
 * @param weights how often each image counts; once if left out
 * @throws LabError 'shape-mismatch' where the lengths differ
 */
export function confusionCounts(
  truth: ArrayLike<number>, predicted: ArrayLike<number>, classes: number, weights?: ArrayLike<number>,
): Confusion {
  sameLength('predicted classes', predicted.length, truth.length)
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  for (let i = 0; i < truth.length; i++) confusion[truth[i]][predicted[i]] += weights ? weights[i] : 1
  return confusion
}

/** The four counts of `positive` against all other classes. */
export function countsOf(confusion: Confusion, positive: number): Counts {
  const truePositives = confusion[positive][positive]
  const falseNegatives = sum(confusion[positive]) - truePositives
  const falsePositives = sum(confusion.map(row => row[positive])) - truePositives
  const trueNegatives = sum(confusion.map(sum)) - truePositives - falseNegatives - falsePositives
  return { truePositives, falsePositives, falseNegatives, trueNegatives }
}

/** The share of images that were called what they are. */
export function accuracy(confusion: Confusion): number {
  return sum(confusion.map((row, k) => row[k])) / sum(confusion.map(sum))
}

/** The mean over classes of the share found: chance is 1 / classes, however unequal the classes. */
export function balancedAccuracy(confusion: Confusion): number {
  return mean(confusion.map((row, k) => row[k] / sum(row)))
}

/** Of the images called positive, the share that are (positive predictive value). */
export function precision({ truePositives, falsePositives }: Counts): number {
  return truePositives / (truePositives + falsePositives)
}

/** Of the positives, the share that were found (recall, true positive rate). */
export function sensitivity({ truePositives, falseNegatives }: Counts): number {
  return truePositives / (truePositives + falseNegatives)
}

/** Of the negatives, the share that were left alone (1 − false positive rate). */
export function specificity({ trueNegatives, falsePositives }: Counts): number {
  return trueNegatives / (trueNegatives + falsePositives)
}

/** The harmonic mean of precision and sensitivity. */
export function f1({ truePositives, falsePositives, falseNegatives }: Counts): number {
  return 2 * truePositives / (2 * truePositives + falsePositives + falseNegatives)
}

/**
 * Mean cross-entropy in nats: −log of the probability given to the true class.
 * @param probabilities [count, classes], row by row; each row sums to 1
 * @remarks probabilities are kept 1e-7 from 0 and 1, as Keras does, so that one certain mistake is not infinite
 */
export function logLoss(truth: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number): number {
  sameLength('probabilities', probabilities.length, truth.length * classes)
  let total = 0
  for (let i = 0; i < truth.length; i++)
    total -= Math.log(Math.min(Math.max(probabilities[i * classes + truth[i]], 1e-7), 1 - 1e-7))
  return total / truth.length
}

/** Brier score: mean squared difference between the probability of the positive class and the truth (0 or 1). */
export function brier(positives: ArrayLike<number>, scores: ArrayLike<number>): number {
  sameLength('scores', scores.length, positives.length)
  let total = 0
  for (let i = 0; i < positives.length; i++) total += (scores[i] - positives[i]) ** 2
  return total / positives.length
}

/**
 * The receiver operating characteristic: one point a distinct score, from (0, 0) to (1, 1).
 * Images with equal scores are taken together, so ties give a slope, not a stair.
 * @param positives 1 where the image is of the positive class, else 0
 * @param order images by falling score, if the caller has it ({@link byFallingScore})
 */
export function rocPoints(
  positives: ArrayLike<number>, scores: ArrayLike<number>, weights?: ArrayLike<number>,
  order: ArrayLike<number> = byFallingScore(scores),
): RocPoint[] {
  sameLength('scores', scores.length, positives.length)
  const points = [{ threshold: Infinity, falsePositiveRate: 0, truePositiveRate: 0 }]
  let found = 0, falseAlarms = 0
  for (let k = 0; k < order.length; k++) {
    const i = order[k], weight = weights ? weights[i] : 1
    if (positives[i]) found += weight
    else falseAlarms += weight
    const lastOfTie = k + 1 === order.length || scores[order[k + 1]] !== scores[i]
    if (lastOfTie) points.push({ threshold: scores[i], falsePositiveRate: falseAlarms, truePositiveRate: found })
  }
  return points.map(p => ({
    threshold: p.threshold,
    falsePositiveRate: p.falsePositiveRate / falseAlarms,
    truePositiveRate: p.truePositiveRate / found,
  }))
}

/** Area under a receiver operating characteristic: the chance that a positive scores above a negative, ties half. */
export function areaUnder(points: readonly RocPoint[]): number {
  let area = 0
  for (let k = 1; k < points.length; k++)
    area += (points[k].falsePositiveRate - points[k - 1].falsePositiveRate)
      * (points[k].truePositiveRate + points[k - 1].truePositiveRate) / 2
  return area
}

/** The images by falling score. */
export function byFallingScore(scores: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b] - scores[a])
}

/** The class with the highest probability in each row; the first of equals. */
export function mostProbable(probabilities: ArrayLike<number>, classes: number): Int32Array {
  return Int32Array.from({ length: probabilities.length / classes }, (_, i) => {
    let best = 0
    for (let k = 1; k < classes; k++) if (probabilities[i * classes + k] > probabilities[i * classes + best]) best = k
    return best
  })
}

/** The mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function sameLength(what: string, received: number, expected: number): void {
  if (received !== expected)
    throw new LabError('shape-mismatch', {
      expected: `${expected} ${what}`,
      received: String(received),
      remedy: 'pass the truth and the predictions of the same images',
    })
}
