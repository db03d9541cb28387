/** Batch normalization in training mode on TensorFlow.js's operations, with its gradient written out. */
import type { Tensor } from '../tensor'
import { composeAll, type Value } from './wasm-engine'
import type { Normalization, NormalizedBatch, NormalizedBatchGradient } from '../operations'
import { channelMean, channelSum, countOf } from './channels'

export function normalizeBatch(
  x: Tensor, gamma: Tensor, beta: Tensor, { epsilon, relu, side }: Normalization & { side?: Tensor },
): NormalizedBatch {
  const [y, mean, variance] = composeAll([x, gamma, beta, ...(side ? [side] : [])], (tf, batch, g, b, brought) => {
    const mean = channelMean(tf, batch)
    const centred = tf.sub<Value>(batch, mean)
    const variance = channelMean(tf, tf.square(centred))
    const normalized = tf.add(tf.mul(centred, tf.div(g, tf.sqrt(tf.add(variance, epsilon)))), b)
    const sum = brought ? tf.add(normalized, brought) : normalized
    return [relu ? tf.relu(sum) : sum, mean, variance]
  })
  return { y, mean, variance, saved: [mean, variance] }
}

/** With x̂ = (x − mean) / σ: dγ = Σ dy·x̂, dβ = Σ dy, dx = γ / σ · (dy − dβ / N − x̂ · dγ / N). */
export function normalizeBatchGradient(
  dy: Tensor, x: Tensor, y: Tensor, gamma: Tensor, [mean, variance]: readonly Tensor[],
  { epsilon, relu, side }: Normalization & { side: boolean },
): NormalizedBatchGradient {
  // Where no ReLU follows, y may be gone.
  const inputs = [dy, x, gamma, mean, variance, ...(relu ? [y] : [])]
  const [dx, dGamma, dBeta, dSide] = composeAll(inputs, (tf, gradient, batch, g, mean, variance, output) => {
    const dSum = relu ? tf.mul<Value>(gradient, tf.step(output)) : gradient
    const deviation = tf.sqrt(tf.add(variance, epsilon))
    const normalized = tf.div(tf.sub(batch, mean), deviation)
    const dGamma = channelSum(tf, tf.mul(dSum, normalized)), dBeta = channelSum(tf, dSum)
    const common = tf.add(tf.mul(normalized, tf.div(dGamma, countOf(batch))), tf.div(dBeta, countOf(batch)))
    const dx = tf.mul(tf.sub(dSum, common), tf.div(g, deviation))
    return [dx, dGamma, dBeta, ...(side ? [tf.clone(dSum)] : [])]
  })
  return { dx, dGamma, dBeta, dSide }
}
