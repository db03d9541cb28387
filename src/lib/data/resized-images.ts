/** Images at a network's size, one after the other in one array. */
import { checkPixels, type Image } from '../images/image'
import { readImageFile } from '../images/image-file'
import { resizeArea } from '../images/resize'

/** Some images' files, and the width and height to bring them to. */
export interface ThumbnailTask {
  paths: readonly string[]
  size: number
}

/** The images of some files: [count, size, size], grey. @throws what `readImageFile` does */
export function thumbnailsOfFiles({ paths, size }: ThumbnailTask): Promise<Uint8Array> {
  return thumbnails(paths.map(path => () => readImageFile(path)), size)
}

/**
 * Images read one after the other, each resized by area: [count, size, size], grey.
 * @throws LabError 'bad-argument' for pixels that are not whole numbers from 0 to 255
 */
export async function thumbnails(
  reads: readonly (() => Promise<Image>)[], size: number,
): Promise<Uint8Array> {
  const area = size * size
  const out = new Uint8Array(reads.length * area)
  for (const [i, read] of reads.entries()) {
    const image = await read()
    checkPixels(image)
    out.set(resizeArea(image, size, size).data, i * area)
  }
  return out
}
