/** Views of an image: cropped, turned, flipped, and changed in contrast, brightness and sharpness, each otherwise. */
import { augmentInto, type Transform } from '../../images/augment'
import { LabError } from '../../system/errors'
import type { Stream } from '../../system/random'

/** How far two views of one image may differ. What a view changes, the network learns not to look at. */
export interface ViewConfig {
  /** Least share of the image's area that a view shows, above 0 to 1: uniform from it to 1. */
  leastArea: number
  /** Degrees, 0 to 180: the angle is uniform in ± this. */
  rotation: number
  /** Mirror left and right in half of the draws. */
  horizontalFlip: boolean
  /** Fraction, 0 to 1: differences from the view's mean grey times a uniform factor in 1 ± this. */
  contrast: number
  /** Fraction of white, 0 to 1: all grey values are raised by a uniform fraction in ± this. */
  brightness: number
  /** Pixels of the view, 0 to 4: half of the views are blurred by a Gaussian of a deviation uniform from 0 to this. */
  blur: number
}

/**
 * For slices of a chest, which lies about the same in all of them: crops are larger than on photographs, turns small.
 * Contrast and brightness vary because two crops of one image would else be matched by their grey values alone (Chen
 * et al. 2020, figure 5); but less than on photographs, since grey values mean tissue.
 */
export const chestViews: ViewConfig =
  { leastArea: 0.3, rotation: 15, horizontalFlip: true, contrast: 0.4, brightness: 0.2, blur: 1 }

/** One view; see `viewInto` for what the numbers do. */
export interface View {
  transform: Transform
  /** Factor on the difference from the mean grey. */
  contrast: number
  /** Added to all grey values, of 255. */
  brightness: number
  /** Standard deviation of the blur in pixels; 0 none. */
  blur: number
}

/** @throws LabError 'bad-argument' naming the setting that is out of range */
export function checkViews(config: ViewConfig): void {
  const most = { leastArea: 1, rotation: 180, contrast: 1, brightness: 1, blur: 4 }
  for (const name of ['leastArea', 'rotation', 'contrast', 'brightness', 'blur'] as const) {
    const value = config[name]
    if (value >= 0 && value <= most[name] && (name !== 'leastArea' || value > 0)) continue
    throw new LabError('bad-argument', {
      expected: `${name} ${name === 'leastArea' ? 'above 0' : 'from 0'} to ${most[name]}`, received: String(value),
      remedy: `Change ${name} in the views`,
    })
  }
}

/**
 * Draws one view. The same config and stream give the same view.
 * @param numbers such as `stream('view', seed, epoch, item, which)`
 */
export function drawView(config: ViewConfig, numbers: Stream): View {
  const { leastArea, rotation, horizontalFlip, contrast, brightness, blur } = config
  const side = Math.sqrt(numbers.between(leastArea, 1))
  const room = (1 - side) / 2
  return {
    transform: {
      rowZoom: side, columnZoom: side,
      rowShift: numbers.between(-room, room), columnShift: numbers.between(-room, room),
      rotation: numbers.between(-rotation, rotation),
      horizontalFlip: numbers.uniform() < 0.5 && horizontalFlip, verticalFlip: false,
    },
    contrast: numbers.between(1 - contrast, 1 + contrast),
    brightness: 255 * numbers.between(-brightness, brightness),
    blur: numbers.uniform() < 0.5 ? numbers.between(0, blur) : 0,
  }
}

/**
 * Writes a view of an image at half the image's size, so that a crop of a quarter of the area is as sharp as the whole.
 * In turn: the transform, the mean of every four pixels, blur, contrast and brightness; grey values stay in 0 to 255.
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
      const at = 2 * row * width + 2 * column
      target[row * size + column] = (large[at] + large[at + 1] + large[at + width] + large[at + width + 1]) / 4
    }
}

/** Along the rows, then along the columns; outside, the nearest edge's value. */
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
