/** From a part of a data set to the arrays that a network reads. */
import { batchImages, batchLength, type Augmentation, type BatchTask } from './batch-images'
import type { SharedBatchTask } from './batch-worker'
import { openPixelRows } from '../data/pixel-rows'
import { describeEngine } from '../engine/engine'
import type { Model } from '../model/model'
import { inTurn } from '../system/parallel'
import { permutation, stream } from '../system/random'
import type { Part } from '../data/split/split'
import { WorkerPool, workersWanted } from '../system/worker-pool'

export type { Augmentation } from './batch-images'

/** Some images and what they show. */
export interface Batch {
  /** [count, size, size, 3], preprocessed. */
  images: Float32Array
  /** Class number of each image. */
  labels: Int32Array
  count: number
}

/** Reads batches of one part, in any order. Nothing has to be closed. */
export interface BatchReader {
  /** Images in the part. */
  count: number
  /** Class number of each image, in the part's order. */
  labels: Int32Array
  /** @param places which images, as places in the part: 0 … count − 1 */
  read(places: ArrayLike<number>, augmentation?: Augmentation): Batch
  /**
   * Batches one after the other. Threads, where there are any, prepare augmented ones while the one before is used,
   * at most two for each thread; the numbers are those of `read`, whatever the number of threads. They end with the
   * loop, however it is left. A batch's images stay as they are until the next is asked for.
   * @param places of the images of each batch
   * @throws LabError 'worker-failed' where a thread ends before its time
   */
  batches(places: readonly ArrayLike<number>[], augmentation?: Augmentation): AsyncIterable<Batch>
}

export interface BatchOptions {
  /**
   * Threads that prepare augmented batches; 0 none: all happens in the main thread. Default LAB_WORKERS; else 2 beside
   * a graphics card, and none where the processor trains: preparing a batch takes it half a percent of a step, and a
   * thread would take that from the same cores.
   */
  workers?: number
}

/**
 * Opens a part for a model: its images at the model's size, grey, preprocessed as the model expects. They are read
 * from disk as they are needed: memory holds the batches in use, however many images there are.
 * @throws bad-image; write-failed
 */
export async function openBatches(
  part: Part, { size, preprocessing }: Pick<Model, 'size' | 'preprocessing'>, options: BatchOptions = {},
): Promise<BatchReader> {
  const { dataset, indices } = part
  const rows = await openPixelRows(dataset, { size })
  const labels = Int32Array.from(indices, item => dataset.items[item].label)

  const taskFor = (places: ArrayLike<number>, augmentation?: Augmentation): BatchTask => ({
    descriptor: rows.descriptor, size, items: Array.from(places, place => indices[place]), preprocessing, augmentation,
  })
  const batchOf = (places: ArrayLike<number>, images: Float32Array): Batch =>
    ({ images, labels: Int32Array.from(places, place => labels[place]), count: places.length })
  const read: BatchReader['read'] = (places, augmentation) =>
    batchOf(places, batchImages(taskFor(places, augmentation)))

  async function* batches(places: readonly ArrayLike<number>[], augmentation?: Augmentation) {
    // Without augmentation there is next to nothing to prepare.
    const workers = augmentation ? options.workers ?? usualWorkers() : 0
    if (workers === 0) {
      for (const some of places) yield read(some, augmentation)
      return
    }
    const ahead = 2 * workers
    const most = Math.max(0, ...places.map(some => batchLength(taskFor(some))))
    const memory = Array.from({ length: ahead }, () => new SharedArrayBuffer(most * Float32Array.BYTES_PER_ELEMENT))
    const pool = new WorkerPool<SharedBatchTask, Float32Array>('batches/batch-worker', workers)
    // A batch lies where one lay whose successor has been asked for.
    const prepare = (i: number) => pool.ask({ ...taskFor(places[i], augmentation), memory: memory[i % ahead] })
    try {
      let next = 0
      for await (const images of inTurn(places.length, ahead, prepare)) yield batchOf(places[next++], images)
    } finally {
      await pool.close()
    }
  }
  return { count: indices.length, labels, read, batches }
}

function usualWorkers(): number {
  return workersWanted() ?? (describeEngine().engine === 'gpu' ? 2 : 0)
}

/** The order in which an epoch meets the images: the same for the same seed and epoch. */
export function trainingOrder(count: number, seed: number, epoch: number): Uint32Array {
  return permutation(count, stream('shuffle', seed, epoch))
}
