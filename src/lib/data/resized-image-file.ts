/** All images of a set at one size, in a file on disk: one image a row, read by index. */
import { join } from 'node:path'
import { requireInRange } from '../system/errors'
import { inTurn, threadLimit } from '../system/parallel'
import { keepRows, type SealedRows } from '../system/sealed-rows'
import { requestedWorkers, WorkerPool } from '../system/worker-pool'
import { cacheFolder } from './data-folder'
import type { Dataset, ImageSource } from './dataset'
import { resizeImages, type ResizeTask } from './resize-task'

export interface ResizedImageOptions {
  /** Width and height in pixels, 1 to 1,024. */
  size: number
  /** Called as images are resized; not called where a file of them exists. */
  onProgress?(done: number, count: number): void
}

/** Images in one task for a thread: some tens of milliseconds of work. */
const imagesPerTask = 16
/** With fewer images for each thread, starting the thread takes longer than it saves. */
const imagesPerThread = 64
const opened = new WeakMap<Dataset, Map<number, Promise<SealedRows>>>()

/**
 * Opens all images of a set, grey, resized by area: row i is item i, [size, size], values 0 to 255. The first call
 * decodes the images, in as many threads as the engine would use, and stores them on disk under the set's content hash;
 * a damaged file is made again. Later calls share the open file: do not close it.
 * @throws LabError 'bad-argument', 'bad-image', 'write-failed'
 */
export function openResizedImages(dataset: Dataset, options: ResizedImageOptions): Promise<SealedRows> {
  const { size } = options
  const bySize = opened.get(dataset) ?? new Map<number, Promise<SealedRows>>()
  opened.set(dataset, bySize)
  const rows = bySize.get(size) ?? openOrMake(dataset, options)
  bySize.set(size, rows)
  // Whoever waits gets the error; the next call tries again.
  rows.catch(() => bySize.delete(size))
  return rows
}

/** Reads what `openResizedImages` opens, all of it: [count, size, size]. The file is closed afterwards. */
export async function readResizedImages(source: ImageSource, options: ResizedImageOptions): Promise<Uint8Array> {
  const rows = await openOrMake(source, options)
  try {
    return await rows.readAll()
  } finally {
    await rows.close()
  }
}

async function openOrMake(source: ImageSource, { size, onProgress }: ResizedImageOptions): Promise<SealedRows> {
  requireInRange('size', size, { low: 1, high: 1024, whole: true }, 'Change size; most networks here read 64')
  const { contentHash, items, name } = source
  // The content hash decides fit and window, too.
  const path = join(cacheFolder(name), `pixels-${size}-${contentHash.slice(0, 16)}.bin`)
  const key = `${contentHash} ${size}`
  const shape = { count: items.length, width: size * size }
  return keepRows(path, key, shape, () => allResized(source, size, onProgress))
}

/** All images in order, some at a time, while threads work on the next ones. */
async function* allResized(
  source: ImageSource, size: number, onProgress: ResizedImageOptions['onProgress'],
): AsyncGenerator<Uint8Array> {
  const count = source.items.length
  const starts = Array.from({ length: Math.ceil(count / imagesPerTask) }, (_, i) => i * imagesPerTask)
  const itemsFrom = (start: number) =>
    Array.from({ length: Math.min(imagesPerTask, count - start) }, (_, i) => start + i)
  const { file, fileHash, fit, window } = source
  const defaultWorkers = Math.min(threadLimit(), Math.floor(count / imagesPerThread))
  const workers = file ? requestedWorkers() ?? defaultWorkers : 0
  const pool = workers > 0 ? new WorkerPool<ResizeTask, Uint8Array>('data/resize-worker', workers) : null
  const resize = (items: number[]) => (pool
    ? pool.ask({
      paths: items.map(item => file!(item)), size, fit, window,
      ...(fileHash ? { hashes: items.map(item => fileHash(item)) } : {}),
    })
    : resizeImages(items.map(item => () => source.read(item)), size, fit))
  try {
    let done = 0
    for await (const images of inTurn(starts.length, 2 * workers + 1, i => resize(itemsFrom(starts[i])))) {
      yield images
      onProgress?.(done += images.length / size ** 2, count)
    }
  } finally {
    await pool?.close()
  }
}
