/** Augmentation: each image turned, shifted, zoomed and flipped a little differently every epoch. */
import { LabError } from '../system/errors'
import type { Stream } from '../system/random'

/** How far the transforms may go. What is left out stays as it is. */
export interface AugmentConfig {
  /** Degrees, 0 to 360: the angle is uniform in ± this. Default 0. */
  rotation?: number
  /** Fraction of the image's side, 0 to 1: each axis is shifted by a uniform fraction in ± this. Default 0. */
  shift?: number
  /** Fraction, 0 to 0.99: each axis is scaled by its own uniform factor in 1 ± this. Default 0. */
  zoom?: number
  /** Mirror left and right in half of the draws. Default false. */
  horizontalFlip?: boolean
  /** Mirror top and bottom in half of the draws. Default false. */
  verticalFlip?: boolean
}

/** One image's transform; see `augmentInto` for what the numbers do. */
export interface Transform {
  /** Degrees. */
  rotation: number
  /** Shifts as fractions of the image's side. */
  rowShift: number
  columnShift: number
  /** Factors on the distance from the centre: above 1 shows more of the image, smaller. */
  rowZoom: number
  columnZoom: number
  horizontalFlip: boolean
  verticalFlip: boolean
}

/** Augmentations by name: the reference notebook's, and one that keeps a chest upright. */
export const augmentations: { readonly reference: AugmentConfig; readonly gentle: AugmentConfig } = {
  reference: { rotation: 360, shift: 0.2, zoom: 0.2, horizontalFlip: true, verticalFlip: true },
  gentle: { rotation: 12, shift: 0.08, zoom: 0.1, horizontalFlip: true },
}

/**
 * Draws one transform. The same config and stream give the same transform.
 * @param numbers such as `stream('augment', seed, epoch, item)`
 * @throws LabError 'bad-argument' for a range outside its bounds
 */
export function drawTransform(config: AugmentConfig, numbers: Stream): Transform {
  const { rotation = 0, shift = 0, zoom = 0, horizontalFlip = false, verticalFlip = false } = config
  check('rotation', rotation, 360)
  check('shift', shift, 1)
  check('zoom', zoom, 0.99)
  return {
    rotation: numbers.between(-rotation, rotation),
    rowShift: numbers.between(-shift, shift),
    columnShift: numbers.between(-shift, shift),
    rowZoom: numbers.between(1 - zoom, 1 + zoom),
    columnZoom: numbers.between(1 - zoom, 1 + zoom),
    horizontalFlip: numbers.uniform() < 0.5 && horizontalFlip,
    verticalFlip: numbers.uniform() < 0.5 && verticalFlip,
  }
}

/**
 * Writes the transformed image: bilinear, pixels outside take the nearest edge's value.
 * The same as Keras's ImageDataGenerator: rotation · shift · zoom about the centre map an output
 * pixel to its place in the input; flips come last. A test compares the two.
 * @param target [size, size, channels], in the image's own units; a Uint8Array is rounded to nearest
 * @param image [size, size, channels], row-major, interleaved; not changed; not the target's memory
 */
export function augmentInto(
  target: Float32Array | Uint8Array, image: Uint8Array | Float32Array,
  size: number, channels: number, transform: Transform,
): void {
  if (image.length !== size * size * channels || target.length !== image.length)
    throw new LabError('shape-mismatch', {
      expected: `image and target of ${size} × ${size} × ${channels} values`,
      received: `${image.length} and ${target.length}`,
      remedy: 'Give the size and the channels of the image',
    })
  const [rr, rc, r0, cr, cc, c0] = inputPlace(transform, size)
  const half = target instanceof Uint8Array ? 0.5 : 0
  const last = size - 1
  const stride = size * channels
  let at = 0
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const y = clamp(rr * row + rc * column + r0, last)
      const x = clamp(cr * row + cc * column + c0, last)
      const top = y | 0, left = x | 0
      const down = y - top, right = x - left
      const place = top * stride + left * channels
      const below = top < last ? stride : 0
      const beside = left < last ? channels : 0
      for (let channel = place; channel < place + channels; channel++) {
        const upper = image[channel] + right * (image[channel + beside] - image[channel])
        const under = channel + below
        const lower = image[under] + right * (image[under + beside] - image[under])
        target[at++] = upper + down * (lower - upper) + half
      }
    }
  }
}

/**
 * Images mirrored left to right, as new ones.
 * @param images [count, size, size, channels], row-major, interleaved
 */
export function mirrored(images: Float32Array, size: number, channels: number): Float32Array {
  const result = new Float32Array(images.length)
  const row = size * channels
  for (let start = 0; start < images.length; start += row)
    for (let at = 0; at < row; at++) {
      const channel = at % channels
      result[start + row - channels - at + 2 * channel] = images[start + at]
    }
  return result
}

/** Six numbers: input row = rr·row + rc·column + r0, input column = cr·row + cc·column + c0. */
function inputPlace(transform: Transform, size: number): [number, number, number, number, number, number] {
  const angle = transform.rotation * Math.PI / 180
  const cos = Math.cos(angle), sin = Math.sin(angle)
  const centre = (size - 1) / 2
  const down = transform.rowShift * size, right = transform.columnShift * size
  const rr = cos * transform.rowZoom, rc = sin * transform.columnZoom
  const cr = -sin * transform.rowZoom, cc = cos * transform.columnZoom
  const r0 = centre - rr * centre - rc * centre + cos * down + sin * right
  const c0 = centre - cr * centre - cc * centre - sin * down + cos * right
  const v = transform.verticalFlip ? -1 : 1, h = transform.horizontalFlip ? -1 : 1
  return [
    v * rr, h * rc, r0 + (v < 0 ? rr * (size - 1) : 0) + (h < 0 ? rc * (size - 1) : 0),
    v * cr, h * cc, c0 + (v < 0 ? cr * (size - 1) : 0) + (h < 0 ? cc * (size - 1) : 0),
  ]
}

function clamp(value: number, last: number): number {
  return value < 0 ? 0 : value > last ? last : value
}

function check(name: string, value: number, most: number): void {
  if (!(value >= 0 && value <= most))
    throw new LabError('bad-argument', {
      expected: `${name} between 0 and ${most}`, received: String(value), remedy: `Change ${name} in the augmentation`,
    })
}
