/**
 * Which layer reads which, within a range of a model's layers. Layers that the plan fuses into another one have no
 * output of their own; `replace` records which layer's output takes its place.
 */
import type { Architecture, LayerSpec } from '../model/architecture'

export type NormalizationSpec = LayerSpec & { kind: 'batch-normalization' }

/** Which layers of a model to run; default all. */
export interface LayerRange {
  /** The network begins behind this layer and reads its outputs in place of images. */
  after?: string
  /** The last layer. */
  through?: string
}

/** The name under which layers read the network's input: images, or the outputs of the layer `range.after`. */
export const planInput = 'input_layer'

export class LayerGraph {
  /** The layers of the range, in the architecture's order. */
  readonly layers: readonly LayerSpec[]
  private readonly readers = new Map<string, LayerSpec[]>()
  /** By the name of a replaced layer: the layer whose output takes the place of its output. */
  private readonly replacements = new Map<string, string>()

  constructor({ layers }: Architecture, { after, through }: LayerRange) {
    const indexOf = (name: string) => layers.findIndex(layer => layer.name === name)
    this.layers = layers.slice(after ? indexOf(after) + 1 : 0, through ? indexOf(through) + 1 : undefined)
    if (after) this.replace(after, planInput)
    for (const layer of this.layers)
      for (const input of layer.inputs) this.readers.set(input, [...this.readers.get(input) ?? [], layer])
  }

  /** From here on, layers that read `name` read the output of `replacement`. */
  replace(name: string, replacement: string): void {
    this.replacements.set(name, replacement)
  }

  isReplaced(name: string): boolean {
    return this.replacements.has(name)
  }

  /** The layer whose output stands for the output of the layer `name`: usually that layer itself. */
  resolve(name: string): string {
    return this.replacements.get(name) ?? name
  }

  /** The layer that reads the output of `name`, if exactly one does. */
  onlyReader(name: string): LayerSpec | undefined {
    const readers = this.readers.get(name) ?? []
    return readers.length === 1 ? readers[0] : undefined
  }

  normalizationAfter(convolution: string): NormalizationSpec | undefined {
    const isNormalization = (layer: LayerSpec): layer is NormalizationSpec => layer.kind === 'batch-normalization'
    return this.readers.get(convolution)?.find(isNormalization)
  }
}
