/**
 * What every layer can do: compute its output, and compute gradients from the gradient of its output.
 *
 * Who releases which tensor: a layer releases the tensors that it makes and does not return, and it releases the
 * gradient that `backward` receives. A layer never releases its inputs, except donated ones. The caller owns all
 * tensors that a layer returns.
 */
import type { Tensor } from '../../engine/engine'
import type { Variable } from '../../engine/variable'

/** How one batch goes through the network. */
export interface Pass {
  /**
   * Whether the batch is used for training: batch normalization then uses the batch's own statistics, dropout drops
   * numbers, and layers save what their backward pass reads.
   */
  training: boolean
  /** What layers drew for this pass, by layer name; the caller owns the tensors. */
  drawn: ReadonlyMap<string, Tensor>
}

/** Names the random numbers of one training step. */
export interface StepSeed {
  seed: number
  step: number
}

/** Plain numbers for a tensor. */
export interface Numbers {
  numbers: Float32Array
  shape: readonly number[]
}

export interface ForwardResult {
  y: Tensor
  /** Tensors that only the backward pass reads. The caller releases them after it. */
  saved: readonly Tensor[]
  /** The batch's statistics, from a layer with `runningStatistics`. Both tensors are also among `saved`. */
  statistics?: BatchStatistics
}

/** Mean and biased variance of each channel over one batch, [channels] each. */
export interface BatchStatistics {
  mean: Tensor
  variance: Tensor
}

/** The moving averages of a layer's batch statistics, with the values from which they start. */
export interface RunningStatistics {
  /** Share of its old value that a moving average keeps in each step, 0 to 1. */
  momentum: number
  mean: { name: string; values: Float32Array }
  variance: { name: string; values: Float32Array }
}

/** What a layer's backward pass may read. */
export interface BackwardContext {
  /** All inputs have their shapes; only those in `savedForBackward` still have their numbers. */
  inputs: readonly Tensor[]
  /** The layer's output; its numbers are there only if `savedForBackward` asks for them. */
  y: Tensor
  saved: readonly Tensor[]
  /** Whether a layer before this one needs the gradient of its output. */
  needsInputGradient: boolean
}

export interface BackwardResult {
  /** The gradient of each input, in the order of `inputs`; empty if no gradient was needed. */
  inputs: readonly Tensor[]
  /** Gradients of the layer's own parameters, by parameter name. */
  parameters: ReadonlyMap<string, Tensor>
}

export interface Layer {
  readonly name: string
  /** Names of the layers whose outputs this layer reads. */
  readonly inputs: readonly string[]
  /** The layer's parameters in the engine. If the layer is trainable, `backward` gives a gradient for each of them. */
  readonly variables: readonly Variable[]
  readonly trainable: boolean
  readonly runningStatistics?: RunningStatistics
  /** What `backward` reads of the forward pass: indices of inputs, and whether it reads the output. */
  readonly savedForBackward: { readonly inputs: readonly number[]; readonly y: boolean }
  /** Indices of the inputs that `forward` may overwrite in place if they are donated. */
  readonly overwritableInputs: readonly number[]
  /** Random numbers for a training step on so many images, from a layer that needs some. */
  draw?(batch: number, seed: StepSeed): Numbers
  forward(inputs: readonly Tensor[], pass: Pass): ForwardResult
  /** @param dy gradient of the loss with respect to the layer's output; released by the layer */
  backward(dy: Tensor, context: BackwardContext): BackwardResult
}

export const noParameters: ReadonlyMap<string, Tensor> = new Map()
