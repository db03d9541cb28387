/**
 * Batch normalization (Ioffe and Szegedy 2015), in its two modes. N numbers of the batch share a channel.
 *
 * Training mode, forward, channel by channel:
 *
 *     mean     = Σ x / N
 *     variance = Σ (x − mean)² / N
 *     x̂        = (x − mean) / √(variance + ε)
 *     y        = γ · x̂ + β
 *
 * Training mode, backward. x reaches the loss in three ways: directly, through the mean and through the variance. With
 * the three derivatives added up:
 *
 *     dβ = Σ dy
 *     dγ = Σ dy · x̂
 *     dx = γ / √(variance + ε) · (dy − dβ / N − x̂ · dγ / N)
 *
 * Each training step also moves the two moving averages: moving ← momentum · moving + (1 − momentum) · batch. The
 * variance that enters the moving average is the biased one (divided by N), as in Keras.
 *
 * Inference mode: the moving averages replace the batch's mean and variance, so that y = scale · x + shift with
 * scale = γ / √(moving variance + ε) and shift = β − moving mean · scale. Frozen layers run in this mode, even while
 * other layers train, and no number of theirs changes.
 */
import { donate, release, type Tensor } from '../../engine/engine'
import { operations } from '../../engine/operations-in-use'
import type { Variable } from '../../engine/variable'
import { noParameters, type BackwardResult, type Layer, type RunningStatistics } from './layer'

export interface BatchNormalizationOptions {
  name: string
  /** The layer to normalize, then, if there is one, the layer whose output is added: a skip connection's shortcut. */
  inputs: readonly string[]
  /** γ, [channels] */
  gamma: Variable
  /** β, [channels] */
  beta: Variable
  /** ε, above 0 */
  epsilon: number
  runningStatistics: RunningStatistics
  /** Whether ReLU follows. */
  relu: boolean
}

/** Batch normalization in training mode, fused with the layers behind it: y = relu(γ · x̂ + β + shortcut). */
export function batchNormalization(options: BatchNormalizationOptions): Layer {
  const { name, inputs, gamma, beta, epsilon, runningStatistics, relu } = options
  return {
    name, inputs, runningStatistics, trainable: true, overwritableInputs: [1],
    variables: [gamma, beta],
    savedForBackward: { inputs: [0], y: relu },

    forward: ([x, shortcut]) => asImages(x, images => {
      const { y, mean, variance, saved } =
        operations().normalizeBatch(images, gamma.value(), beta.value(), { epsilon, relu, shortcut })
      return { y: reshapeLike(y, x), saved, statistics: { mean, variance } }
    }),

    backward: (dy, { inputs: [x, shortcut], y, saved, needsInputGradient }) => asImages(x, images => {
      const { dx, dGamma, dBeta, dShortcut } = operations().normalizeBatchGradient(
        donate(reshapeLike(dy, images)), images, y, gamma.value(), saved,
        { epsilon, relu, shortcut: Boolean(shortcut) })
      const parameters = new Map([[gamma.name, dGamma], [beta.name, dBeta]])
      if (needsInputGradient) return { inputs: [reshapeLike(dx, x), ...(dShortcut ? [dShortcut] : [])], parameters }
      release(dx, ...(dShortcut ? [dShortcut] : []))
      return { inputs: [], parameters }
    }),
  }
}

/** Batch normalization in inference mode, behind a convolution that trains: y = scale · x + shift. */
export function frozenNormalization(
  name: string, inputs: readonly string[], scale: Variable, shift: Variable,
): Layer {
  return {
    name, inputs, trainable: false, overwritableInputs: [0],
    variables: [scale, shift],
    savedForBackward: { inputs: [], y: false },
    forward: ([x]) =>
      ({ y: operations().addBias(donate(operations().times(x, scale.value())), shift.value()), saved: [] }),
    backward: (dy): BackwardResult =>
      ({ inputs: [operations().times(donate(dy), scale.value())], parameters: noParameters }),
  }
}

/** Calls `use` with x as images, because the engine's operation accepts no [batch, features]. */
function asImages<Result>(x: Tensor, use: (images: Tensor) => Result): Result {
  if (x.shape.length === 4) return use(x)
  const images = operations().reshape(x, [x.shape[0], 1, 1, x.shape[1]])
  try {
    return use(images)
  } finally {
    release(images)
  }
}

/** `tensor` in the shape of `like`; `tensor` is donated. */
function reshapeLike(tensor: Tensor, like: Tensor): Tensor {
  if (like.shape.length === tensor.shape.length) return tensor
  return operations().reshape(donate(tensor), like.shape)
}
