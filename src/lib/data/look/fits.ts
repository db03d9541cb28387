/** One image in the three ways in which images become squares. */
import { requireInRange } from '../../system/errors'
import { fitImage, fits, type Fit } from '../../images/fit'
import type { Image } from '../../images/image'

const effects: Record<Fit, string> = {
  squash: 'everything is there, shapes change',
  pad: 'shapes stay, black stripes are added',
  crop: 'shapes stay, the ends are lost',
}

/**
 * An image as it is, and as the square that each fit makes of it. An image that is a square already is first cut to
 * 3 : 2 at its lower end, because all three squares would be equal.
 * @param image such as `await data.read(0)`
 * @param size width and height of the squares in pixels. Default 128
 * @returns four images with captions; `figures.imageGrid` draws them as they are
 * @throws LabError 'bad-argument' for an image without pixels, or another size
 * @example look.compareFits(await ct.read(0)).length   // 4
 */
export function compareFits(image: Image, size = 128): { image: Image; caption: string }[] {
  requireInRange('the width of the image', image.width, { low: 1, whole: true })
  requireInRange('the height of the image', image.height, { low: 1, whole: true })
  requireInRange('size', size, { low: 1, high: 4096, whole: true })
  const square = image.width === image.height
  const shown = square ? withoutLowerThird(image) : image
  const measures = `${shown.width} × ${shown.height} pixels`
  return [
    { image: shown, caption: square ? `cut for this example: ${measures}` : `as it is: ${measures}` },
    ...fits.map(fit => ({ image: fitImage(shown, size, fit), caption: `${fit}: ${effects[fit]}` })),
  ]
}

function withoutLowerThird({ width, height, channels, data }: Image): Image {
  const rows = Math.max(1, Math.round(height * 2 / 3))
  return { width, height: rows, channels, data: data.subarray(0, width * rows * channels) }
}
