/** A whole data set at one size, on disk: one image a row, read by place. */
import { join } from 'node:path'
import { LabError } from '../system/errors'
import { inTurn, wantedThreads } from '../system/parallel'
import { openRows, writeRows, type SealedRows } from '../system/sealed-rows'
import { thumbnails, type ThumbnailTask } from './resized-images'
import { WorkerPool, workersWanted } from '../system/worker-pool'
import { cacheFolder } from './data-folder'
import type { Dataset } from './dataset'

export interface PixelRowOptions {
  /** Width and height in pixels, 1 to 1,024. */
  size: number
  onProgress?(done: number, count: number): void
}

/** Images that a thread takes on at a time: some tens of milliseconds of work. */
const together = 16
/** Below so many images a thread, starting it takes longer than it saves. */
const worthAThread = 64
const opened = new WeakMap<Dataset, Map<number, Promise<SealedRows>>>()

/**
 * Opens all images of a set, grey, resized by area: row i is item i, [size, size], values 0 to 255. They are decoded
 * once, in as many threads as the engine would use, and kept on disk under the set's content hash; a damaged file is
 * made again. The rows are shared: leave them open.
 * @throws bad-argument; bad-image; write-failed
 */
export function openPixelRows(dataset: Dataset, { size, onProgress }: PixelRowOptions): Promise<SealedRows> {
  if (!Number.isInteger(size) || size < 1 || size > 1024)
    throw new LabError('bad-argument', {
      expected: 'size to be a whole number from 1 to 1024', received: String(size), remedy: 'Change size; 64 is usual',
    })
  const held = opened.get(dataset) ?? new Map<number, Promise<SealedRows>>()
  opened.set(dataset, held)
  const rows = held.get(size) ?? open(dataset, size, onProgress)
  held.set(size, rows)
  // A fault is reported to whoever waits; the next call tries again.
  rows.catch(() => held.delete(size))
  return rows
}

async function open(dataset: Dataset, size: number, onProgress: PixelRowOptions['onProgress']): Promise<SealedRows> {
  const { contentHash, items, name } = dataset
  const path = join(cacheFolder(name), `pixels-${size}-${contentHash.slice(0, 16)}.bin`)
  const key = `${contentHash} ${size}`
  const shape = { count: items.length, width: size * size }
  return await openRows(path, key, shape)
    ?? writeRows(path, key, shape, allThumbnails(dataset, size, onProgress))
}

/** Every image in order, some at a time, while threads are busy with the next. */
async function* allThumbnails(
  dataset: Dataset, size: number, onProgress: PixelRowOptions['onProgress'],
): AsyncGenerator<Uint8Array> {
  const count = dataset.items.length
  const starts = Array.from({ length: Math.ceil(count / together) }, (_, i) => i * together)
  const itemsFrom = (start: number) => Array.from({ length: Math.min(together, count - start) }, (_, i) => start + i)
  const { file } = dataset
  const usual = Math.min(wantedThreads(), Math.floor(count / worthAThread))
  const workers = file ? workersWanted() ?? usual : 0
  const pool = workers > 0 ? new WorkerPool<ThumbnailTask, Uint8Array>('data/resize-worker', workers) : null
  const make = (items: number[]) => (pool
    ? pool.ask({ paths: items.map(item => file!(item)), size })
    : thumbnails(items.map(item => () => dataset.read(item)), size))
  try {
    let done = 0
    for await (const some of inTurn(starts.length, 2 * workers + 1, i => make(itemsFrom(starts[i])))) {
      yield some
      onProgress?.(done += some.length / size ** 2, count)
    }
  } finally {
    await pool?.close()
  }
}
