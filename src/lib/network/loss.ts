/** Cross-entropy on plain arrays: how far class scores are from the labels, and the gradient that training follows. */
import { logSumExp } from '../model/softmax'

export interface Loss {
  /** Mean cross-entropy over the rows, in nats. */
  loss: number
  /** How many rows have their highest score at their label. */
  correct: number
  /** Gradient of the mean loss with respect to the scores, [rows, classes]. */
  gradient: Float32Array
}

/**
 * Cross-entropy of the scores against the labels: −Σ target · log softmax(scores), averaged over the rows. Its gradient
 * is (softmax(scores) − target) / rows.
 * @param scores class scores before softmax, [rows, classes]
 * @param labels class number of each row
 * @param smoothing share of each label that is spread evenly over all classes (label smoothing, Szegedy et al. 2016),
 *   0 to 1; default 0
 * @param weights of each class, in the classes' order: see `weightedCrossEntropy`. Default: all classes count alike
 */
export function crossEntropy(
  scores: Float32Array, labels: ArrayLike<number>, classes: number, smoothing = 0, weights?: readonly number[],
): Loss {
  if (weights) return weightedCrossEntropy(scores, labels, smoothing, weights)
  const rows = labels.length
  const gradient = new Float32Array(scores.length)
  let loss = 0, correct = 0
  for (let row = 0; row < rows; row++) {
    const rowScores = scores.subarray(row * classes, (row + 1) * classes)
    const logSum = logSumExp(rowScores)
    if (rowScores.indexOf(Math.max(...rowScores)) === labels[row]) correct++
    for (let k = 0; k < classes; k++) {
      const target = smoothing / classes + (k === labels[row] ? 1 - smoothing : 0)
      const logProbability = rowScores[k] - logSum
      loss -= target * logProbability
      gradient[row * classes + k] = (Math.exp(logProbability) - target) / rows
    }
  }
  return { loss: loss / rows, correct, gradient }
}

/**
 * Cross-entropy in which classes count differently, as PyTorch defines it (`CrossEntropyLoss` with `weight` and
 * `label_smoothing`): each class's term of a row has the class's weight, and the sum over the rows is divided by the
 * sum of the weights of their labels.
 */
function weightedCrossEntropy(
  scores: Float32Array, labels: ArrayLike<number>, smoothing: number, weights: readonly number[],
): Loss {
  const classes = weights.length, rows = labels.length
  const gradient = new Float32Array(scores.length)
  let total = 0, loss = 0, correct = 0
  for (let row = 0; row < rows; row++) total += weights[labels[row]]
  for (let row = 0; row < rows; row++) {
    const rowScores = scores.subarray(row * classes, (row + 1) * classes)
    const logSum = logSumExp(rowScores)
    if (rowScores.indexOf(Math.max(...rowScores)) === labels[row]) correct++
    const { targets, sum } = weightedTargets(labels[row], classes, smoothing, weights)
    targets.forEach((target, k) => {
      const logProbability = rowScores[k] - logSum
      loss -= target * logProbability
      gradient[row * classes + k] = (sum * Math.exp(logProbability) - target) / total
    })
  }
  return { loss: loss / total, correct, gradient }
}

/**
 * What the gradient of the cross-entropy is made from, besides the scores: in each row it is
 * share · (softmax(scores) − target).
 * @returns the smoothed and weighted labels, [rows, classes], divided by their sum; and by how much each row counts,
 *   [rows]
 */
export function crossEntropyTargets(
  labels: ArrayLike<number>, classes: number, smoothing = 0, weights?: readonly number[],
): { targets: Float32Array; shares: Float32Array } {
  const rows = labels.length
  const targets = new Float32Array(rows * classes), shares = new Float32Array(rows)
  let total = 0
  for (let row = 0; row < rows; row++) total += weights?.[labels[row]] ?? 1
  for (let row = 0; row < rows; row++) {
    const { targets: rowTargets, sum } = weightedTargets(labels[row], classes, smoothing, weights)
    targets.set(rowTargets.map(target => target / sum), row * classes)
    shares[row] = sum / total
  }
  return { targets, shares }
}

/** The smoothed label of a row, each class times its weight, [classes]; and the sum. */
function weightedTargets(
  label: number, classes: number, smoothing: number, weights?: readonly number[],
): { targets: number[]; sum: number } {
  const targets = Array.from({ length: classes }, (_, k) =>
    (weights?.[k] ?? 1) * (smoothing / classes + (k === label ? 1 - smoothing : 0)))
  return { targets, sum: targets.reduce((all, target) => all + target, 0) }
}
