/** From a part of a data set to the arrays that a network reads. */
import { augmentInto, drawTransform, type AugmentConfig } from './augment'
import { loadPixels } from './datasets/pixels'
import type { Model, Preprocessing } from './model'
import { permutation, stream } from './random'
import type { Part } from './split'

/** Some images and what they show. */
export interface Batch {
  /** [count, size, size, 3], preprocessed. */
  images: Float32Array
  /** Class number of each image. */
  labels: Int32Array
  count: number
}

/** Changes images while they are read: the same names give the same changes. */
export interface Augmentation {
  config: AugmentConfig
  seed: number
  epoch: number
}

/** Reads batches of one part, in any order. */
export interface BatchReader {
  /** Images in the part. */
  count: number
  /** Class number of each image, in the part's order. */
  labels: Int32Array
  /** @param places which images, as places in the part: 0 … count − 1 */
  read(places: ArrayLike<number>, augmentation?: Augmentation): Batch
}

/** Scale and offset of each preprocessing: input = scale · grey + offset. */
const preprocessings: Record<Preprocessing, { scale: number; offset: number }> = {
  unit: { scale: 1 / 255, offset: 0 },
  centered: { scale: 1 / 127.5, offset: -1 },
}

/** Opens a part for a model: its images at the model's size, grey, preprocessed as the model expects. */
export async function openBatches(part: Part, model: Pick<Model, 'size' | 'preprocessing'>): Promise<BatchReader> {
  const { size } = model
  const pixels = await loadPixels(part.dataset, { size, channels: 1 })
  const { scale, offset } = preprocessings[model.preprocessing]
  const area = size * size
  const labels = Int32Array.from(part.indices, item => part.dataset.items[item].label)

  const read = (places: ArrayLike<number>, augmentation?: Augmentation): Batch => {
    const count = places.length
    const images = new Float32Array(count * area * 3)
    const grey = new Float32Array(area)
    for (let i = 0; i < count; i++) {
      const item = part.indices[places[i]]
      const image = pixels.data.subarray(item * area, (item + 1) * area)
      if (augmentation) {
        const numbers = stream('augment', augmentation.seed, augmentation.epoch, item)
        augmentInto(grey, image, size, 1, drawTransform(augmentation.config, numbers))
      } else grey.set(image)
      let at = i * area * 3
      for (let pixel = 0; pixel < area; pixel++) {
        const value = grey[pixel] * scale + offset
        images[at++] = value
        images[at++] = value
        images[at++] = value
      }
    }
    return { images, labels: Int32Array.from(places, place => labels[place]), count }
  }
  return { count: part.indices.length, labels, read }
}

/** The order in which an epoch meets the images: the same for the same seed and epoch. */
export function trainingOrder(count: number, seed: number, epoch: number): Uint32Array {
  return permutation(count, stream('shuffle', seed, epoch))
}
