/** What a network's layers make of one image. */
import { parameters } from '../model/architecture'
import { openBatches } from '../batches/batches'
import { read, release, tensor } from '../engine/engine'
import { LabError, nearest } from '../system/errors'
import type { Model } from '../model/model'
import { Network } from '../network/network'
import type { Part } from '../data/split/split'

/** One layer's output for one image. */
export interface Activation {
  layer: string
  /** Features without a place have height and width 1. */
  height: number
  width: number
  channels: number
  /** [height, width, channels] */
  data: Float32Array
}

/**
 * The outputs of the named layers for one image, as at inference.
 * @param place which image of the part
 * @throws LabError 'unknown-layer' naming the nearest names
 * @example await activations(model, split.test, 0, ['conv1_conv', 'conv1_bn', 'conv1_relu'])
 */
export async function activations(
  model: Model, part: Part, place: number, layers: readonly string[],
): Promise<Activation[]> {
  const reader = await openBatches(part, model)
  const network = new Network(model, 'observe')
  const input = tensor(reader.read([place]).images, [1, model.size, model.size, 3])
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

/** A convolution's kernels: what each of its filters looks for. */
export interface Filters {
  height: number
  width: number
  /** Channels that each filter reads. */
  inputs: number
  /** How many filters there are. */
  outputs: number
  /** [height, width, inputs, outputs] */
  data: Float32Array
}

/** The filters of a convolution. @throws LabError 'unknown-layer' naming the nearest names */
export function filtersOf(model: Model, layer: string): Filters {
  const convolutions = parameters(model.architecture)
    .filter(({ name, shape }) => name.endsWith('/kernel') && shape.length === 4)
  const found = convolutions.find(parameter => parameter.layer === layer)
  if (!found)
    throw new LabError('unknown-layer', {
      expected: `a convolution, such as ${nearest(layer, convolutions.map(one => one.layer)).join(', ')}`,
      received: layer,
      remedy: 'show(summary(model)) lists the layers',
    })
  const [height, width, inputs, outputs] = found.shape
  return { height, width, inputs, outputs, data: model.weights.get(found.name)! }
}

/**
 * Filters as a grey image meets them: its three channels are equal, so that only the sum of a filter's three kernels
 * counts.
 * @returns filters that read one channel
 */
export function greyFilters({ height, width, inputs, outputs, data }: Filters): Filters {
  const summed = new Float32Array(height * width * outputs)
  data.forEach((value, i) => { summed[Math.floor(i / (inputs * outputs)) * outputs + i % outputs] += value })
  return { height, width, inputs: 1, outputs, data: summed }
}
