/** The outputs of a network's layers for one image. */
import { openBatches } from '../batches/batches'
import type { Part } from '../data/split/split'
import { read, release, tensor } from '../engine/engine'
import { requireFiniteWeights } from '../model/finite-weights'
import type { Model } from '../model/model'
import { Network } from '../network/network'

/** One layer's output for one image. */
export interface Activation {
  layer: string
  /** Outputs without height and width, such as a dense layer's, have height and width 1. */
  height: number
  width: number
  channels: number
  /** [height, width, channels] */
  data: Float32Array
}

/**
 * The outputs of the named layers for one image, as at inference.
 * @param index of the image within the part
 * @throws LabError 'unknown-layer' naming the nearest names; 'bad-argument' where a number of the model is not
 *   finite
 * @example await anatomy.computeActivations(network, parts.test, 0, ['conv1_conv', 'conv1_bn', 'conv1_relu'])
 */
export async function computeActivations(
  model: Model, part: Part, index: number, layers: readonly string[],
): Promise<Activation[]> {
  requireFiniteWeights(model)
  const reader = await openBatches(part, model)
  const network = new Network(model, 'observe')
  const input = tensor(reader.read([index]).input, [1, model.size, model.size, 3])
  try {
    const observed = network.observe(input, layers)
    const result = layers.map(layer => {
      const output = observed.get(layer)!
      const [height, width, channels] = output.shape.length === 4 ? output.shape.slice(1) : [1, 1, output.shape[1]]
      return { layer, height, width, channels, data: read(output) }
    })
    release(...observed.values())
    return result
  } finally {
    release(input)
    network.close()
  }
}
