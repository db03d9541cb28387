/** Batch normalization in training mode: by the binding's own operations, or by TensorFlow's fused ones. */
import { attribute, execute, nativeEngine, run, traits } from './native-engine'
import { donate, type Tensor } from '../tensor'
import type { Normalization, NormalizedBatch, NormalizedBatchGradient } from '../operations'
import { add, relu as positivePart, reluGradient, scale } from './arithmetic'
import { constant, float, inSixteens, nhwc, onceFor } from './attributes'
import { sizeOf } from '../../system/shape'

const { release } = nativeEngine

export function normalizeBatch(
  x: Tensor, gamma: Tensor, beta: Tensor, { epsilon, relu, side }: Normalization & { side?: Tensor },
): NormalizedBatch {
  if (hasProjectOperation(x)) {
    const [y, mean, variance, ...more] = execute(relu ? 'LabNormalizeRelu' : 'LabNormalize', [],
      [x, gamma, beta, constant(Float32Array.of(epsilon)), ...(side ? [side] : [])], 5)
    return { y, mean, variance, saved: [mean, variance, ...more] }
  }
  const none = constant(new Float32Array(0))
  const [z, mean, unbiased, ...saved] =
    execute('FusedBatchNormV3', [...attributes(epsilon), averaging], [x, gamma, beta, none, none], 6)
  const sum = side ? add(donate(z), side) : z
  const y = relu ? positivePart(donate(sum)) : sum
  // The operation's own variance is divided by N − 1. On the processor it also saves the biased one; on a card, 1 / σ.
  if (!traits().card) {
    release(mean, unbiased, saved[2])
    return { y, mean: saved[0], variance: saved[1], saved: saved.slice(0, 2) }
  }
  const count = sizeOf(x.shape.slice(0, -1))
  const variance = scale(donate(unbiased), (count - 1) / count)
  return { y, mean, variance, saved: [...saved, mean, variance] }
}

export function normalizeBatchGradient(
  dy: Tensor, x: Tensor, y: Tensor, gamma: Tensor, saved: readonly Tensor[],
  { epsilon, relu, side }: Normalization & { side: boolean },
): NormalizedBatchGradient {
  if (hasProjectOperation(x)) {
    const [mean, , inverse, shift] = saved
    const [dx, dGamma, dBeta, dSide] = execute(relu ? 'LabNormalizeReluGradient' : 'LabNormalizeGradient', [],
      [dy, x, gamma, mean, inverse, shift, ...(side ? [y] : [])], side ? 4 : 3)
    return { dx, dGamma, dBeta, dSide }
  }
  const dSum = relu ? donate(reluGradient(dy, y)) : dy
  const dSide = side ? run('Identity', [float], { id: dSum.id, shape: dSum.shape }) : undefined
  const [dx, dGamma, dBeta, ...unused] = execute('FusedBatchNormGradV3', attributes(epsilon),
    [dSum, x, gamma, saved[0], saved[1], saved[2] ?? constant(new Float32Array(0))], 5)
  release(...unused)
  return { dx, dGamma, dBeta, dSide }
}

function hasProjectOperation(x: Tensor): boolean {
  return traits().projectOperations && inSixteens(x.shape[3])
}

/** The operation keeps no moving averages here. */
const averaging = attribute.float('exponential_avg_factor', 1)

const attributes = onceFor((epsilon: number) => [
  float, attribute.type('U', 'float'), nhwc, attribute.float('epsilon', epsilon), attribute.bool('is_training', true),
])
