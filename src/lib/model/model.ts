/** A network with its numbers: plain data, never changed in place. */
import { parameters, type Architecture } from './architecture'
import type { Fit } from '../images/fit'
import type { PixelWindow } from '../images/pixel-window'
import type { Preprocessing } from './preprocessing'

export interface Model {
  readonly name: string
  readonly architecture: Architecture
  /** Every parameter by its Keras name, in the shapes that `parameters(architecture)` lists. */
  readonly weights: ReadonlyMap<string, Float32Array>
  /** Names of the layers that training does not change. */
  readonly frozen: ReadonlySet<string>
  /** Class names, in the order of the last layer's outputs. */
  readonly labels: readonly string[]
  /** Height and width of the images that it reads, in pixels. */
  readonly size: number
  readonly preprocessing: Preprocessing
  /** How the images that it was trained on became squares; absent before training, which counts as 'squash'. */
  readonly fit?: Fit
  /** How the values of those images became grey levels; absent before training: then only 8-bit images are read. */
  readonly window?: PixelWindow
  /** Where the start weights come from, in a few words: 'random', 'imagenet', 'resnet50-fractal-half', … */
  readonly start: string
}

/** Names of the layers that hold parameters, in the order in which data passes them. */
export function layersWithParameters(model: Model): string[] {
  return [...new Set(parameters(model.architecture).map(parameter => parameter.layer))]
}
