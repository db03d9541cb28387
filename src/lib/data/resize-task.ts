/** Resizing several images to one size, in this thread or another. */
import { checkPixels, type Image } from '../images/image'
import { readImageFile } from '../images/image-file'
import { fitImage, type Fit } from '../images/fit'
import type { PixelWindow } from '../images/pixel-window'

/** Files of images, and how they become squares of 8-bit grey levels. */
export interface ResizeTask {
  paths: readonly string[]
  /** The SHA-256 that each file must have. Default: any. */
  hashes?: readonly string[]
  /** Width and height of the squares in pixels. */
  size: number
  /** Default 'squash'. */
  fit?: Fit
  /** The set's window; without it only 8-bit images are read. */
  window?: PixelWindow
}

/** Reads image files and resizes them: [count, size, size], grey. @throws LabError as `readImageFile` does */
export function resizeFiles({ paths, hashes, size, fit, window = {} }: ResizeTask): Promise<Uint8Array> {
  return resizeImages(paths.map((path, i) => () => readImageFile(path, 1, window, hashes?.[i])), size, fit)
}

/**
 * Resizes grey images by area, read one after another: [count, size, size].
 * @throws LabError 'bad-argument' for pixels that are not whole numbers from 0 to 255
 */
export async function resizeImages(
  reads: readonly (() => Promise<Image>)[], size: number, fit?: Fit,
): Promise<Uint8Array> {
  const area = size * size
  const resized = new Uint8Array(reads.length * area)
  for (const [i, read] of reads.entries()) {
    const image = await read()
    checkPixels(image)
    resized.set(fitImage(image, size, fit).data, i * area)
  }
  return resized
}
