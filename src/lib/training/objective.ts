/** What training makes smaller: a loss of a network's outputs, and its gradient. */
import type { Tensor } from '../engine/engine'
import { operations } from '../engine/operations-in-use'
import type { Numbers } from '../network/layers/layer'
import { crossEntropy, crossEntropyTargets, type Loss } from '../network/loss'

/** What an objective finds in a batch's outputs. */
export interface Found {
  /** The batch's mean loss. */
  loss: number
  /** Gradient of the loss with respect to the outputs, in their shape. */
  gradient: Float32Array
}

export interface Objective<Measured extends Found> {
  measure(outputs: Float32Array): Measured
  /** The same gradient by operations of the engine: a step with it can run as one call. */
  inEngine?(): EngineGradient
}

export interface EngineGradient {
  /** Names what the gradient computes from its inputs; another name for another computation. */
  name: string
  /** What the gradient reads besides the outputs; in each step the same shapes. */
  inputs: readonly Numbers[]
  gradient(outputs: Tensor, inputs: readonly Tensor[]): Tensor
}

/** Cross-entropy of class scores against the labels of a batch, as `crossEntropy`. */
export function crossEntropyObjective(
  labels: ArrayLike<number>, classes: number,
  { smoothing, weights }: { smoothing?: number; weights?: readonly number[] } = {},
): Objective<Loss> {
  return {
    measure: scores => crossEntropy(scores, labels, classes, smoothing, weights),
    inEngine() {
      const { targets, shares } = crossEntropyTargets(labels, classes, smoothing, weights), rows = labels.length
      return {
        name: 'cross-entropy',
        inputs: [{ numbers: targets, shape: [rows, classes] }, { numbers: shares, shape: [rows, 1] }],
        gradient: (scores: Tensor, [target, share]: readonly Tensor[]) =>
          operations().crossEntropyGradient(scores, target, share),
      }
    },
  }
}
