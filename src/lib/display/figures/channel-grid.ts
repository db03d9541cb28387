/** The same channels of several layers beside each other. */
import { wrongShape } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { takeChannel, toImage, type MapStack } from '../../images/feature-map'
import type { Figure } from './figure'
import { gridOptionNames, imageGrid, type ImageGridOptions } from './image-grid'

/** Which channels are shown, and how layers are called. */
export interface ChannelGridOptions extends ImageGridOptions {
  /** Channels from the first. Default 4. */
  count?: number
  /** One name a layer, in their order. */
  layers: readonly string[]
}

/**
 * The first channels of several layers' outputs: for each channel one picture a layer.
 * @param outputs of layers with the same size, as `anatomy.computeActivations` gives them
 * @throws LabError 'bad-argument' for more channels than a layer has, 'shape-mismatch' unless each layer has a name
 * @example show(await figures.channelGrid([x], { name: 'channels', title: 'Two channels', count: 2, layers: ['x'] }))
 */
export function channelGrid(outputs: readonly MapStack[], options: ChannelGridOptions): Promise<Figure> {
  requireKnownKeys('channelGrid', options ?? null, { ...gridOptionNames, count: true, layers: true })
  const { count = 4, layers, ...grid } = options
  if (layers.length !== outputs.length) throw wrongShape('layers', [layers.length], [outputs.length], 'Name each layer')
  const images = Array.from({ length: count }, (_, channel) => outputs.map((output, i) =>
    ({ image: toImage(takeChannel(output, channel)), caption: `${channel}: ${layers[i]}` })))
  return imageGrid(images.flat(), { columns: 2 * outputs.length, empty: 'There are no layers to show.', ...grid })
}
