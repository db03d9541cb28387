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
 */
export function crossEntropy(scores: Float32Array, labels: ArrayLike<number>, classes: number, smoothing = 0): Loss {
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
