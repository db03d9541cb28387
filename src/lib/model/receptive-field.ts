/** The receptive field: how much of the image one number of a layer's output depends on. */
import type { Architecture, LayerSpec, Stage } from './architecture'

/** The receptive field of one position in a layer's output. */
export interface ReceptiveField {
  layer: string
  stage: Stage
  /** Side of the square output: how many positions it has in a row. */
  side: number
  /** Pixels of the image between neighboring positions. */
  step: number
  /** Side of the square that a position depends on, in pixels of the image; may be larger than the image. */
  field: number
}

/**
 * The receptive field of every layer whose output has height and width, in order. A window of k positions, s pixels
 * apart, widens the field by (k − 1) · s; a stride multiplies the step. Where paths meet, the widest field counts.
 */
export function measureReceptiveFields({ layers }: Architecture): ReceptiveField[] {
  const fields = new Map<string, ReceptiveField>()
  for (const layer of layers.filter(({ shape }) => shape.length === 3)) {
    const below = layer.inputs.map(input => fields.get(input)!)
    const { kernel, stride } = windowOf(layer)
    const step = below[0]?.step ?? 1
    fields.set(layer.name, {
      layer: layer.name, stage: layer.stage, side: layer.shape[0], step: step * stride,
      field: Math.max(1, ...below.map(({ field }) => field)) + (kernel - 1) * step,
    })
  }
  return [...fields.values()]
}

function windowOf(layer: LayerSpec): { kernel: number; stride: number } {
  return layer.kind === 'convolution' || layer.kind === 'max-pooling' ? layer : { kernel: 1, stride: 1 }
}
