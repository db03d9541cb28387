/** The output of a layer for one image, channel by channel, and a layer's kernels. */
import type { Activation } from '../../inference/activations'
import type { Filters } from '../../model/filters'
import type { Image } from '../../images/image'
import { requireKnownKeys } from '../../system/options'
import type { Figure } from './figure'
import { gridOptionNames, imageGrid, type ImageGridOptions } from './image-grid'

/** Words around the grid, and how many maps or kernels to show. */
export interface MapsOptions extends ImageGridOptions {
  /** How many, from the first on. Default 16 maps, or all kernels up to 64. */
  count?: number
  /** Write channel numbers beneath; default true for maps, false for kernels. */
  captions?: boolean
}

const mapsOptionNames = { ...gridOptionNames, count: true, captions: true } as const

/**
 * An activation's channels as grey images, each stretched from its lowest (black) to its highest value (white):
 * brightness cannot be compared between maps. A map with a number that is not finite is drawn black, and said to be.
 * @example show(await figures.mapGrid(x, { name: 'maps', title: 'Eight channels', count: 8 }))
 */
export function mapGrid({ data, height, width, channels }: Activation, options: MapsOptions): Promise<Figure> {
  requireKnownKeys('mapGrid', options ?? null, mapsOptionNames)
  const { count = 16, captions = true, ...grid } = options
  const maps = Array.from({ length: Math.min(channels, count) }, (_, c) => {
    const values = Float32Array.from({ length: height * width }, (_value, i) => data[i * channels + c])
    const [low, high] = range(values)
    const image: Image = { width, height, channels: 1, data: stretched(values, low, high) }
    const fault = Number.isFinite(high - low) ? '' : ': not all numbers are finite'
    return { image, caption: captions || fault ? `channel ${c}${fault}` : undefined }
  })
  return imageGrid(maps, { columns: 8, empty: 'There are no channels to show.', ...grid })
}

/**
 * First-layer kernels as small images, in color where they have three input channels. Zero is mid-grey in all of them,
 * and all share one scale: the weights of a dark or bright kernel are large.
 * @example show(await figures.kernelGrid(anatomy.sumInputs(anatomy.readFilters(network, 'conv1_conv')), { name: 'k',
 *   title: 'Kernels' }))
 */
export function kernelGrid({ data, height, width, inputs, outputs }: Filters, options: MapsOptions): Promise<Figure> {
  requireKnownKeys('kernelGrid', options ?? null, mapsOptionNames)
  const { count = 64, captions = false, ...grid } = options
  const [low, high] = range(data)
  const reach = Math.max(-low, high)
  const channels = inputs === 3 ? 3 : 1
  const kernels = Array.from({ length: Math.min(outputs, count) }, (_, k) => {
    const values = Float32Array.from({ length: height * width * channels }, (_value, i) =>
      data[(Math.floor(i / channels) * inputs + (i % channels)) * outputs + k])
    const image: Image = { width, height, channels, data: stretched(values, -reach, reach) }
    const fault = Number.isFinite(reach) ? '' : ': not all numbers are finite'
    return { image, caption: captions || fault ? `kernel ${k}${fault}` : undefined }
  })
  const columns = Math.min(16, Math.ceil(Math.sqrt(kernels.length * 2)))
  return imageGrid(kernels, { columns, empty: 'There are no kernels to show.', ...grid })
}

function stretched(values: Float32Array, low: number, high: number): Uint8Array {
  const scale = high > low ? 255 / (high - low) : 0
  return Uint8Array.from(values, value => Math.round((value - low) * scale))
}

function range(values: ArrayLike<number>): [number, number] {
  let low = Infinity, high = -Infinity
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i])
    high = Math.max(high, values[i])
  }
  return [low, high]
}
