/** One channel of an image or of a layer's output as plain numbers. */
import { LabError, requireInRange, wrongShape } from '../system/errors'
import { dotProduct, writeUnitVector } from './correlation'
import { summarizedImage, type Image } from './image'

/** One number a pixel, row by row: [height, width]. Numbers of any range. */
export interface FeatureMap {
  width: number
  height: number
  data: Float32Array
}

/** Several maps of one size, interleaved, as in a layer's output: [height, width, channels]. */
export interface MapStack extends FeatureMap {
  channels: number
}

/**
 * Converts a grey image to a map of numbers, 0 to 255.
 * @throws LabError 'bad-argument' for a color image
 * @example byHand.toMap(await ct.read(0)).width
 */
export function toMap({ width, height, channels, data }: Image): FeatureMap {
  if (channels === 1) return { width, height, data: Float32Array.from(data) }
  throw new LabError('bad-argument', {
    expected: 'a grey image (1 channel)', received: `${channels} channels`,
    remedy: 'Read the image with dataset.read(index), which gives grey',
  })
}

/**
 * A square map that is the same everywhere.
 * @param value the number at every pixel
 * @param side width and height in pixels. Default 3
 * @example byHand.evenMap(120).data.length   // 9
 */
export function evenMap(value: number, side = 3): FeatureMap {
  return { width: side, height: side, data: new Float32Array(side * side).fill(value) }
}

/**
 * Copies one channel of a layer's output.
 * @throws LabError 'bad-argument' for a channel that does not exist
 * @example byHand.takeChannel(x, 0)
 */
export function takeChannel({ width, height, channels, data }: MapStack, channel: number): FeatureMap {
  requireInRange('channel', channel, { low: 0, high: channels - 1, whole: true })
  return { width, height, data: Float32Array.from({ length: width * height }, (_, i) => data[i * channels + channel]) }
}

/**
 * Converts a map to a grey image.
 * @param ground 'least' (default): the least number is black, the greatest is white. 'zero': zero is mid-grey, negative
 *   numbers are darker, positive numbers brighter
 * @example byHand.toImage(byHand.convolve(slice, byHand.namedKernels['vertical edges']), 'zero')
 */
export function toImage({ width, height, data }: FeatureMap, ground: 'least' | 'zero' = 'least'): Image {
  let low = Infinity, high = -Infinity
  for (const value of data) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  const reach = Math.max(-low, high)
  const [from, to] = ground === 'zero' ? [-reach, reach] : [low, high]
  const scale = to > from ? 255 / (to - from) : 0
  const grey = Uint8Array.from(data, value => Math.round((value - from) * scale))
  return summarizedImage({ width, height, channels: 1, data: grey })
}

/**
 * Copies a rectangle of a map.
 * @throws LabError 'bad-argument' where the rectangle leaves the map
 * @example byHand.crop(slice, 0, 0, 4, 4)   // the top left corner
 */
export function crop(map: FeatureMap, left: number, top: number, width: number, height: number): FeatureMap {
  const whole = [left, top, width, height].every(Number.isInteger)
  if (!whole || left < 0 || top < 0 || width < 1 || height < 1 || left + width > map.width || top + height > map.height)
    throw new LabError('bad-argument', {
      expected: `a rectangle of whole numbers inside ${map.width} × ${map.height}`,
      received: `left ${left}, top ${top}, ${width} × ${height}`, remedy: 'Move the rectangle or make it smaller',
    })
  const data = Float32Array.from({ length: width * height }, (_, i) =>
    map.data[(top + Math.floor(i / width)) * map.width + left + i % width])
  return { width, height, data }
}

/**
 * How alike two maps are: the correlation of their numbers, −1 to 1; 0 where all numbers of a map are equal.
 * @throws LabError 'shape-mismatch' for maps of different sizes
 * @example byHand.correlateMaps(slice, slice)   // 1
 */
export function correlateMaps(a: FeatureMap, b: FeatureMap): number {
  if (a.width !== b.width || a.height !== b.height)
    throw wrongShape('the second map', [b.height, b.width], [a.height, a.width], 'Compare maps of the same size')
  const { length } = a.data
  const vectors = new Float64Array(2 * length)
  writeUnitVector(vectors, 0, a.data)
  writeUnitVector(vectors, length, b.data)
  return dotProduct(vectors, 0, vectors, length, length)
}

/** The root mean square of a map's numbers, or of a whole layer's. */
export function measureStrength({ data }: Pick<FeatureMap, 'data'>): number {
  return Math.sqrt(data.reduce((sum, value) => sum + value ** 2, 0) / data.length)
}
