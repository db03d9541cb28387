/** A whole data set at one size in memory, as the baselines and the comparisons of images take it. */
import { LabError } from '../system/errors'
import type { Dataset } from './dataset'
import { openPixelRows, type PixelRowOptions } from './pixel-rows'

/** Pixels of all items in order: [count, size, size, channels], values 0 to 255. */
export interface Pixels {
  size: number
  channels: 1 | 3
  count: number
  data: Uint8Array
}

export interface PixelOptions extends PixelRowOptions {
  /** 1 grey (default), or 3: the grey value three times, for networks that expect colour. */
  channels?: 1 | 3
}

const memoryLimit = 4 * 1024 ** 3
const inMemory = new WeakMap<Dataset, Map<string, Promise<Pixels>>>()

/**
 * All images of a set, resized by area. Computed once: kept in memory, and on disk as `openPixelRows` keeps them.
 * @throws bad-argument; bad-image; write-failed; too-large where all pixels pass 4 GiB
 */
export async function loadPixels(dataset: Dataset, options: PixelOptions): Promise<Pixels> {
  const { size, channels = 1, onProgress } = options
  check(dataset, size, channels)
  const key = `${size}x${channels}`
  const held = inMemory.get(dataset) ?? new Map<string, Promise<Pixels>>()
  inMemory.set(dataset, held)
  const pixels = held.get(key)
    ?? (channels === 1 ? loadGrey(dataset, size, onProgress) : loadPixels(dataset, { size, onProgress }).then(tripled))
  held.set(key, pixels)
  // A fault is reported to whoever waits; the next call tries again.
  pixels.catch(() => held.delete(key))
  return pixels
}

async function loadGrey(dataset: Dataset, size: number, onProgress: PixelOptions['onProgress']): Promise<Pixels> {
  const rows = await openPixelRows(dataset, { size, onProgress })
  return { size, channels: 1, count: dataset.items.length, data: await rows.readAll() }
}

function tripled({ size, count, data }: Pixels): Pixels {
  const colour = new Uint8Array(data.length * 3)
  for (let i = 0; i < data.length; i++) colour.fill(data[i], i * 3, i * 3 + 3)
  return { size, channels: 3, count, data: colour }
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
