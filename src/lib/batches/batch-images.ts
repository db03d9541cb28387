/** The images of one batch, from rows of bytes to what a network reads. */
import { augmentInto, drawTransform, type AugmentConfig } from '../images/augment'
import { channelRules, type Preprocessing } from '../model/preprocessing'
import { stream } from '../system/random'
import { readRow } from '../system/sealed-rows'

/** Changes images while they are read: the same names give the same changes. */
export interface Augmentation {
  config: AugmentConfig
  seed: number
  epoch: number
}

/** Which images, and how a network expects them: plain data, for threads. */
export interface BatchTask {
  /** Of the open file that holds the images, one a row. */
  descriptor: number
  /** Width and height in pixels. */
  size: number
  /** Places in the file, which are the data set's items. */
  items: readonly number[]
  preprocessing: Preprocessing
  augmentation?: Augmentation
}

/** How many numbers a batch has. */
export function batchLength({ items, size }: BatchTask): number {
  return items.length * size * size * 3
}

/**
 * The images as a network reads them, [count, size, size, 3]: augmented, the grey value in each channel, preprocessed.
 * @param images where to write them; default a new array
 * @throws LabError 'data-missing' where the file was cut meanwhile
 */
export function batchImages(task: BatchTask, images: Float32Array = new Float32Array(batchLength(task))): Float32Array {
  const { descriptor, size, items, preprocessing, augmentation } = task
  const area = size * size
  const image = new Uint8Array(area)
  const changed = new Float32Array(area)
  const rules = channelRules[preprocessing]
  const greys = Array.from({ length: 256 }, (_, grey) => grey)
  const tables = rules.map(({ scale, offset }) => Float32Array.from(greys, grey => grey * scale + offset))
  items.forEach((item, i) => {
    readRow(descriptor, area, item, image)
    const start = i * area * 3
    if (augmentation) {
      const numbers = stream('augment', augmentation.seed, augmentation.epoch, item)
      augmentInto(changed, image, size, 1, drawTransform(augmentation.config, numbers))
      rules.forEach(({ scale, offset }, channel) => {
        for (let pixel = 0, to = start + channel; pixel < area; pixel++, to += 3)
          images[to] = changed[pixel] * scale + offset
      })
    } else tables.forEach((table, channel) => {
      for (let pixel = 0, to = start + channel; pixel < area; pixel++, to += 3) images[to] = table[image[pixel]]
    })
  })
  return images
}
