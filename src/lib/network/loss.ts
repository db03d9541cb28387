/** Softmax and cross-entropy on plain arrays: what the last layer's scores say, and how wrong it is. */

/** exp(score) / Σ exp(score), row by row. Both [rows, classes]. */
export function softmax(scores: Float32Array, classes: number): Float32Array {
  const probabilities = new Float32Array(scores.length)
  for (let start = 0; start < scores.length; start += classes) {
    const row = scores.subarray(start, start + classes)
    const highest = Math.max(...row)
    const sum = row.reduce((total, score) => total + Math.exp(score - highest), 0)
    for (let k = 0; k < classes; k++) probabilities[start + k] = Math.exp(row[k] - highest) / sum
  }
  return probabilities
}

export interface Loss {
  /** Mean cross-entropy over the rows, in nats. */
  loss: number
  /** Rows whose highest score is their label's. */
  correct: number
  /** Gradient of the mean loss with respect to the scores, [rows, classes]. */
  gradient: Float32Array
}

/**
 * Cross-entropy of the scores against the labels.
 * @param labels class number of each row
 * @param smoothing share of each label spread evenly over all classes (Szegedy et al. 2016), 0 to 1
 */
export function crossEntropy(scores: Float32Array, labels: ArrayLike<number>, classes: number, smoothing = 0): Loss {
  const rows = labels.length
  const gradient = new Float32Array(scores.length)
  let loss = 0, correct = 0
  for (let row = 0; row < rows; row++) {
    const own = scores.subarray(row * classes, (row + 1) * classes)
    const highest = Math.max(...own)
    const logSum = highest + Math.log(own.reduce((total, score) => total + Math.exp(score - highest), 0))
    if (own.indexOf(highest) === labels[row]) correct++
    for (let k = 0; k < classes; k++) {
      const target = smoothing / classes + (k === labels[row] ? 1 - smoothing : 0)
      loss -= target * (own[k] - logSum)
      gradient[row * classes + k] = (Math.exp(own[k] - logSum) - target) / rows
    }
  }
  return { loss: loss / rows, correct, gradient }
}
