/** Batch normalization in training mode, forward and backward, written out in TensorFlow.js's operations. */
import type { Normalization, NormalizedBatch, NormalizedBatchGradient } from '../operations'
import type { Tensor } from '../tensor'
import { channelMean, channelSum, countOf } from './channels'
import { composeAll, type Value } from './wasm-engine'

/** y = γ (x − mean) / √(variance + ε) + β, plus the shortcut, then ReLU. */
export function normalizeBatch(
  x: Tensor, gamma: Tensor, beta: Tensor, { epsilon, relu, shortcut }: Normalization & { shortcut?: Tensor },
): NormalizedBatch {
  const inputs = [x, gamma, beta, ...(shortcut ? [shortcut] : [])]
  const [y, mean, variance] = composeAll(inputs, (tf, x, gamma, beta, shortcut) => {
    const mean = channelMean(tf, x)
    const centered = tf.sub<Value>(x, mean)
    const variance = channelMean(tf, tf.square(centered))
    const deviation = tf.sqrt(tf.add(variance, epsilon))
    const normalized = tf.add(tf.mul(centered, tf.div(gamma, deviation)), beta)
    const sum = shortcut ? tf.add(normalized, shortcut) : normalized
    return [relu ? tf.relu(sum) : sum, mean, variance]
  })
  return { y, mean, variance, saved: [mean, variance] }
}

/**
 * With x̂ = (x − mean) / √(variance + ε) and N numbers a channel:
 * dβ = Σ dy, dγ = Σ dy · x̂, dx = γ / √(variance + ε) · (dy − dβ / N − x̂ · dγ / N).
 */
export function normalizeBatchGradient(
  dy: Tensor, x: Tensor, y: Tensor, gamma: Tensor, [mean, variance]: readonly Tensor[],
  { epsilon, relu, shortcut }: Normalization & { shortcut: boolean },
): NormalizedBatchGradient {
  // Without ReLU, y may already be released.
  const inputs = [dy, x, gamma, mean, variance, ...(relu ? [y] : [])]
  const [dx, dGamma, dBeta, dShortcut] = composeAll(inputs, (tf, dy, x, gamma, mean, variance, y) => {
    const dSum = relu ? tf.mul<Value>(dy, tf.step(y)) : dy
    const deviation = tf.sqrt(tf.add(variance, epsilon))
    const normalized = tf.div(tf.sub(x, mean), deviation)
    const dGamma = channelSum(tf, tf.mul(dSum, normalized)), dBeta = channelSum(tf, dSum)
    const count = countOf(x)
    const common = tf.add(tf.mul(normalized, tf.div(dGamma, count)), tf.div(dBeta, count))
    const dx = tf.mul(tf.sub(dSum, common), tf.div(gamma, deviation))
    return [dx, dGamma, dBeta, ...(shortcut ? [tf.clone(dSum)] : [])]
  })
  return { dx, dGamma, dBeta, dShortcut }
}
