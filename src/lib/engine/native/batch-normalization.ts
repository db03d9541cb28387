/** Batch normalization in training mode: by the project's own operations, or by TensorFlow's fused ones. */
import { attribute } from './attribute'
import { capabilities } from './binding'
import { execute, nativeEngine, run } from './native-engine'
import type { Normalization, NormalizedBatch, NormalizedBatchGradient } from '../operations'
import { sizeOf } from '../../system/shape'
import { donate, type Tensor } from '../tensor'
import { reluGradient, scale, zeros } from './arithmetic'
import { constant, float, isMultipleOf16, memoized, nhwc } from './attributes'
import { applyEpilogue } from './epilogue'
import { normalizeByParts, normalizeByPartsGradient } from './normalization-by-parts'

const { release } = nativeEngine

export function normalizeBatch(
  x: Tensor, gamma: Tensor, beta: Tensor, normalization: Normalization & { shortcut?: Tensor },
): NormalizedBatch {
  const { epsilon, relu, shortcut } = normalization
  if (capabilities().steps === 'xla') return normalizeByParts(x, gamma, beta, normalization)
  if (hasProjectOperation(x)) {
    const [y, mean, variance, ...more] = execute(relu ? 'LabNormalizeRelu' : 'LabNormalize', [],
      [x, gamma, beta, constant(Float32Array.of(epsilon)), ...(shortcut ? [shortcut] : [])], 5)
    return { y, mean, variance, saved: [mean, variance, ...more] }
  }
  const empty = constant(new Float32Array(0))
  const [z, mean, unbiased, ...saved] =
    execute('FusedBatchNormV3', [...attributes(epsilon), noMovingAverages], [x, gamma, beta, empty, empty], 6)
  const y = applyEpilogue(z, { relu, shortcut })
  // TensorFlow's variance is divided by N − 1. On a processor the operation also gives the biased one, on a card 1 / σ.
  if (!capabilities().card) {
    release(mean, unbiased, saved[2])
    return { y, mean: saved[0], variance: saved[1], saved: saved.slice(0, 2) }
  }
  const count = sizeOf(x.shape.slice(0, -1))
  // With a single number a channel, N − 1 is 0, and so is the variance.
  if (count === 1) release(unbiased)
  const variance = count === 1 ? zeros(gamma.shape) : scale(donate(unbiased), (count - 1) / count)
  return { y, mean, variance, saved: [...saved, mean, variance] }
}

export function normalizeBatchGradient(
  dy: Tensor, x: Tensor, y: Tensor, gamma: Tensor, saved: readonly Tensor[],
  normalization: Normalization & { shortcut: boolean },
): NormalizedBatchGradient {
  const { epsilon, relu, shortcut } = normalization
  if (capabilities().steps === 'xla') return normalizeByPartsGradient(dy, x, y, gamma, saved, normalization)
  if (hasProjectOperation(x)) {
    const [mean, , inverse, beta] = saved
    const [dx, dGamma, dBeta, dShortcut] = execute(relu ? 'LabNormalizeReluGradient' : 'LabNormalizeGradient', [],
      [dy, x, gamma, mean, inverse, beta, ...(shortcut ? [y] : [])], shortcut ? 4 : 3)
    return { dx, dGamma, dBeta, dShortcut }
  }
  const dSum = relu ? donate(reluGradient(dy, y)) : dy
  const dShortcut = shortcut ? run('Identity', [float], { id: dSum.id, shape: dSum.shape }) : undefined
  const [dx, dGamma, dBeta, ...unused] = execute('FusedBatchNormGradV3', attributes(epsilon),
    [dSum, x, gamma, saved[0], saved[1], saved[2] ?? constant(new Float32Array(0))], 5)
  release(...unused)
  return { dx, dGamma, dBeta, dShortcut }
}

function hasProjectOperation(x: Tensor): boolean {
  return capabilities().projectOperations && isMultipleOf16(x.shape[3])
}

/** The factor 1 gives the batch's own statistics: the library keeps its moving averages itself. */
const noMovingAverages = attribute.float('exponential_avg_factor', 1)

const attributes = memoized((epsilon: number) => [
  float, attribute.type('U', 'float'), nhwc, attribute.float('epsilon', epsilon), attribute.bool('is_training', true),
])
