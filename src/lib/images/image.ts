/** Images as plain bytes. Browser-safe: reading and writing image files is in image-file.ts. */
import { LabError } from '../system/errors'
import { withSummary } from '../system/summary'

/** An 8-bit image, row-major and interleaved: [height, width, channels], values 0 to 255. */
export interface Image {
  width: number
  height: number
  channels: 1 | 3
  data: Uint8Array
}

/** The image itself, which now prints as a summary. */
export function summarizedImage(image: Image): Image {
  return withSummary(image, ({ width, height, channels, data }) => {
    let sum = 0, least = 255, greatest = 0
    for (const value of data) {
      sum += value
      least = Math.min(least, value)
      greatest = Math.max(greatest, value)
    }
    const levels = data.length ? `values ${least} to ${greatest}, mean ${(sum / data.length).toFixed(1)}` : 'no pixels'
    return `Image of ${width} × ${height} pixels, ${channels === 1 ? 'grey' : 'color'}: ${levels}`
  }, 'show(await figures.imageGrid([{ image: x }], { name: \'image\', title: \'One image\' }))')
}

/** The range of pixel values before any preprocessing: whole numbers from the first to the second. */
export const pixelRange = [0, 255] as const

/**
 * Checks that an image's numbers are pixel values, whatever program they come from.
 * @throws LabError 'bad-argument' for other numbers, such as scaled pixels or CT numbers
 */
export function checkPixels({ data }: { data: ArrayLike<number> }): void {
  if (data instanceof Uint8Array) return
  const [lowest, highest] = pixelRange
  for (let i = 0; i < data.length; i++)
    if (!Number.isInteger(data[i]) || data[i] < lowest || data[i] > highest)
      throw new LabError('bad-argument', {
        expected: `pixels that are whole numbers from ${lowest} to ${highest}`, received: String(data[i]),
        remedy: 'Give the image as it was decoded: the model scales it. CT numbers go through a window first (greyLevel)',
      })
}
