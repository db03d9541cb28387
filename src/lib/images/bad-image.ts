/** The one error for bytes that are no image, or an image that cannot be read. */
import { LabError } from '../system/errors'

/** Pixels of the largest image that is decoded: a guard against files made to fill the memory. */
export const maximumPixels = 64_000_000

/** Formats that are read, as errors and documentation name them. */
export const readFormats = 'PNG, JPEG, WebP, GIF, TIFF, BMP, DICOM or NIfTI'

/**
 * The error for a file that cannot be read.
 * @param fault what the file is or holds; the part before a colon is the reason by which faults are grouped
 * @example throw badImage('an empty file')
 */
export function badImage(fault: string, remedy = 'Replace the file or leave it out'): LabError {
  return new LabError('bad-image', {
    expected: `a whole ${readFormats} image of at most ${maximumPixels} pixels`, received: fault, remedy,
  })
}

/** @throws LabError 'bad-image' for a width or height of zero, or more pixels than the limit */
export function requirePixels(width: number, height: number): void {
  if (!(width >= 1 && height >= 1)) throw badImage(`an image without pixels: ${width} × ${height}`)
  if (width * height > maximumPixels) throw badImage(`an image above the pixel limit: ${width} × ${height}`)
}

/** Bytes of pixels that a file of any size may unpack to, and how many times its size it may unpack to beyond them. */
const modestBytes = 16 * 1024 ** 2, greatestRatio = 100

/** Bytes that a file of so many bytes may unpack to: more than any picture gains by compression. */
export function mostUnpacked(packed: number): number {
  return modestBytes + greatestRatio * packed
}

/**
 * Refuses files that are made to fill the memory: a few bytes can claim, and unpack to, millions of equal pixels.
 * @param unpacked bytes of the pixels, as the header says
 * @param packed bytes of the file
 * @throws LabError 'bad-image'
 */
export function requireModest(unpacked: number, packed: number): void {
  if (unpacked <= mostUnpacked(packed)) return
  throw badImage(`a file that is cut short, or made to fill the memory: ${unpacked} bytes of pixels in ${packed}`,
    'Replace the file or leave it out; a picture of one color can be made smaller')
}
