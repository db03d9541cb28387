/**
 * The tape of a training pass: one entry for each layer that ran and whose gradient is needed, with the tensors that
 * its backward pass reads. The backward pass takes the entries off again, last one first.
 */
import { release, type Tensor } from '../engine/engine'
import { outlive } from '../engine/scope'
import type { ForwardResult, Layer } from './layers/layer'
import { planInput } from './layer-graph'
import type { ReferenceCounts } from './reference-counts'

export interface TapeEntry {
  layer: Layer
  inputs: readonly Tensor[]
  y: Tensor
  /** Made by the layer for its own backward pass. */
  saved: readonly Tensor[]
  /** Outputs of this and earlier layers that the backward pass reads. Other entries may have retained them, too. */
  retained: readonly Tensor[]
}

export class Tape {
  private readonly entries: TapeEntry[] = []

  constructor(private readonly references: ReferenceCounts) {}

  /** The entry of the layer that ran last; undefined if the tape is empty. */
  get last(): TapeEntry | undefined {
    return this.entries.at(-1)
  }

  push(layer: Layer, inputs: readonly Tensor[], { y, saved }: ForwardResult): void {
    const { savedForBackward } = layer
    // The images belong to the caller, who keeps them until the backward pass has ended.
    const saveable = savedForBackward.inputs.filter(index => layer.inputs[index] !== planInput)
    const retained = saveable.map(index => inputs[index])
    if (savedForBackward.y) retained.push(y)
    retained.forEach(tensor => this.references.retain(tensor))
    outlive(...saved)
    this.entries.push({ layer, inputs, y, saved, retained })
  }

  /** Takes the last entry off and releases the tensors that no other entry needs. */
  pop(): void {
    const { saved, retained } = this.entries.pop()!
    release(...saved)
    retained.forEach(tensor => this.references.release(tensor))
  }

  clear(): void {
    while (this.entries.length) this.pop()
  }
}
