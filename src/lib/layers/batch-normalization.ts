/**
 * Batch normalization (Ioffe and Szegedy 2015), in its two modes.
 *
 * Training: y = γ (x − mean of the batch) / √(variance of the batch + ε) + β, and the moving averages
 * follow: moving ← momentum · moving + (1 − momentum) · batch. As in Keras the variance that enters
 * the moving average is the biased one (divided by N; the fused kernel gives N − 1).
 *
 * Fixed: the moving averages stand for the batch's, nothing moves. Frozen layers run so.
 */
import { release, type Tensor } from '../engine'
import {
  add, addBias, normalizeBatch, normalizeBatchGradient, reshape, scale, times,
} from '../kernels'
import { withValues, type Variable } from '../variable'
import { noParameters, type Layer } from './layer'

export interface BatchNormalizationVariables {
  gamma: Variable
  beta: Variable
  mean: Variable
  variance: Variable
}

export interface BatchNormalizationOptions {
  name: string
  inputs: readonly string[]
  variables: BatchNormalizationVariables
  epsilon: number
  momentum: number
}

/** Batch normalization in training mode. */
export function batchNormalization(options: BatchNormalizationOptions): Layer {
  const { name, inputs, epsilon, momentum, variables: { gamma, beta, mean, variance } } = options
  return {
    name, inputs, trainable: true,
    variables: [gamma, beta, mean, variance],
    remembers: { inputs: true, y: false },

    forward: ([x]) => withImages([x], images => {
      const batch = withValues([gamma, beta], (g, b) => normalizeBatch(images, g, b, epsilon))
      const count = x.shape.slice(0, -1).reduce((product, n) => product * n, 1)
      follow(mean, batch.mean, momentum, 1)
      follow(variance, batch.variance, momentum, (count - 1) / count)
      release(batch.mean, batch.variance)
      return { y: sameShape(batch.y, x), saved: batch.reserved }
    }),

    backward: (dy, { inputs: [x], saved, inputGradient }) => withImages([dy, x], (gradient, images) => {
      const reserved = saved as unknown as readonly [Tensor, Tensor, Tensor]
      const { dx, dGamma, dBeta } = withValues([gamma], g =>
        normalizeBatchGradient(gradient, images, g, reserved, epsilon))
      const parameters = new Map([[gamma.name, dGamma], [beta.name, dBeta]])
      if (inputGradient) return { inputs: [sameShape(dx, x)], parameters }
      release(dx)
      return { inputs: [], parameters }
    }),
  }
}

/** y = scale · x + shift, one of each a channel: frozen batch normalization behind a convolution that trains. */
export function fixedNormalization(
  name: string, inputs: readonly string[], factor: Variable, shift: Variable,
): Layer {
  return {
    name, inputs, trainable: false,
    variables: [factor, shift],
    remembers: { inputs: false, y: false },
    forward: ([x]) => withValues([factor, shift], (f, s) => {
      const scaled = times(x, f)
      const y = addBias(scaled, s)
      release(scaled)
      return { y, saved: [] }
    }),
    backward: dy => ({ inputs: [withValues([factor], f => times(dy, f))], parameters: noParameters }),
  }
}

/** moving ← momentum · moving + (1 − momentum) · correction · batch */
function follow(moving: Variable, batch: Tensor, momentum: number, correction: number): void {
  const kept = withValues([moving], values => scale(values, momentum))
  const fresh = scale(batch, (1 - momentum) * correction)
  const next = add(kept, fresh)
  moving.assign(next)
  release(kept, fresh, next)
}

/** Hands tensors over as images: the fused kernel takes no [batch, features]. */
function withImages<Result>(tensors: readonly Tensor[], use: (...images: Tensor[]) => Result): Result {
  if (tensors[0].shape.length === 4) return use(...tensors)
  const images = tensors.map(one => reshape(one, [one.shape[0], 1, 1, one.shape[1]]))
  try {
    return use(...images)
  } finally {
    release(...images)
  }
}

/** `result` in the shape of `like`; takes `result` over. */
function sameShape(result: Tensor, like: Tensor): Tensor {
  if (like.shape.length === 4) return result
  const shaped = reshape(result, like.shape)
  release(result)
  return shaped
}
