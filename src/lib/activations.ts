/** What a network's layers make of one image. */
import { openBatches } from './batches'
import { read, release, tensor } from './engine'
import type { Model } from './model'
import { Network } from './network'
import type { Part } from './split'

/** One layer's output for one image. */
export interface Activation {
  layer: string
  /** [height, width, channels], or [features]. */
  shape: readonly number[]
  data: Float32Array
}

/**
 * The outputs of the named layers for one image, as at inference.
 * @param place which image of the part
 * @throws LabError 'unknown-layer' naming the nearest names
 * @example await activations(model, split.test, 0, ['conv1_conv', 'conv1_bn', 'conv1_relu'])
 */
export async function activations(model: Model, part: Part, place: number, layers: readonly string[]): Promise<Activation[]> {
  const reader = await openBatches(part, model)
  const network = new Network(model, 'observe')
  const input = tensor(reader.read([place]).images, [1, model.size, model.size, 3])
  try {
    const observed = network.observe(input, layers)
    const result = layers.map(layer => {
      const { shape } = observed.get(layer)!
      return { layer, shape: shape.slice(1), data: read(observed.get(layer)!) }
    })
    release(...observed.values())
    return result
  } finally {
    release(input)
    network.close()
  }
}
