/**
 * Metrics: how good predictions are. Arrays in, numbers out.
 *
 * Classes are the whole numbers 0 … classes − 1. Functions that count images take optional `weights`: how often each
 * image counts. A bootstrap resample is therefore a list of weights, not a copy of the images.
 * A quantity that is not defined (sensitivity without positives, for instance) is NaN, never 0 or 1.
 * The values are those of scikit-learn's functions of the same name with `zero_division = nan`, but a mean over classes
 * is NaN where one class has no value: scikit-learn leaves that class out.
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

/** One point of a receiver operating characteristic: the two rates at one threshold. */
export interface RocPoint {
  /** Images with at least this score are predicted as positive; the first point's threshold is infinite. */
  threshold: number
  falsePositiveRate: number
  truePositiveRate: number
}

/**
 * The confusion matrix of `truth` against `predicted`.
 * @param weights how often each image counts. Default: once
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

/** The share of images whose predicted class is the true class. */
export function accuracy(confusion: Confusion): number {
  return sum(confusion.map((row, k) => row[k])) / sum(confusion.map(sum))
}

/** The mean of the classes' sensitivities. Guessing gives 1 / classes, however unequal the classes are. */
export function balancedAccuracy(confusion: Confusion): number {
  return mean(confusion.map((row, k) => row[k] / sum(row)))
}

/** The share of the images predicted as positive that are positive (positive predictive value). */
export function precision({ truePositives, falsePositives }: Counts): number {
  return truePositives / (truePositives + falsePositives)
}

/** The share of the positives that are predicted as positive (recall, true positive rate). */
export function sensitivity({ truePositives, falseNegatives }: Counts): number {
  return truePositives / (truePositives + falseNegatives)
}

/** The share of the negatives that are predicted as negative (1 − false positive rate). */
export function specificity({ trueNegatives, falsePositives }: Counts): number {
  return trueNegatives / (trueNegatives + falsePositives)
}

/** The share of the images predicted as negative that are negative. */
export function negativePredictiveValue({ trueNegatives, falseNegatives }: Counts): number {
  return trueNegatives / (trueNegatives + falseNegatives)
}

/** The harmonic mean of precision and sensitivity. */
export function f1({ truePositives, falsePositives, falseNegatives }: Counts): number {
  return 2 * truePositives / (2 * truePositives + falsePositives + falseNegatives)
}

/**
 * Mean cross-entropy in nats: −log of the probability of the true class.
 * @param probabilities [count, classes], row by row; each row sums to 1
 * @remarks probabilities are clipped to 1e-7 from 0 and 1, as in Keras, so that one certain mistake is not infinite
 */
export function logLoss(
  truth: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number, weights?: ArrayLike<number>,
): number {
  sameLength('probabilities', probabilities.length, truth.length * classes)
  let total = 0, images = 0
  for (let i = 0; i < truth.length; i++) {
    const weight = weights ? weights[i] : 1
    total -= weight * Math.log(Math.min(Math.max(probabilities[i * classes + truth[i]], 1e-7), 1 - 1e-7))
    images += weight
  }
  return total / images
}

/** Brier score: mean squared difference between the probability of the positive class and the truth (0 or 1). */
export function brier(positives: ArrayLike<number>, scores: ArrayLike<number>): number {
  sameLength('scores', scores.length, positives.length)
  let total = 0
  for (let i = 0; i < positives.length; i++) total += (scores[i] - positives[i]) ** 2
  return total / positives.length
}

/**
 * Brier score over all classes: half the squared distance between an image's probabilities and the truth (1 for the
 * true class, 0 for the others), averaged over images; 0 to 1. Of two classes it equals {@link brier} of either class.
 * @param probabilities [count, classes], row by row
 */
export function brierOverClasses(
  truth: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number, weights?: ArrayLike<number>,
): number {
  sameLength('probabilities', probabilities.length, truth.length * classes)
  let total = 0, images = 0
  for (let i = 0; i < truth.length; i++) {
    let distance = 0
    for (let k = 0; k < classes; k++) distance += (probabilities[i * classes + k] - (truth[i] === k ? 1 : 0)) ** 2
    const weight = weights ? weights[i] : 1
    total += weight * distance / 2
    images += weight
  }
  return total / images
}

