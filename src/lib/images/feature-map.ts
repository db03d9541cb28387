/** One channel of an image or of a layer's output as plain numbers, to compute with and to look at. */
import { LabError } from '../system/errors'
import { dotProduct, writeUnitVector } from './correlation'
import type { Image } from './image'

/** One number a pixel, row by row: [height, width]. Any range, negative numbers too. */
export interface FeatureMap {
  width: number
  height: number
  data: Float32Array
}

/** Several maps of one size, as a layer's output holds them: [height, width, channels]. */
export interface MapStack extends FeatureMap {
  channels: number
}

/** A grey image's numbers, 0 to 255. @throws LabError 'bad-argument' for a colour image */
export function toMap({ width, height, channels, data }: Image): FeatureMap {
  if (channels === 1) return { width, height, data: Float32Array.from(data) }
  throw new LabError('bad-argument', {
    expected: 'a grey image (1 channel)', received: `${channels} channels`,
    remedy: 'Read it with dataset.read(index), which gives grey',
  })
}

/** One channel of a layer's output. @throws LabError 'bad-argument' for a channel that is not there */
export function takeChannel({ width, height, channels, data }: MapStack, channel: number): FeatureMap {
  if (!Number.isInteger(channel) || channel < 0 || channel >= channels)
    throw new LabError('bad-argument', {
      expected: `a channel from 0 to ${channels - 1}`, received: String(channel), remedy: 'Choose one of them',
    })
  return { width, height, data: Float32Array.from({ length: width * height }, (_, i) => data[i * channels + channel]) }
}

/**
 * A map as a grey picture.
 * @param ground 'least' (default): the least number is black, the greatest white. 'zero': zero is mid-grey, negative
 *   numbers are darker, positive ones brighter
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
  return { width, height, channels: 1, data: Uint8Array.from(data, value => Math.round((value - from) * scale)) }
}

/** A rectangle cut out of a map. @throws LabError 'bad-argument' where it does not lie inside */
export function crop(map: FeatureMap, left: number, top: number, width: number, height: number): FeatureMap {
  const whole = [left, top, width, height].every(Number.isInteger)
  if (!whole || left < 0 || top < 0 || width < 1 || height < 1 || left + width > map.width || top + height > map.height)
    throw new LabError('bad-argument', {
      expected: `a rectangle of whole numbers inside ${map.width} × ${map.height}`,
      received: `left ${left}, top ${top}, ${width} × ${height}`, remedy: 'Move it or make it smaller',
    })
  const data = Float32Array.from({ length: width * height }, (_, i) =>
    map.data[(top + Math.floor(i / width)) * map.width + left + i % width])
  return { width, height, data }
}

/**
 * How alike two maps are: the correlation of their numbers, −1 to 1; 0 where one is even.
 * @throws LabError 'shape-mismatch'
 */
export function correlateMaps(a: FeatureMap, b: FeatureMap): number {
  if (a.width !== b.width || a.height !== b.height)
    throw new LabError('shape-mismatch', {
      expected: `a map of ${a.width} × ${a.height}`, received: `${b.width} × ${b.height}`,
      remedy: 'Compare maps of the same size',
    })
  const { length } = a.data
  const vectors = new Float64Array(2 * length)
  writeUnitVector(vectors, 0, a.data)
  writeUnitVector(vectors, length, b.data)
  return dotProduct(vectors, 0, vectors, length, length)
}

/** How large a map's numbers are, or a whole layer's: their root mean square. */
export function measureStrength({ data }: Pick<FeatureMap, 'data'>): number {
  return Math.sqrt(data.reduce((sum, value) => sum + value ** 2, 0) / data.length)
}
