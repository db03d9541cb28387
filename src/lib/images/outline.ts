/** The outline of a region in an image. */
import { LabError } from '../system/errors'
import type { Image } from './image'

/** Orange: no grey slice contains it. */
const color = [230, 159, 0]

/**
 * Draws the outline of a mask on a copy of the image, in color: one pixel wide, just outside the masked region.
 * @param mask one channel of the image's size; pixels above 127 are inside
 * @throws LabError 'shape-mismatch' where the sizes differ
 */
export function outlined(image: Image, mask: Image): Image {
  const { width, height, channels, data } = image
  if (mask.width !== width || mask.height !== height || mask.channels !== 1)
    throw new LabError('shape-mismatch', {
      expected: `a mask of ${width} × ${height}, one channel`,
      received: `${mask.width} × ${mask.height}, ${mask.channels} channels`,
      remedy: 'Use the image and the mask of the same item',
    })
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && mask.data[y * width + x] > 127
  const touches = (x: number, y: number) =>
    inside(x - 1, y) || inside(x + 1, y) || inside(x, y - 1) || inside(x, y + 1)
  const drawn = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      const edge = !inside(x, y) && touches(x, y)
      for (let c = 0; c < 3; c++) drawn[i * 3 + c] = edge ? color[c] : data[i * channels + (channels === 3 ? c : 0)]
    }
  return { width, height, channels: 3, data: drawn }
}
