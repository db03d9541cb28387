/**
 * The operations a convolutional network is made of, forward and backward, and the variables it trains: what
 * every engine must offer. Images are [batch, height, width, channels], float32. A kernel is [k, k, in, out]; that of a
 * 1×1 convolution of stride 1 may be a matrix [in, out], which is faster.
 *
 * Every function makes new tensors and releases none of its inputs, except those wrapped in `donate`.
 */
import type { Tensor } from './tensor'

/** How a square kernel slides: the step, and how many zeros surround the image. */
export interface Window {
  kernel: number
  stride: number
  padding: number
}

/** What follows a convolution's bias, in this order. */
export interface After {
  /** Added elementwise: what a skip connection brings. */
  side?: Tensor
  relu: boolean
}

/** What batch normalization in training mode makes of a batch, and hands to its backward pass. */
export interface NormalizedBatch {
  /** relu(γ (x − mean) / √(variance + ε) + β + side), where ReLU and side are asked for. */
  y: Tensor
  /** Mean of each channel over the batch; one of `saved`. */
  mean: Tensor
  /** Biased variance of each channel over the batch: divided by N; one of `saved`. */
  variance: Tensor
  /** For `normalizeBatchGradient`; to be released after it. */
  saved: readonly Tensor[]
}

export interface Normalization {
  epsilon: number
  /** Whether ReLU follows. */
  relu: boolean
}

export interface NormalizedBatchGradient {
  dx: Tensor
  dGamma: Tensor
  dBeta: Tensor
  /** With respect to `side`, where it was asked for. */
  dSide?: Tensor
}

/** A variable's name in the engine: numbers that operations change in place. */
export type Handle = Tensor

/** A variable, its gradient, and what the optimizer remembers of it. The gradient may be handed over. */
export interface MomentumUpdate {
  variable: Handle
  momentum: Handle
  gradient: Tensor
}

export interface AdamUpdate extends MomentumUpdate {
  velocity: Handle
}

/** Adam's settings for one step: β₁ᵗ and β₂ᵗ for step t. */
export interface AdamStep {
  rate: number
  beta1: number
  beta2: number
  beta1Power: number
  beta2Power: number
  epsilon: number
}

export interface Operations {
  /** x ∗ kernel. x [n, h, w, in] */
  convolve(x: Tensor, kernel: Tensor, window: Window): Tensor
  /** x ∗ kernel + bias, and what comes after. `side` may be handed over. */
  convolveWithBias(x: Tensor, kernel: Tensor, bias: Tensor, window: Window, after: After): Tensor
  /** The gradient of the loss with respect to the kernel. */
  convolveKernelGradient(x: Tensor, kernelShape: readonly number[], dy: Tensor, window: Window): Tensor
  /** The gradient of the loss with respect to the input. */
  convolveInputGradient(xShape: readonly number[], kernel: Tensor, dy: Tensor, window: Window): Tensor

  /** Adds one number a channel. */
  addBias(x: Tensor, bias: Tensor): Tensor
  /** Sums over everything but the channels: the gradient of a bias. */
  sumOverChannels(dy: Tensor): Tensor

  /** Batch normalization by the batch's own mean and biased variance. `side` may be handed over. */
  normalizeBatch(
    x: Tensor, gamma: Tensor, beta: Tensor, normalization: Normalization & { side?: Tensor },
  ): NormalizedBatch
  /**
   * Gradients of batch normalization in training mode. `dy` may be handed over.
   * @param y what the forward pass gave; read only where ReLU follows
   * @param normalization `side`: whether the gradient of what was added is asked for
   */
  normalizeBatchGradient(
    dy: Tensor, x: Tensor, y: Tensor, gamma: Tensor, saved: readonly Tensor[],
    normalization: Normalization & { side: boolean },
  ): NormalizedBatchGradient

  /** max(x, 0). `x` may be handed over. */
  relu(x: Tensor): Tensor
  /** dy where y > 0, else 0. `dy` may be handed over. */
  reluGradient(dy: Tensor, y: Tensor): Tensor

  /** The largest number in each window; padding never wins (it is 0, and so must x be, or more). */
  maxPool(x: Tensor, window: Window): { y: Tensor; saved: readonly Tensor[] }
  /** `saved` as `maxPool` gave it; the caller releases it. */
  maxPoolGradient(dy: Tensor, x: Tensor, y: Tensor, saved: readonly Tensor[], window: Window): Tensor

  /** Every second row and column: what a 1×1 convolution of stride 2 reads. */
  subsample(x: Tensor): Tensor
  subsampleGradient(xShape: readonly number[], dy: Tensor): Tensor

  /** Mean over height and width: [n, h, w, c] → [n, c]. */
  averageOverSpace(x: Tensor): Tensor
  averageOverSpaceGradient(xShape: readonly number[], dy: Tensor): Tensor

  /** Matrix product, either factor transposed on demand. */
  multiply(a: Tensor, b: Tensor, transposed?: { a?: boolean; b?: boolean }): Tensor
  /** Elementwise sum. Both may be handed over. */
  add(a: Tensor, b: Tensor): Tensor
  /** Elementwise product; the last axes of a and b agree, or one is a single number. Both may be handed over. */
  times(a: Tensor, b: Tensor): Tensor
  /** Every number times `factor`. `x` may be handed over. */
  scale(x: Tensor, factor: number): Tensor
  /** Vectors joined end to end. */
  concatenate(vectors: readonly Tensor[]): Tensor
  /** The same numbers under another shape; shares the memory. `x` may be handed over. */
  reshape(x: Tensor, shape: readonly number[]): Tensor

  /** Nothing but zeros. */
  zeros(shape: readonly number[]): Tensor

  makeVariable(name: string, shape: readonly number[]): Handle
  /** `value` may be handed over. */
  assign(variable: Handle, value: Tensor): void
  /** The current value as a tensor. Release it before the variable changes, or the change copies it. */
  valueOf(variable: Handle): Tensor
  destroyVariable(variable: Handle): void
  /** variable ← (1 − share) · variable + share · target. `target` may be handed over. */
  moveTowards(variable: Handle, target: Tensor, share: number): void
  /** variable ← (1 − share) · variable */
  shrink(variable: Handle, share: number): void
  /** One step of Adam by Keras's formula (Kingma and Ba 2015, section 2, end: ε outside the bias correction). */
  stepAdam(updates: Iterable<AdamUpdate>, step: AdamStep): void
  /** momentum ← share · momentum − rate · gradient; variable ← variable + momentum */
  stepMomentum(updates: Iterable<MomentumUpdate>, step: { rate: number; share: number }): void
}
