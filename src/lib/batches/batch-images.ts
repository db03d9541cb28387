/** The images of one batch, from rows of bytes to the numbers that a network reads. */
import { augmentInto, drawTransform, type AugmentConfig } from '../images/augment'
import { preprocessInto, type Preprocessing } from '../model/preprocessing'
import { stream } from '../system/random'
import { readRow, type RowSource } from '../system/sealed-rows'

/** Random changes of images: the same seed and epoch change an image in the same way. */
export interface Augmentation {
  config: AugmentConfig
  seed: number
  epoch: number
}

/** Which images a batch holds, and how the network expects them. Plain data, so that threads can receive it. */
export interface BatchTask {
  /** Holds the images, one in each row. */
  source: RowSource
  /** Width and height in pixels. */
  size: number
  /** Rows of the source, which are indices of the data set's items. */
  items: readonly number[]
  preprocessing: Preprocessing
  augmentation?: Augmentation
}

/** How many numbers a batch holds. */
export function batchLength({ items, size }: BatchTask): number {
  return items.length * size * size * 3
}

/**
 * The images as a network reads them, [count, size, size, 3]: augmented, the grey value in each channel, preprocessed.
 * @param images where to write them. Default: a new array
 * @throws LabError 'data-missing' where the file was cut after it was opened
 */
export function batchImages(task: BatchTask, images: Float32Array = new Float32Array(batchLength(task))): Float32Array {
  const { source, size, items, preprocessing, augmentation } = task
  const area = size * size
  const image = new Uint8Array(area)
  const augmented = new Float32Array(area)
  items.forEach((item, i) => {
    readRow(source, area, item, image)
    const input = images.subarray(i * area * 3, (i + 1) * area * 3)
    if (augmentation) {
      const numbers = stream('augment', augmentation.seed, augmentation.epoch, item)
      augmentInto(augmented, image, size, 1, drawTransform(augmentation.config, numbers))
    }
    preprocessInto(input, augmentation ? augmented : image, 1, preprocessing)
  })
  return images
}
