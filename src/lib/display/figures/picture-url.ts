/** Images as addresses that hold the whole picture, so that nothing is loaded from elsewhere. */
import { encodePng } from '../../images/image-file'
import type { Image } from '../../images/image'
import { resizeArea } from '../../images/resize'
import { LabError } from '../../system/errors'

/** The image as a PNG in a data address, shrunk to `widest` pixels where it is wider. */
export async function pictureUrl(image: Image, widest: number): Promise<string> {
  const shrunk = image.width > widest
    ? resizeArea(image, widest, Math.max(1, Math.round(image.height * widest / image.width)))
    : image
  return `data:image/png;base64,${Buffer.from(await encodePng(shrunk)).toString('base64')}`
}

/** @throws LabError 'bad-argument' for an image without pixels, naming it */
export function requirePixels({ width, height, data }: Image, name: string): void {
  if (width >= 1 && height >= 1 && data.length >= width * height) return
  throw new LabError('bad-argument', {
    expected: 'images of one pixel or more', received: `${width} × ${height} pixels for ${name}`,
    remedy: 'Leave this image out',
  })
}
