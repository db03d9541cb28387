/** Batch normalization in training mode on TensorFlow's fused operations. */
import { attribute, execute, nativeEngine, run, traits } from '../../engine/native'
import { handOver, type Tensor } from '../../engine/tensor'
import type { Normalization, NormalizedBatch, NormalizedBatchGradient } from '../kernels'
import { add, relu as positivePart, reluGradient, scale } from './arithmetic'
import { float, nhwc, oneDnnKernel, withConstant } from './attributes'

const { release } = nativeEngine

export function normalizeBatch(
  x: Tensor, gamma: Tensor, beta: Tensor, { epsilon, relu, side }: Normalization & { side?: Tensor },
): NormalizedBatch {
  const joined = relu && !side && traits().oneDnn
  const common = [...attributes(epsilon), attribute.float('exponential_avg_factor', 1)]
  const [z, mean, variance, ...reserved] = withConstant(new Float32Array(0), [0], none => joined
    ? execute('_MklNativeFusedBatchNormEx', [
      ...common, oneDnnKernel, attribute.int('num_side_inputs', 0), attribute.string('activation_mode', 'Relu'),
    ], [x, gamma, beta, none, none], 6)
    : execute('FusedBatchNormV3', common, [x, gamma, beta, none, none], 6))
  const sum = side ? add(handOver(z), side) : z
  const y = relu && !joined ? positivePart(handOver(sum)) : sum
  // The operation's own variance is the unbiased one: divided by N − 1.
  const count = x.shape.slice(0, -1).reduce((product, n) => product * n, 1)
  const biased = scale(variance, (count - 1) / count)
  release(variance)
  return { y, mean, variance: biased, saved: [...reserved, mean, biased] }
}

export function normalizeBatchGradient(
  dy: Tensor, x: Tensor, y: Tensor, gamma: Tensor, saved: readonly Tensor[],
  { epsilon, relu, side }: Normalization & { side: boolean },
): NormalizedBatchGradient {
  const dSum = relu ? handOver(reluGradient(dy, y)) : dy
  const dSide = side ? run('Identity', [float], { id: dSum.id, shape: dSum.shape }) : undefined
  const [dx, dGamma, dBeta, ...unused] = execute('FusedBatchNormGradV3', attributes(epsilon),
    [dSum, x, gamma, ...saved.slice(0, 3)], 5)
  release(...unused)
  return { dx, dGamma, dBeta, dSide }
}

function attributes(epsilon: number) {
  return [
    float, attribute.type('U', 'float'), nhwc, attribute.float('epsilon', epsilon),
    attribute.bool('is_training', true),
  ]
}
