/**
 * The outputs of layers during a forward pass. An output lives until its last reader has run, or longer if somebody
 * retained it. The last reader may overwrite it in place.
 */
import { donate, release, type Tensor } from '../engine/engine'
import type { Layer } from './layers/layer'
import { planInput } from './layer-graph'
import type { ReferenceCounts } from './reference-counts'

export class LayerOutputs {
  private readonly outputs = new Map<string, Tensor>()
  /** How many layers still have to read each output, by layer name. */
  private readonly pendingReaders: Map<string, number>

  /** @param readers how many layers read each layer's output, by layer name */
  constructor(
    readonly images: Tensor, readers: ReadonlyMap<string, number>, private readonly references: ReferenceCounts,
  ) {
    this.pendingReaders = new Map(readers)
  }

  add(name: string, output: Tensor): void {
    this.outputs.set(name, output)
  }

  inputsOf(layer: Layer): Tensor[] {
    return layer.inputs.map(input => (input === planInput ? this.images : this.outputs.get(input)!))
  }

  /** The inputs for a layer's forward pass. An input that the layer may overwrite is donated to its last reader. */
  donateTo(layer: Layer): Tensor[] {
    for (const input of layer.inputs) this.pendingReaders.set(input, this.pendingReaders.get(input)! - 1)
    const inputs = this.inputsOf(layer)
    const donated = layer.inputs.map((input, i) => layer.overwritableInputs.includes(i) && this.isFinished(input))
    layer.inputs.forEach((input, i) => { if (donated[i]) this.outputs.delete(input) })
    return inputs.map((input, i) => (donated[i] ? donate(input) : input))
  }

  /** Releases those inputs of a layer that no later layer reads. */
  releaseFinished(layer: Layer): void {
    for (const input of new Set(layer.inputs))
      if (this.outputs.has(input) && this.isFinished(input)) {
        release(this.outputs.get(input)!)
        this.outputs.delete(input)
      }
  }

  private isFinished(name: string): boolean {
    return name !== planInput && this.pendingReaders.get(name) === 0
      && !this.references.isRetained(this.outputs.get(name)!)
  }
}
