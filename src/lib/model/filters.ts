/** The weights of convolutions, to look at. */
import { parameters } from './architecture'
import type { Model } from './model'
import { unknownLayer } from './unknown-layer'

/** The kernels of a convolution, one for each of its filters. */
export interface Filters {
  /** In pixels. */
  height: number
  /** In pixels. */
  width: number
  /** Channels that each filter reads. */
  inputs: number
  /** How many filters there are. */
  outputs: number
  /** [height, width, inputs, outputs] */
  data: Float32Array
}

/**
 * The filters of a convolution.
 * @param layer the convolution's name, such as 'conv1_conv'
 * @throws LabError 'unknown-layer' naming the nearest names of convolutions
 * @example anatomy.sumInputs(anatomy.readFilters(network, 'conv1_conv'))   // 7 × 7 kernels
 */
export function readFilters(model: Model, layer: string): Filters {
  const convolutions = parameters(model.architecture)
    .filter(({ name, shape }) => name.endsWith('/kernel') && shape.length === 4)
  const found = convolutions.find(parameter => parameter.layer === layer)
  if (!found) throw unknownLayer(layer, convolutions.map(parameter => parameter.layer), 'a convolution')
  const [height, width, inputs, outputs] = found.shape
  return { height, width, inputs, outputs, data: model.weights.get(found.name)! }
}

/**
 * Filters as they act on a grey image: its three channels are equal, so that only the sum of a filter's three kernels
 * matters.
 * @returns filters that read one channel
 * @example anatomy.sumInputs(anatomy.readFilters(network, 'conv1_conv')).inputs   // 1
 */
export function sumInputs({ height, width, inputs, outputs, data }: Filters): Filters {
  const summed = new Float32Array(height * width * outputs)
  data.forEach((value, i) => { summed[Math.floor(i / (inputs * outputs)) * outputs + i % outputs] += value })
  return { height, width, inputs: 1, outputs, data: summed }
}
