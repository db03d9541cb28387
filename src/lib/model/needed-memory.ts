/**
 * How much memory a network needs to train or to predict, counted from its layers: within a quarter of what was
 * measured for steps of 8 to 64 images of 64 to 224 pixels in all widths.
 */
import { max, sum } from 'd3-array'
import { sizeOf } from '../system/shape'
import type { LayerKind, LayerSpec } from './architecture'
import { frozenThrough } from './freeze'
import type { Model } from './model'
import { countParameters } from './parameter-count'

/** Bytes of one number. */
const float = 4
/** Layers whose outputs a backward pass reads. Others run within one of these. */
const recorded: ReadonlySet<LayerKind['kind']> = new Set(['convolution', 'batch-normalization', 'max-pooling'])
/** Of the recorded outputs: the gradients on their way back, and the engine's buffers. */
const backward = 0.25
/** A forward pass holds the outputs of so many layers at once: a block's input, its shortcut, what is computed. */
const together = 3

/** What decides how much memory a step takes. */
export interface StepSize {
  /** Images of a step. */
  images: number
  /** Numbers that the optimizer holds for each one that trains: 2 for Adam, 1 for stochastic gradient descent. */
  slots: number
}

/**
 * Bytes that training takes beyond the model itself: variables, the optimizer's numbers, the layers' outputs for a
 * backward pass, and a copy of the weights for results and checkpoints. Where the first layers are frozen, their
 * outputs are computed before, by a network of their own.
 */
export function countTrainingBytes(model: Model, { images, slots }: StepSize): number {
  const { layers } = model.architecture
  const boundary = frozenThrough(model)
  const training = layers.slice(layers.findIndex(({ name }) => name === boundary) + 1)
  const outputs = sum(training.filter(({ kind }) => recorded.has(kind)), outputBytes) * images
  const { total, trainable } = countParameters(model)
  return float * (2 * total + slots * trainable) + (1 + backward) * outputs
}

/** Bytes that predictions for so many images at once take beyond the model itself. */
export function countPredictionBytes(model: Model, images: number): number {
  const largest = max(model.architecture.layers, outputBytes) ?? 0
  return float * countParameters(model).total + together * images * largest
}

/** Bytes of a layer's output for one image. */
function outputBytes({ shape }: LayerSpec): number {
  return float * sizeOf(shape)
}
