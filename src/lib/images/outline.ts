/** Where something is in an image, drawn as a line around it. */
import { LabError } from '../system/errors'
import type { Image } from './image'

/** Orange, which no grey slice has. */
const color = [230, 159, 0]

/**
 * The image in colour, with the edge of the mask drawn one pixel wide just outside what is masked.
 * @param mask one channel of the image's size; above 127 counts as inside
 * @throws LabError 'shape-mismatch' where the sizes differ
 */
export function outlined(image: Image, mask: Image): Image {
  const { width, height, channels, data } = image
  if (mask.width !== width || mask.height !== height || mask.channels !== 1)
    throw new LabError('shape-mismatch', {
      expected: `a mask of ${width} × ${height}, one channel`,
      received: `${mask.width} × ${mask.height}, ${mask.channels} channels`,
      remedy: "Take the same item's image and mask",
    })
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && mask.data[y * width + x] > 127
  const touches = (x: number, y: number) =>
    inside(x - 1, y) || inside(x + 1, y) || inside(x, y - 1) || inside(x, y + 1)
  const drawn = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * width + x
      const edge = !inside(x, y) && touches(x, y)
      for (let c = 0; c < 3; c++) drawn[at * 3 + c] = edge ? color[c] : data[at * channels + (channels === 3 ? c : 0)]
    }
  return { width, height, channels: 3, data: drawn }
}
