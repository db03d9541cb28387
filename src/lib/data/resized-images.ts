/** All images of a set at one size, in memory: what baselines and comparisons of images read. */
import { LabError } from '../system/errors'
import type { Dataset } from './dataset'
import { openResizedImages, type ResizedImageOptions } from './resized-image-file'

/** Pixels of all items in order: [count, size, size, channels], values 0 to 255. */
export interface Pixels {
  size: number
  channels: 1 | 3
  count: number
  data: Uint8Array
}

export interface PixelOptions extends ResizedImageOptions {
  /** 1 grey (default), or 3: the grey value three times, for networks that expect color. */
  channels?: 1 | 3
}

/** Bytes of all images together. */
const memoryLimit = 4 * 1024 ** 3
const inMemory = new WeakMap<Dataset, Map<string, Promise<Pixels>>>()

/**
 * Loads all images of a set, resized by area. The first call computes them; they are then kept in memory, and on disk
 * as `openResizedImages` stores them.
 * @throws LabError 'bad-argument', 'bad-image', 'write-failed'; 'too-large' where all pixels together exceed 4 GiB
 * @example const { data } = await loadPixels(ct, { size: 64 })   // [2481, 64, 64, 1]
 */
export async function loadPixels(dataset: Dataset, options: PixelOptions): Promise<Pixels> {
  const { size, channels = 1, onProgress } = options
  check(dataset, size, channels)
  const key = `${size}x${channels}`
  const byKey = inMemory.get(dataset) ?? new Map<string, Promise<Pixels>>()
  inMemory.set(dataset, byKey)
  const pixels = byKey.get(key)
    ?? (channels === 1 ? loadGrey(dataset, size, onProgress) : loadPixels(dataset, { size, onProgress }).then(tripled))
  byKey.set(key, pixels)
  // Whoever waits gets the error; the next call tries again.
  pixels.catch(() => byKey.delete(key))
  return pixels
}

async function loadGrey(dataset: Dataset, size: number, onProgress: PixelOptions['onProgress']): Promise<Pixels> {
  const rows = await openResizedImages(dataset, { size, onProgress })
  return { size, channels: 1, count: dataset.items.length, data: await rows.readAll() }
}

function tripled({ size, count, data }: Pixels): Pixels {
  const color = new Uint8Array(data.length * 3)
  for (let i = 0; i < data.length; i++) color.fill(data[i], i * 3, i * 3 + 3)
  return { size, channels: 3, count, data: color }
}

function check(dataset: Dataset, size: number, channels: number): void {
  if (channels !== 1 && channels !== 3)
    throw new LabError('bad-argument', {
      expected: 'channels to be 1 or 3', received: String(channels), remedy: 'Change channels',
    })
  const bytes = dataset.items.length * size * size * channels
  if (bytes > memoryLimit)
    throw new LabError('too-large', {
      expected: `pixels of at most ${memoryLimit} bytes`, received: `${bytes} bytes`, remedy: 'Use a smaller size',
    })
}
