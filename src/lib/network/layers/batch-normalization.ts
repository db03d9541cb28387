/**
 * Batch normalization (Ioffe and Szegedy 2015), in its two modes.
 *
 * Training: y = γ (x − mean of the batch) / √(variance of the batch + ε) + β, and the moving averages
 * follow: moving ← momentum · moving + (1 − momentum) · batch. As in Keras the variance that enters
 * the moving average is the biased one (divided by N; the fused kernel gives N − 1).
 *
 * Fixed: the moving averages stand for the batch's, nothing moves. Frozen layers run so.
 */
import { donate, release, type Tensor } from '../../engine/engine'
import { operations } from '../../engine/operations-in-use'
import type { Variable } from '../../engine/variable'
import { noParameters, type Backward, type Follower, type Layer } from './layer'

export interface BatchNormalizationOptions {
  name: string
  /** What is normalized; and, where there is a second one, what is added to the result. */
  inputs: readonly string[]
  gamma: Variable
  beta: Variable
  epsilon: number
  follower: Follower
  /** Whether ReLU follows. */
  relu: boolean
}

/** Batch normalization in training mode, with what follows it: relu(normalized + side). */
export function batchNormalization(options: BatchNormalizationOptions): Layer {
  const { name, inputs, gamma, beta, epsilon, follower, relu } = options
  return {
    name, inputs, follower, trainable: true, takes: [1],
    variables: [gamma, beta],
    remembers: { inputs: [0], y: relu },

    forward: ([x, side]) => withImages(x, images => {
      const { y, mean, variance, saved } =
        operations().normalizeBatch(images, gamma.value(), beta.value(), { epsilon, relu, side })
      return { y: sameShape(y, x), saved, statistics: { mean, variance } }
    }),

    backward: (dy, { inputs: [x, side], y, saved, inputGradient }) => withImages(x, images => {
      const gradient = donate(sameShape(dy, images))
      const { dx, dGamma, dBeta, dSide } = operations().normalizeBatchGradient(
        gradient, images, y, gamma.value(), saved, { epsilon, relu, side: Boolean(side) })
      const parameters = new Map([[gamma.name, dGamma], [beta.name, dBeta]])
      if (inputGradient) return { inputs: [sameShape(dx, x), ...(dSide ? [dSide] : [])], parameters }
      release(dx, ...(dSide ? [dSide] : []))
      return { inputs: [], parameters }
    }),
  }
}

/** y = scale · x + shift, one of each a channel: frozen batch normalization behind a convolution that trains. */
export function fixedNormalization(
  name: string, inputs: readonly string[], factor: Variable, shift: Variable,
): Layer {
  return {
    name, inputs, trainable: false, takes: [0],
    variables: [factor, shift],
    remembers: { inputs: [], y: false },
    forward: ([x]) =>
      ({ y: operations().addBias(donate(operations().times(x, factor.value())), shift.value()), saved: [] }),
    backward: (dy): Backward =>
      ({ inputs: [operations().times(donate(dy), factor.value())], parameters: noParameters }),
  }
}

/** Hands x over as images: the fused kernel takes no [batch, features]. */
function withImages<Result>(x: Tensor, use: (images: Tensor) => Result): Result {
  if (x.shape.length === 4) return use(x)
  const images = operations().reshape(x, [x.shape[0], 1, 1, x.shape[1]])
  try {
    return use(images)
  } finally {
    release(images)
  }
}

/** `result` in the shape of `like`; takes `result` over. */
function sameShape(result: Tensor, like: Tensor): Tensor {
  if (like.shape.length === result.shape.length) return result
  return operations().reshape(donate(result), like.shape)
}
