/**
 * The operations of a convolutional network, forward and backward, and the variables that training changes: what every
 * engine offers. Images are [batch, height, width, channels] in float32. A kernel is [k, k, in, out]; the kernel of a
 * 1×1 convolution of stride 1 may be a matrix [in, out], which is faster.
 *
 * Every operation makes new tensors. It releases none of its inputs, except those that the caller marked with `donate`.
 * Only inputs whose documentation says so may be donated.
 */
import type { Tensor } from './tensor'

/** How a square window slides over an image. */
export interface Window {
  /** Height and width of the window, in pixels. */
  kernel: number
  /** Pixels from one position of the window to the next. */
  stride: number
  /** Rings of zeros around the image. */
  padding: number
}

/** What a fused operation does after its sum, in this order. */
export interface Epilogue {
  /** Added elementwise: the other branch of a skip connection. */
  shortcut?: Tensor
  /** Whether ReLU follows. */
  relu: boolean
}

/** What batch normalization in training mode gives for a batch. */
export interface NormalizedBatch {
  /** relu(γ (x − mean) / √(variance + ε) + β + shortcut), with ReLU and shortcut where they were asked for. */
  y: Tensor
  /** Mean of each channel over the batch; one of `saved`. */
  mean: Tensor
  /** Biased variance of each channel over the batch (divided by N); one of `saved`. */
  variance: Tensor
  /** For `normalizeBatchGradient`; the caller releases them after it. */
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
  /** With respect to `shortcut`, where it was asked for. */
  dShortcut?: Tensor
}

/** Rows of length 1. A row of zeros has no direction: it stays a row of zeros. */
export interface NormalizedRows {
  /** [rows, width] */
  y: Tensor
  /** Each row's length before, [rows, 1]: 0 for a row of zeros. */
  lengths: Tensor
}

/** A variable in the engine: an array of numbers that operations change in place. */
export type Handle = Tensor

/** A variable, its gradient, and the moving average of its gradients. The gradient may be donated. */
export interface MomentumUpdate {
  variable: Handle
  momentum: Handle
  gradient: Tensor
}

export interface AdamUpdate extends MomentumUpdate {
  /** The moving average of the squared gradients. */
  velocity: Handle
}

/** Adam's settings for step t. What changes from step to step is a tensor of one number. */
export interface AdamStep {
  rate: Tensor
  beta1: number
  beta2: number
  /** β₁ᵗ */
  beta1Power: Tensor
  /** β₂ᵗ */
  beta2Power: Tensor
  epsilon: number
}

/** Settings of a step of gradient descent with momentum. */
export interface MomentumStep {
  rate: Tensor
  /** Share of its old value that the moving average keeps, 0 to 1. */
  share: number
}

export interface Operations {
  /** The shape in which a kernel [k, k, in, out] is fastest: that, or [in, out] for a 1×1 convolution. */
  kernelShape(shape: readonly number[]): readonly number[]

  /** x ∗ kernel, for x [n, h, w, in]. */
  convolve(x: Tensor, kernel: Tensor, window: Window): Tensor
  /** relu(x ∗ kernel + bias + shortcut), with ReLU and shortcut where they are asked for. `shortcut` may be donated. */
  convolveWithBias(x: Tensor, kernel: Tensor, bias: Tensor, window: Window, epilogue: Epilogue): Tensor
  /** The gradient of the loss with respect to the kernel. */
  convolveKernelGradient(x: Tensor, kernelShape: readonly number[], dy: Tensor, window: Window): Tensor
  /** The gradient of the loss with respect to the input. */
  convolveInputGradient(xShape: readonly number[], kernel: Tensor, dy: Tensor, window: Window): Tensor

  /** Adds one number to each channel. */
  addBias(x: Tensor, bias: Tensor): Tensor
  /** Sums over all axes but the channels: the gradient of a bias. */
  sumOverChannels(dy: Tensor): Tensor

