/**
 * What every layer can do: forward, and backward from the gradient of its output.
 *
 * Ownership: a layer releases what it made and no longer needs, and the gradient that it is given; never
 * its inputs, except those handed over. Who calls it owns what it returns.
 */
import type { Tensor } from '../../engine/engine'
import type { Variable } from '../../engine/variable'

/** One pass of one batch through the network. */
export interface Pass {
  /** Whether a backward pass follows: batch statistics are used and kept, dropout drops. */
  training: boolean
  /** Names the random numbers of this pass. */
  seed: number
  step: number
}

export interface Forward {
  y: Tensor
  /** Made for the backward pass; whoever called releases them after it. */
  saved: readonly Tensor[]
  /** The batch's, for the moving averages of a layer that has a follower; among `saved`. */
  statistics?: { mean: Tensor; variance: Tensor }
}

/** Moving averages of a layer's batch statistics, and the numbers that they start with. */
export interface Follower {
  /** Share of the old value that each step keeps, 0 to 1. */
  momentum: number
  mean: { name: string; values: Float32Array }
  variance: { name: string; values: Float32Array }
}

/** What the backward pass may read. */
export interface Memory {
  /** Those that the layer remembers are there to be read; of the others only the shape. */
  inputs: readonly Tensor[]
  /** Present where the layer remembers it. */
  y: Tensor
  saved: readonly Tensor[]
  /** Whether anything below needs the gradient of the inputs. */
  inputGradient: boolean
}

export interface Backward {
  /** One gradient an input; empty where none was asked for. */
  inputs: readonly Tensor[]
  /** Gradients of the layer's own parameters, by parameter name. */
  parameters: ReadonlyMap<string, Tensor>
}

export interface Layer {
  readonly name: string
  /** Names of the layers it reads. */
  readonly inputs: readonly string[]
  /** The numbers it holds; those it returns gradients for are `trainable`. */
  readonly variables: readonly Variable[]
  readonly trainable: boolean
  readonly follower?: Follower
  /** What of a pass the backward pass reads, inputs by place: kept in memory until then. */
  readonly remembers: { inputs: readonly number[]; y: boolean }
  /** Places of the inputs that may be handed over to `forward`: it writes over them. */
  readonly takes: readonly number[]
  forward(inputs: readonly Tensor[], pass: Pass): Forward
  /** Takes `dy` over. */
  backward(dy: Tensor, memory: Memory): Backward
}

export const noParameters: ReadonlyMap<string, Tensor> = new Map()
