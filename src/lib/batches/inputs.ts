/** What a network is given, batch by batch: images, or what was computed from them. */
import type { Augmentation, BatchReader } from './batches'
import { tensor, type Tensor } from '../engine/engine'

export interface InputBatch {
  /** [count, …]; whoever receives the batch releases it, before asking for the next. */
  input: Tensor
  /** Class number of each image. */
  labels: Int32Array
  count: number
}

/** One part of a data set, ready for a network. */
export interface Inputs {
  /** Images in the part. */
  readonly count: number
  /** Class number of each image, in the part's order. */
  readonly labels: Int32Array
  /** @param places of the images of each batch, in the part's order: 0 … count − 1 */
  batches(places: readonly Uint32Array[], augmentation?: Augmentation): AsyncIterable<InputBatch>
}

/**
 * The images themselves, [count, size, size, 3].
 * @param change makes other images of a batch's, which it leaves as they are. Default: none
 */
export function imageInputs(
  reader: BatchReader, size: number, change: (images: Float32Array) => Float32Array = images => images,
): Inputs {
  return {
    count: reader.count,
    labels: reader.labels,
    async *batches(places, augmentation) {
      for await (const { images, labels, count } of reader.batches(places, augmentation))
        yield { input: tensor(change(images), [count, size, size, 3]), labels, count }
    },
  }
}

/** All places of a part in order, in batches as even as can be, none larger than `most`. */
export function inOrder(count: number, most: number): Uint32Array[] {
  const places = Uint32Array.from({ length: count }, (_, place) => place)
  const batches = Math.ceil(count / most)
  const start = (batch: number) => Math.floor(batch * count / batches)
  return Array.from({ length: batches }, (_, batch) => places.subarray(start(batch), start(batch + 1)))
}
