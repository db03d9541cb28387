/** Resizing by area. Results are those of OpenCV's INTER_AREA, within one grey level. */
import { requireInRange } from '../system/errors'
import { summarizedImage, type Image } from './image'

/** For each output position: the first input position, and the weights from there on (summing to 1). */
interface Taps {
  first: Int32Array
  count: Int32Array
  /** `stride` weights an output position. */
  weights: Float32Array
  stride: number
}

/**
 * Resizes an image. Where neither axis grows, each output pixel is the mean of the area that it covers; else each axis
 * is interpolated between two neighbors, as in OpenCV's INTER_AREA.
 * @param width new width in pixels, whole and at least 1
 * @param height new height in pixels, whole and at least 1
 * @throws LabError 'bad-argument' for any other width or height
 * @example const small = resizeArea(image, 64, 64)
 */
export function resizeArea(image: Image, width: number, height: number): Image {
  requireInRange('width', width, { low: 1, whole: true })
  requireInRange('height', height, { low: 1, whole: true })
  const shrinks = width <= image.width && height <= image.height
  const taps = shrinks ? areaTaps : linearTaps
  const columns = taps(image.width, width)
  const rows = taps(image.height, height)
  const { channels } = image
  const line = width * channels
  const mixed = new Float32Array(line)
  const out = new Uint8Array(line * height)
  const narrowed = narrow(image, columns, width)
  for (let y = 0; y < height; y++) {
    mixed.fill(0.5)
    for (let k = 0; k < rows.count[y]; k++) {
      const weight = rows.weights[y * rows.stride + k]
      const from = (rows.first[y] + k) * line
      for (let i = 0; i < line; i++) mixed[i] += weight * narrowed[from + i]
    }
    // Converting to an unsigned byte drops the fraction; with the half added above, the conversion rounds.
    for (let i = 0; i < line; i++) out[y * line + i] = mixed[i]
  }
  return summarizedImage({ width, height, channels, data: out })
}

/** Resizes every row to its new width: [height, width, channels]. */
function narrow({ data, width: from, height, channels }: Image, columns: Taps, width: number): Float32Array {
  const { first, count, weights, stride } = columns
  const out = new Float32Array(height * width * channels)
  let to = 0
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++) {
        let sum = 0
        let i = (y * from + first[x]) * channels + c
        for (let k = x * stride, end = k + count[x]; k < end; k++, i += channels) sum += weights[k] * data[i]
        out[to++] = sum
      }
  return out
}

/** Each input position's share of the interval that an output position covers. */
function areaTaps(from: number, to: number): Taps {
  const scale = from / to
  return taps(to, Math.ceil(scale) + 2, x => {
    const low = x * scale
    const high = Math.min(low + scale, from)
    const first = Math.floor(low)
    const last = Math.max(first, Math.ceil(high - 1e-6) - 1)
    const shares = []
    for (let i = first; i <= last; i++) shares.push((Math.min(high, i + 1) - Math.max(low, i)) / (high - low))
    return [first, shares]
  })
}

/** Two neighbors, mixed only where an output position covers the border between them. */
function linearTaps(from: number, to: number): Taps {
  const scale = from / to
  return taps(to, 2, x => {
    const first = Math.min(Math.floor(x * scale), from - 1)
    const over = x + 1 - (first + 1) / scale
    const share = over <= 0 || first === from - 1 ? 0 : over - Math.floor(over)
    return share === 0 ? [first, [1]] : [first, [1 - share, share]]
  })
}

function taps(to: number, stride: number, weightsFor: (x: number) => [number, number[]]): Taps {
  const table = { first: new Int32Array(to), count: new Int32Array(to), weights: new Float32Array(to * stride), stride }
  for (let x = 0; x < to; x++) {
    const [first, weights] = weightsFor(x)
    table.first[x] = first
    table.count[x] = weights.length
    table.weights.set(weights, x * stride)
  }
  return table
}
