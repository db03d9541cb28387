/** Augmentation: each image turned, shifted, zoomed and flipped a little differently every epoch. */
import { LabError, requireInRange } from '../system/errors'
import { requireBoolean, requireKnownKeys } from '../system/options'
import type { Stream } from '../system/random'

/** How far the random transforms go. An option that is left out changes nothing. */
export interface AugmentConfig {
  /** Degrees, 0 to 360. The angle is uniform from −rotation to rotation. Default 0. */
  rotation?: number
  /** Fraction of the side, 0 to 1. Each axis is shifted by a uniform fraction from −shift to shift. Default 0. */
  shift?: number
  /** Fraction, 0 to 0.99. Each axis is scaled by a uniform factor from 1 − zoom to 1 + zoom. Default 0. */
  zoom?: number
  /** Whether half of the images are mirrored left to right. Default false. */
  horizontalFlip?: boolean
  /** Whether half of the images are mirrored top to bottom. Default false. */
  verticalFlip?: boolean
}

/** One image's transform. `augmentInto` applies it. */
export interface Transform {
  /** Degrees. */
  rotation: number
  /** Shifts as fractions of the image's side. */
  rowShift: number
  columnShift: number
  /** Factors on the distance from the center: a factor above 1 shows more of the image, smaller. */
  rowZoom: number
  columnZoom: number
  horizontalFlip: boolean
  verticalFlip: boolean
}

/** Augmentations by name: that of the reference notebook, and one that keeps a chest upright. */
export const augmentations: { readonly reference: AugmentConfig; readonly gentle: AugmentConfig } = {
  reference: { rotation: 360, shift: 0.2, zoom: 0.2, horizontalFlip: true, verticalFlip: true },
  gentle: { rotation: 12, shift: 0.08, zoom: 0.1, horizontalFlip: true },
}

/** @throws LabError 'bad-argument' for an option that is unknown or outside its range */
export function checkAugment(config: AugmentConfig): void {
  requireKnownKeys('augment', config,
    { rotation: true, shift: true, zoom: true, horizontalFlip: true, verticalFlip: true })
  const { rotation = 0, shift = 0, zoom = 0, horizontalFlip, verticalFlip } = config
  requireInRange('rotation', rotation, { low: 0, high: 360 })
  requireInRange('shift', shift, { low: 0, high: 1 })
  requireInRange('zoom', zoom, { low: 0, high: 0.99 })
  requireBoolean('horizontalFlip', horizontalFlip)
  requireBoolean('verticalFlip', verticalFlip)
}

/**
 * Draws a random transform. The same config and stream give the same transform.
 * @param numbers the random stream, such as `stream('augment', seed, epoch, item)`
 * @throws LabError 'bad-argument' for an option that is unknown or outside its range
 */
export function drawTransform(config: AugmentConfig, numbers: Stream): Transform {
  checkAugment(config)
  const { rotation = 0, shift = 0, zoom = 0, horizontalFlip = false, verticalFlip = false } = config
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
 * Writes the transformed image, interpolated bilinearly; a pixel from outside the image gets the value of the nearest
 * edge. The transform is that of Keras's ImageDataGenerator: rotation · shift · zoom about the center map the position
 * of an output pixel to its position in the input; flips come last. A test compares the two.
 * @param target [size, size, channels], in the image's units; values in a Uint8Array are rounded to the nearest
 * @param image [size, size, channels], row-major, interleaved; not changed; must not share the target's memory
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
  const [rr, rc, r0, cr, cc, c0] = inputPosition(transform, size)
  const half = target instanceof Uint8Array ? 0.5 : 0
  const last = size - 1
  const stride = size * channels
  let written = 0
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const y = clamp(rr * row + rc * column + r0, last)
      const x = clamp(cr * row + cc * column + c0, last)
      const top = y | 0, left = x | 0
      const down = y - top, right = x - left
      const corner = top * stride + left * channels
      const below = top < last ? stride : 0
      const beside = left < last ? channels : 0
      for (let i = corner; i < corner + channels; i++) {
        const upper = image[i] + right * (image[i + beside] - image[i])
        const under = i + below
        const lower = image[under] + right * (image[under + beside] - image[under])
        target[written++] = upper + down * (lower - upper) + half
      }
    }
  }
}

/**
 * Mirrors images left to right, into new memory.
 * @param images [count, size, size, channels], row-major, interleaved
 */
export function mirrored(images: Float32Array, size: number, channels: number): Float32Array {
  const result = new Float32Array(images.length)
  const row = size * channels
  for (let start = 0; start < images.length; start += row)
    for (let i = 0; i < row; i++) {
      const channel = i % channels
      result[start + row - channels - i + 2 * channel] = images[start + i]
    }
  return result
}

/** Six numbers: input row = rr·row + rc·column + r0, input column = cr·row + cc·column + c0. */
function inputPosition(transform: Transform, size: number): [number, number, number, number, number, number] {
  const angle = transform.rotation * Math.PI / 180
  const cos = Math.cos(angle), sin = Math.sin(angle)
  const center = (size - 1) / 2
  const down = transform.rowShift * size, right = transform.columnShift * size
  const rr = cos * transform.rowZoom, rc = sin * transform.columnZoom
  const cr = -sin * transform.rowZoom, cc = cos * transform.columnZoom
  const r0 = center - rr * center - rc * center + cos * down + sin * right
  const c0 = center - cr * center - cc * center - sin * down + cos * right
  const v = transform.verticalFlip ? -1 : 1, h = transform.horizontalFlip ? -1 : 1
  return [
    v * rr, h * rc, r0 + (v < 0 ? rr * (size - 1) : 0) + (h < 0 ? rc * (size - 1) : 0),
    v * cr, h * cc, c0 + (v < 0 ? cr * (size - 1) : 0) + (h < 0 ? cc * (size - 1) : 0),
  ]
}

function clamp(value: number, last: number): number {
  return value < 0 ? 0 : value > last ? last : value
}