/**
 * The receiver operating characteristic: one point for each distinct score, from (0, 0) to (1, 1).
 * Images with equal scores share one point, so that ties give a slope, not a step.
 * @param positives 1 where the image is of the positive class, else 0
 * @param order images by falling score. Default {@link byFallingScore}
 */
export function rocPoints(
  positives: ArrayLike<number>, scores: ArrayLike<number>, weights?: ArrayLike<number>,
  order: ArrayLike<number> = byFallingScore(scores),
): RocPoint[] {
  sameLength('scores', scores.length, positives.length)
  const points = [{ threshold: Infinity, falsePositiveRate: 0, truePositiveRate: 0 }]
  let truePositives = 0, falsePositives = 0
  for (let k = 0; k < order.length; k++) {
    const i = order[k], weight = weights ? weights[i] : 1
    if (positives[i]) truePositives += weight
    else falsePositives += weight
    const lastOfTie = k + 1 === order.length || scores[order[k + 1]] !== scores[i]
    if (lastOfTie)
      points.push({ threshold: scores[i], falsePositiveRate: falsePositives, truePositiveRate: truePositives })
  }
  return points.map(p => ({
    threshold: p.threshold,
    falsePositiveRate: p.falsePositiveRate / falsePositives,
    truePositiveRate: p.truePositiveRate / truePositives,
  }))
}

/**
 * Area under a receiver operating characteristic: how probable a positive scores above a negative; ties count half.
 * @returns NaN without positives or negatives
 */
export function areaUnder(points: readonly RocPoint[]): number {
  if (points.length < 2) return NaN
  let area = 0
  for (let k = 1; k < points.length; k++)
    area += (points[k].falsePositiveRate - points[k - 1].falsePositiveRate)
      * (points[k].truePositiveRate + points[k - 1].truePositiveRate) / 2
  return area
}

/**
 * The area under the receiver operating characteristic, to the bit `areaUnder(rocPoints(…))`, without listing points.
 * @param order images by falling score. Default {@link byFallingScore}
 */
export function areaUnderRoc(
  positives: ArrayLike<number>, scores: ArrayLike<number>, weights?: ArrayLike<number>,
  order: ArrayLike<number> = byFallingScore(scores),
): number {
  sameLength('scores', scores.length, positives.length)
  let positive = 0, negative = 0
  for (let k = 0; k < order.length; k++) {
    const weight = weights ? weights[order[k]] : 1
    if (positives[order[k]]) positive += weight
    else negative += weight
  }
  if (order.length === 0) return NaN
  let area = 0, found = 0, alarmed = 0, foundBefore = 0 / positive, alarmedBefore = 0 / negative
  for (let k = 0; k < order.length; k++) {
    const i = order[k], weight = weights ? weights[i] : 1
    if (positives[i]) found += weight
    else alarmed += weight
    if (k + 1 < order.length && scores[order[k + 1]] === scores[i]) continue
    const foundNow = found / positive, alarmedNow = alarmed / negative
    area += (alarmedNow - alarmedBefore) * (foundNow + foundBefore) / 2
    foundBefore = foundNow
    alarmedBefore = alarmedNow
  }
  return area
}

/** Indices of the images by falling score. */
export function byFallingScore(scores: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b] - scores[a])
}

/** The class with the highest probability in each row; of equal ones the first. */
export function mostProbable(probabilities: ArrayLike<number>, classes: number): Int32Array {
  return Int32Array.from({ length: probabilities.length / classes }, (_, i) => {
    let best = 0
    for (let k = 1; k < classes; k++) if (probabilities[i * classes + k] > probabilities[i * classes + best]) best = k
    return best
  })
}

/** The mean. NaN without values, and where any value is NaN (d3-array's `mean` would skip it). */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** @throws LabError 'shape-mismatch' where the lengths differ */
export function sameLength(what: string, received: number, expected: number): void {
  if (received !== expected)
    throw new LabError('shape-mismatch', {
      expected: `${expected} ${what}`,
      received: String(received),
      remedy: 'Pass the truth and the predictions of the same images',
    })
}
