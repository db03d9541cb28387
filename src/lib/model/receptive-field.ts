/** How much of the image one number of a layer's output depends on. */
import type { Architecture, LayerSpec, Stage } from './architecture'

/** What one place in a layer's output sees. */
export interface ReceptiveField {
  layer: string
  stage: Stage
  /** Side of its output, in places. */
  side: number
  /** Pixels of the image from one place to the next. */
  step: number
  /** Side of the square of the image that it depends on, in pixels; more than the image has where it reaches beyond. */
  field: number
}

/**
 * The receptive field of every layer with a place, in order: a window of k pixels at step s widens the field by
 * (k − 1) · s, a stride multiplies the step. Where paths meet, the widest counts.
 */
export function measureReceptiveFields({ layers }: Architecture): ReceptiveField[] {
  const found = new Map<string, ReceptiveField>()
  for (const layer of layers.filter(one => one.shape.length === 3)) {
    const below = layer.inputs.map(input => found.get(input)!)
    const { kernel, stride } = windowOf(layer)
    const step = below[0]?.step ?? 1
    found.set(layer.name, {
      layer: layer.name, stage: layer.stage, side: layer.shape[0], step: step * stride,
      field: Math.max(1, ...below.map(one => one.field)) + (kernel - 1) * step,
    })
  }
  return [...found.values()]
}

function windowOf(layer: LayerSpec): { kernel: number; stride: number } {
  return layer.kind === 'convolution' || layer.kind === 'max-pooling' ? layer : { kernel: 1, stride: 1 }
}
