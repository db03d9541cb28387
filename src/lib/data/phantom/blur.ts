/** Smoothing of a square picture. */

/** Applies the 3 × 3 binomial filter (1 2 1 in both directions); edges are repeated. */
export function blur(values: Float32Array, size: number): Float32Array {
  const across = new Float32Array(values.length), both = new Float32Array(values.length)
  const last = size - 1
  for (let row = 0, i = 0; row < size; row++)
    for (let column = 0; column < size; column++, i++)
      across[i] = (values[column > 0 ? i - 1 : i] + 2 * values[i] + values[column < last ? i + 1 : i]) / 4
  for (let row = 0, i = 0; row < size; row++)
    for (let column = 0; column < size; column++, i++)
      both[i] = (across[row > 0 ? i - size : i] + 2 * across[i] + across[row < last ? i + size : i]) / 4
  return both
}
