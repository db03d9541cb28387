/** Bringing images of any aspect to a square. Browser-safe. */
import { requireOneOf } from '../system/errors'
import { summarizedImage, type Image } from './image'
import { resizeArea } from './resize'

/**
 * 'squash': width and height are resized apart, so that everything is seen and shapes change; 'pad': the whole image,
 * shapes unchanged, between black stripes; 'crop': the square in the image's middle, shapes unchanged.
 */
export type Fit = 'squash' | 'pad' | 'crop'

export const fits: readonly Fit[] = ['squash', 'pad', 'crop']

/**
 * Resizes an image by area to a square.
 * @param size width and height of the result in pixels, whole and at least 1
 * @throws LabError 'bad-argument' for another size or fit
 * @example const square = fitImage(radiograph, 224, 'pad')
 */
export function fitImage(image: Image, size: number, fit: Fit = 'squash'): Image {
  requireOneOf('fit', fit, fits)
  const { width, height } = image
  if (fit === 'squash' || width === height) return resizeArea(image, size, size)
  if (fit === 'crop') return resizeArea(middleSquare(image), size, size)
  const longer = Math.max(width, height)
  const side = (length: number) => Math.max(1, Math.round(size * length / longer))
  return onBlack(resizeArea(image, side(width), side(height)), size)
}

/** The square in an image's middle; where the middle lies between two pixels, the upper or left one. */
function middleSquare(image: Image): Image {
  const side = Math.min(image.width, image.height)
  const left = (image.width - side) >> 1, top = (image.height - side) >> 1
  const { channels, data, width } = image
  const square = new Uint8Array(side * side * channels)
  for (let y = 0; y < side; y++) {
    const from = ((top + y) * width + left) * channels
    square.set(data.subarray(from, from + side * channels), y * side * channels)
  }
  return { width: side, height: side, channels, data: square }
}

/** The image in the middle of a black square. */
function onBlack({ width, height, channels, data }: Image, size: number): Image {
  const left = (size - width) >> 1, top = (size - height) >> 1
  const square = new Uint8Array(size * size * channels)
  for (let y = 0; y < height; y++)
    square.set(data.subarray(y * width * channels, (y + 1) * width * channels), ((top + y) * size + left) * channels)
  return summarizedImage({ width: size, height: size, channels, data: square })
}