  /** Batch normalization with the batch's own mean and biased variance. `shortcut` may be donated. */
  normalizeBatch(
    x: Tensor, gamma: Tensor, beta: Tensor, normalization: Normalization & { shortcut?: Tensor },
  ): NormalizedBatch
  /**
   * Gradients of batch normalization in training mode. `dy` may be donated.
   * @param y the output of the forward pass; read only if ReLU follows
   * @param normalization `shortcut`: whether to give the gradient of the added tensor
   */
  normalizeBatchGradient(
    dy: Tensor, x: Tensor, y: Tensor, gamma: Tensor, saved: readonly Tensor[],
    normalization: Normalization & { shortcut: boolean },
  ): NormalizedBatchGradient

  /** max(x, 0). `x` may be donated. */
  relu(x: Tensor): Tensor
  /** dy where y > 0, else 0. `dy` may be donated. */
  reluGradient(dy: Tensor, y: Tensor): Tensor

  /** The largest number in each window. Padding never wins, not even over negative numbers. */
  maxPool(x: Tensor, window: Window): { y: Tensor; saved: readonly Tensor[] }
  /** @param saved from `maxPool`; the caller releases them */
  maxPoolGradient(dy: Tensor, x: Tensor, y: Tensor, saved: readonly Tensor[], window: Window): Tensor

  /** Every second row and column: the pixels that a 1×1 convolution of stride 2 reads. */
  subsample(x: Tensor): Tensor
  subsampleGradient(xShape: readonly number[], dy: Tensor): Tensor

  /** Mean over height and width: [n, h, w, c] → [n, c]. */
  averageOverSpace(x: Tensor): Tensor
  averageOverSpaceGradient(xShape: readonly number[], dy: Tensor): Tensor

  /** Matrix product a · b. @param transposed which factors to transpose first; default neither */
  multiply(a: Tensor, b: Tensor, transposed?: { a?: boolean; b?: boolean }): Tensor
  /**
   * The gradient of the cross-entropy with respect to the scores, both [n, classes]: in each row it is
   * share · (softmax(scores) − target).
   * @param targets probabilities, which sum to 1 in each row, [n, classes]
   * @param shares by how much each row counts, [n, 1]
   */
  crossEntropyGradient(scores: Tensor, targets: Tensor, shares: Tensor): Tensor
  /** Divides each row of x, [rows, width], by its length. */
  normalizeRows(x: Tensor): NormalizedRows
  /** The gradient of the loss with respect to the rows before `normalizeRows`: 0 for a row of zeros. */
  normalizeRowsGradient(dy: Tensor, normalized: NormalizedRows): Tensor
  /** Elementwise sum. Both may be donated. */
  add(a: Tensor, b: Tensor): Tensor
  /** Elementwise difference a − b; the last axes of a and b agree. Both may be donated. */
  subtract(a: Tensor, b: Tensor): Tensor
  /** Elementwise product; the last axes of a and b agree, or one is a single number. Both may be donated. */
  times(a: Tensor, b: Tensor): Tensor
  /** Every number times `factor`, the same one in each step. `x` may be donated. */
  scale(x: Tensor, factor: number): Tensor
  /** Vectors joined end to end. */
  concatenate(vectors: readonly Tensor[]): Tensor
  /** The same numbers in another shape; shares the memory of `x`. `x` may be donated. */
  reshape(x: Tensor, shape: readonly number[]): Tensor

  zeros(shape: readonly number[]): Tensor
  /** Each number of a vector as a tensor of its own, of shape []. */
  numbersOf(vector: Tensor): Tensor[]

  makeVariable(shape: readonly number[]): Handle
  /** Gives a variable new numbers. `value` may be donated. */
  assign(variable: Handle, value: Tensor): void
  /** The current value as a tensor. Release it before the variable changes: otherwise the engine copies it first. */
  valueOf(variable: Handle): Tensor
  destroyVariable(variable: Handle): void
  /** variable ← (1 − share) · variable + share · target. `target` may be donated. */
  moveTowards(variable: Handle, target: Tensor, share: number): void
  /** variable ← (1 − share) · variable, for a share that is a tensor of one number */
  shrink(variable: Handle, share: Tensor): void
  /** One step of Adam as Keras computes it (Kingma and Ba 2015, end of section 2: ε outside the bias correction). */
  stepAdam(update: AdamUpdate, step: AdamStep): void
  /** momentum ← share · momentum − rate · gradient; variable ← variable + momentum */
  stepMomentum(update: MomentumUpdate, step: MomentumStep): void
}
