/** Random views of an image: cropped, rotated, flipped, with other contrast, brightness and sharpness. */
import { augmentInto, type Transform } from '../../images/augment'
import { requireInRange } from '../../system/errors'
import { requireBoolean, requireKnownKeys } from '../../system/options'
import type { Stream } from '../../system/random'

/** How much two views of one image may differ. The network learns to ignore whatever views change. */
export interface ViewConfig {
  /** Lowest share of the image's area that a view shows, above 0, up to 1. The share is uniform from this to 1. */
  leastArea: number
  /** Degrees, 0 to 180: the angle is uniform in ± this. */
  rotation: number
  /** Mirrors half of the views left to right. */
  horizontalFlip: boolean
  /** Fraction, 0 to 1: differences from the view's mean grey are multiplied by a factor uniform in 1 ± this. */
  contrast: number
  /** Fraction of white, 0 to 1: a number uniform in ± this is added to all grey values. */
  brightness: number
  /** Pixels of the view, 0 to 4: half of the views are blurred by a Gaussian of a deviation uniform from 0 to this. */
  blur: number
}

/**
 * For chest slices. The chest is at about the same position in all of them, so crops are larger than for photographs,
 * and rotations are small. Contrast and brightness vary because a network could otherwise match two crops of an image
 * by their grey values alone (Chen et al. 2020, figure 5); they vary less than for photographs because grey values
 * distinguish tissues.
 */
export const chestViews: ViewConfig =
  { leastArea: 0.3, rotation: 15, horizontalFlip: true, contrast: 0.4, brightness: 0.2, blur: 1 }

/** One view, as `viewInto` draws it. */
export interface View {
  transform: Transform
  /** Factor on the difference from the mean grey. */
  contrast: number
  /** Added to all grey values, of 255. */
  brightness: number
  /** Standard deviation of the blur, in pixels; 0 means no blur. */
  blur: number
}

/** @throws LabError 'bad-argument' naming the setting that is out of range */
export function checkViews(config: ViewConfig): void {
  requireKnownKeys('views', config, {
    leastArea: true, rotation: true, horizontalFlip: true, contrast: true, brightness: true, blur: true,
  })
  requireBoolean('horizontalFlip', config.horizontalFlip)
  requireInRange('leastArea', config.leastArea, { above: 0, high: 1 })
  requireInRange('rotation', config.rotation, { low: 0, high: 180 })
  requireInRange('contrast', config.contrast, { low: 0, high: 1 })
  requireInRange('brightness', config.brightness, { low: 0, high: 1 })
  requireInRange('blur', config.blur, { low: 0, high: 4 })
}

/**
 * Draws the numbers of one view. The same config and stream give the same view.
 * @param numbers such as `stream('view', seed, epoch, item, which)`
 */
export function drawView(config: ViewConfig, numbers: Stream): View {
  const { leastArea, rotation, horizontalFlip, contrast, brightness, blur } = config
  const side = Math.sqrt(numbers.between(leastArea, 1))
  const margin = (1 - side) / 2
  return {
    transform: {
      rowZoom: side, columnZoom: side,
      rowShift: numbers.between(-margin, margin), columnShift: numbers.between(-margin, margin),
      rotation: numbers.between(-rotation, rotation),
      horizontalFlip: numbers.uniform() < 0.5 && horizontalFlip, verticalFlip: false,
    },
    contrast: numbers.between(1 - contrast, 1 + contrast),
    brightness: 255 * numbers.between(-brightness, brightness),
    blur: numbers.uniform() < 0.5 ? numbers.between(0, blur) : 0,
  }
}

/**
 * Writes a view of an image at half the image's size, so that a crop of a quarter of the area is as sharp as the whole
 * image. The steps are the transform, the mean of every four pixels, blur, contrast, and brightness. Grey values are
 * clipped to 0 to 255.
 * @param target [size, size]
 * @param image [2 size, 2 size], grey; not changed
 */
export function viewInto(target: Float32Array, image: Uint8Array, size: number, view: View): void {
  const large = new Float32Array(image.length)
  augmentInto(large, image, 2 * size, 1, view.transform)
  halve(target, large, size)
  if (view.blur > 0) blurInPlace(target, size, view.blur)
  const mean = target.reduce((sum, grey) => sum + grey, 0) / target.length
  for (let i = 0; i < target.length; i++) {
    const grey = mean + view.contrast * (target[i] - mean) + view.brightness
    target[i] = Math.min(255, Math.max(0, grey))
  }
}

function halve(target: Float32Array, large: Float32Array, size: number): void {
  const width = 2 * size
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const i = 2 * row * width + 2 * column
      target[row * size + column] = (large[i] + large[i + 1] + large[i + width] + large[i + width + 1]) / 4
    }
}

/** Blurs along the rows, then along the columns. Pixels beyond an edge have the edge's value. */
function blurInPlace(image: Float32Array, size: number, deviation: number): void {
  const reach = Math.ceil(3 * deviation)
  const bell = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * deviation ** 2)))
  const sum = bell.reduce((total, weight) => total + weight)
  const line = new Float32Array(size)
  for (const [step, next] of [[1, size], [size, 1]])
    for (let start = 0; start < size; start++) {
      for (let i = 0; i < size; i++) line[i] = image[start * next + i * step]
      for (let i = 0; i < size; i++) {
        let blurred = 0
        for (let k = -reach; k <= reach; k++)
          blurred += bell[k + reach] * line[Math.min(size - 1, Math.max(0, i + k))]
        image[start * next + i * step] = blurred / sum
      }
    }
}
