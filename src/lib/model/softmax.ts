/** Softmax on plain arrays: class scores (logits) to class probabilities. */

/**
 * exp(score) / Σ exp(score), row by row.
 * @param scores [rows, classes], row after row
 * @returns probabilities [rows, classes] in the type of `scores`; each row adds up to 1
 * @example softmax(Float32Array.of(0, 0), 2)   // 0.5 and 0.5
 */
export function softmax(scores: Float32Array, classes: number): Float32Array
export function softmax(scores: Float64Array, classes: number): Float64Array
export function softmax<Scores extends Float32Array | Float64Array>(scores: Scores, classes: number): Scores {
  const probabilities = scores.slice() as Scores
  for (let start = 0; start < scores.length; start += classes) {
    const row = scores.subarray(start, start + classes)
    const { highest, sum } = sumOfExponentials(row)
    for (let k = 0; k < classes; k++) probabilities[start + k] = Math.exp(row[k] - highest) / sum
  }
  return probabilities
}

/** log Σ exp(score): subtracted from a row's scores it gives the logarithms of their probabilities. */
export function logSumExp(row: Float32Array | Float64Array): number {
  const { highest, sum } = sumOfExponentials(row)
  return highest + Math.log(sum)
}

/** Σ exp(score − highest score). Without the highest score subtracted, a score above 709 would overflow. */
function sumOfExponentials(row: Float32Array | Float64Array): { highest: number; sum: number } {
  let highest = -Infinity, sum = 0
  for (const score of row) highest = Math.max(highest, score)
  for (const score of row) sum += Math.exp(score - highest)
  return { highest, sum }
}
