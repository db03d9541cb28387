/** From a part of a data set to the arrays that a network reads. */
import type { Batch } from './batch'
import { batchImages, batchLength, type Augmentation, type BatchTask } from './batch-images'
import type { SharedBatchTask } from './batch-worker'
import { labelsOf } from '../data/part-labels'
import { openResizedImages } from '../data/resized-image-file'
import type { Part } from '../data/split/split'
import { describeEngine } from '../engine/engine'
import type { Model } from '../model/model'
import { inTurn } from '../system/parallel'
import { permutation, stream } from '../system/random'
import { WorkerPool, requestedWorkers } from '../system/worker-pool'

export type { Augmentation } from './batch-images'

/** Reads batches of one part, in any order. A reader need not be closed. */
export interface BatchReader {
  /** Images in the part. */
  count: number
  /** Class number of each image, in the part's order. */
  labels: Int32Array
  /**
   * One batch, its images [count, size, size, 3] and preprocessed.
   * @param indices of the images within the part, 0 … count − 1
   */
  read(indices: ArrayLike<number>, augmentation?: Augmentation): Batch<Float32Array>
  /**
   * Batches one after the other. Threads, where there are any, prepare augmented batches while the caller uses earlier
   * ones, at most two for each thread. The numbers are those of `read`, whatever the number of threads. The threads
   * end with the loop, also when the caller leaves the loop early. The images of a batch stay valid until the caller
   * asks for the next batch.
   * @param indices for each batch the indices of its images within the part
   * @throws LabError 'worker-failed' where a thread ends early
   */
  batches(indices: readonly ArrayLike<number>[], augmentation?: Augmentation): AsyncIterable<Batch<Float32Array>>
}

export interface BatchOptions {
  /**
   * Threads that prepare augmented batches; with 0 the main thread prepares all of them. Default: LAB_WORKERS; without
   * it 2 beside a graphics card, and 0 where the processor trains: preparing a batch takes half a percent of a training
   * step, and a thread would take that time from the same cores.
   */
  workers?: number
}

/**
 * Opens a part for a model: grey images of the model's size, preprocessed as the model expects. The reader reads images
 * from disk when a batch needs them, so that memory holds only the batches in use, however many images there are.
 * @throws LabError 'bad-image', 'write-failed'
 */
export async function openBatches(
  part: Part, { size, preprocessing }: Pick<Model, 'size' | 'preprocessing'>, options: BatchOptions = {},
): Promise<BatchReader> {
  const { dataset, indices: items } = part
  const rows = await openResizedImages(dataset, { size })
  const labels = labelsOf(part)

  const taskFor = (indices: ArrayLike<number>, augmentation?: Augmentation): BatchTask => ({
    source: rows.source, size, items: Array.from(indices, index => items[index]), preprocessing, augmentation,
  })
  const batchOf = (indices: ArrayLike<number>, input: Float32Array): Batch<Float32Array> =>
    ({ input, labels: Int32Array.from(indices, index => labels[index]), count: indices.length })
  const read: BatchReader['read'] = (indices, augmentation) =>
    batchOf(indices, batchImages(taskFor(indices, augmentation)))

  async function* batches(indices: readonly ArrayLike<number>[], augmentation?: Augmentation) {
    // Preparing images without augmentation takes too little time to be worth a thread.
    const workers = augmentation ? options.workers ?? defaultWorkers() : 0
    if (workers === 0) {
      for (const batch of indices) yield read(batch, augmentation)
      return
    }
    const ahead = 2 * workers
    const longest = Math.max(0, ...indices.map(batch => batchLength(taskFor(batch))))
    const memory = Array.from({ length: ahead }, () => new SharedArrayBuffer(longest * Float32Array.BYTES_PER_ELEMENT))
    const pool = new WorkerPool<SharedBatchTask, Float32Array>('batches/batch-worker', workers)
    // Buffers are reused in turn: by now the caller has moved past the batch that used this one.
    const prepare = (i: number) => pool.ask({ ...taskFor(indices[i], augmentation), memory: memory[i % ahead] })
    try {
      let next = 0
      for await (const images of inTurn(indices.length, ahead, prepare)) yield batchOf(indices[next++], images)
    } finally {
      await pool.close()
    }
  }
  return { count: items.length, labels, read, batches }
}

function defaultWorkers(): number {
  return requestedWorkers() ?? (describeEngine().engine === 'gpu' ? 2 : 0)
}

/** The order in which an epoch visits the images: the same order for the same seed and epoch. */
export function trainingOrder(count: number, seed: number, epoch: number): Uint32Array {
  return permutation(count, stream('shuffle', seed, epoch))
}
