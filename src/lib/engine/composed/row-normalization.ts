/** Rows scaled to length 1, forward and backward, on TensorFlow.js's operations. */
import type { NormalizedRows } from '../operations'
import type { Tensor } from '../tensor'
import { compose, composeAll } from './wasm-engine'

/** Divides by the largest number first: squares of large numbers overflow, squares of small ones vanish. */
export function normalizeRows(x: Tensor): NormalizedRows {
  const [y, lengths] = composeAll([x], (tf, value) => {
    const largest = tf.max(tf.abs(value), 1, true)
    const scaled = tf.divNoNan(value, largest)
    const length = tf.sqrt(tf.sum(tf.mul(scaled, scaled), 1, true))
    return [tf.divNoNan(scaled, length), tf.mul(length, largest)]
  })
  return { y, lengths }
}

export function normalizeRowsGradient(dy: Tensor, { y, lengths }: NormalizedRows): Tensor {
  return compose([dy, y, lengths], (tf, gradient, rows, length) =>
    tf.divNoNan(tf.sub(gradient, tf.mul(rows, tf.sum(tf.mul(rows, gradient), 1, true))), length))
}
