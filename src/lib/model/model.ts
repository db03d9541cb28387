/** A network with its numbers: plain data, never changed in place. */
import { parameters, type Architecture } from './architecture'
import type { Preprocessing } from './preprocessing'

export interface Model {
  readonly name: string
  readonly architecture: Architecture
  /** Every parameter by its Keras name, in the shapes that `parameters(architecture)` lists. */
  readonly weights: ReadonlyMap<string, Float32Array>
  /** Names of the layers that training leaves as they are. */
  readonly frozen: ReadonlySet<string>
  /** Class names, in the order of the last layer's outputs. */
  readonly labels: readonly string[]
  /** Height and width of the images it reads, in pixels. */
  readonly size: number
  readonly preprocessing: Preprocessing
  /** Where its numbers come from, in a few words. */
  readonly start: string
}

/** Layers that hold parameters, in the order data meets them. */
export function layersWithParameters(model: Model): string[] {
  return [...new Set(parameters(model.architecture).map(parameter => parameter.layer))]
}
