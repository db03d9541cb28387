/** Resizing several images to one size, in this thread or another. */
import { checkPixels, type Image } from '../images/image'
import { readImageFile } from '../images/image-file'
import { resizeArea } from '../images/resize'

/** Files of images, and the width and height in pixels that they are resized to. */
export interface ResizeTask {
  paths: readonly string[]
  size: number
}

/** Reads image files and resizes them: [count, size, size], grey. @throws LabError as `readImageFile` does */
export function resizeFiles({ paths, size }: ResizeTask): Promise<Uint8Array> {
  return resizeImages(paths.map(path => () => readImageFile(path)), size)
}

/**
 * Resizes grey images by area, read one after another: [count, size, size].
 * @throws LabError 'bad-argument' for pixels that are not whole numbers from 0 to 255
 */
export async function resizeImages(reads: readonly (() => Promise<Image>)[], size: number): Promise<Uint8Array> {
  const area = size * size
  const resized = new Uint8Array(reads.length * area)
  for (const [i, read] of reads.entries()) {
    const image = await read()
    checkPixels(image)
    resized.set(resizeArea(image, size, size).data, i * area)
  }
  return resized
}
