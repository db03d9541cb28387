/**
 * Normalized cross-correlation: how alike two images are, whatever their brightness and contrast. Images become vectors
 * of mean 0 and length 1; the dot product of two such vectors is the correlation of the images, −1 to 1.
 */

/**
 * Writes numbers as a vector of mean 0 and length 1. Equal numbers become zeros, which correlate with nothing.
 * @param target receives the vector from `offset` on
 */
export function writeUnitVector(
  target: Float32Array | Float64Array, offset: number, values: Uint8Array | Float32Array,
): void {
  const { length } = values
  const mean = sumOf(values, value => value) / length
  const norm = Math.sqrt(sumOf(values, value => (value - mean) ** 2))
  for (let i = 0; i < length; i++) target[offset + i] = norm > 0 ? (values[i] - mean) / norm : 0
}

/** The dot product of `length` numbers of `a` from `startA` on and `length` numbers of `b` from `startB` on. */
export function dotProduct(
  a: Float32Array | Float64Array, startA: number, b: Float32Array | Float64Array, startB: number, length: number,
): number {
  // Four sums at once: each addition waits only for the last addition to the same sum.
  let s = 0, t = 0, u = 0, v = 0
  let k = 0
  for (; k + 3 < length; k += 4) {
    s += a[startA + k] * b[startB + k]
    t += a[startA + k + 1] * b[startB + k + 1]
    u += a[startA + k + 2] * b[startB + k + 2]
    v += a[startA + k + 3] * b[startB + k + 3]
  }
  for (; k < length; k++) s += a[startA + k] * b[startB + k]
  return s + t + u + v
}

function sumOf(values: Uint8Array | Float32Array, term: (value: number) => number): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += term(values[i])
  return sum
}
