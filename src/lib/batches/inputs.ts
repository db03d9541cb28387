/** What a network reads, batch by batch: images, or what frozen layers computed from them. */
import type { Batch } from './batch'
import { openBatches, type Augmentation, type BatchReader } from './batches'
import type { Part } from '../data/split/split'
import { tensor } from '../engine/engine'
import type { Model } from '../model/model'

/** One part of a data set, ready for a network. */
export interface Inputs {
  /** Images in the part. */
  readonly count: number
  /** Class number of each image, in the part's order. */
  readonly labels: Int32Array
  /**
   * Batches one after the other. Whoever receives a batch releases its input before asking for the next batch.
   * @param indices for each batch the indices of its images within the part, 0 … count − 1
   */
  batches(indices: readonly Uint32Array[], augmentation?: Augmentation): AsyncIterable<Batch>
}

/** Opens a part's images for a model, [count, size, size, 3]. @throws as {@link openBatches} */
export async function openImageInputs(part: Part, model: Pick<Model, 'size' | 'preprocessing'>): Promise<Inputs> {
  return imageInputs(await openBatches(part, model), model.size)
}

/**
 * A reader's images as tensors, [count, size, size, 3].
 * @param change returns the images to use in place of a batch's, without writing to them. Default: the images as read
 */
export function imageInputs(
  reader: BatchReader, size: number, change: (images: Float32Array) => Float32Array = images => images,
): Inputs {
  return {
    count: reader.count,
    labels: reader.labels,
    async *batches(indices, augmentation) {
      for await (const { input, labels, count } of reader.batches(indices, augmentation))
        yield { input: tensor(change(input), [count, size, size, 3]), labels, count }
    },
  }
}

/** The indices of all images of a part in order, in batches of nearly equal size, none larger than `limit`. */
export function inOrder(count: number, limit: number): Uint32Array[] {
  const indices = Uint32Array.from({ length: count }, (_, index) => index)
  const batches = Math.ceil(count / limit)
  const start = (batch: number) => Math.floor(batch * count / batches)
  return Array.from({ length: batches }, (_, batch) => indices.subarray(start(batch), start(batch + 1)))
}
