/** A whole data set at one size, as the network and the baselines take it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { LabError } from '../errors'
import { readFileCapped, sha256, writeFileAtomic } from '../files'
import { inParallel } from '../parallel'
import { resizeArea } from '../resize'
import { cacheFolder } from './data-folder'
import type { Dataset } from './dataset'

/** Pixels of all items in order: [count, size, size, channels], values 0 to 255. */
export interface Pixels {
  size: number
  channels: 1 | 3
  count: number
  data: Uint8Array
}

export interface PixelOptions {
  /** Width and height in pixels, 4 to 1,024. */
  size: number
  /** 1 grey (default), or 3: the grey value three times, for networks that expect colour. */
  channels?: 1 | 3
  onProgress?(done: number, count: number): void
}

/** Hexadecimal digits of a SHA-256, at the head of a cache file. */
const sealLength = 64
const memoryLimit = 4 * 1024 ** 3
/** Decoding runs on libuv's four threads; a few more in flight keep them busy. */
const lanes = 8
const inMemory = new WeakMap<Dataset, Map<string, Promise<Pixels>>>()

/**
 * All images of a set, resized by area. Computed once: kept in memory, and on disk under the set's
 * content hash. A damaged cache is computed again.
 * @throws bad-argument; bad-image; too-large where all pixels pass 4 GiB
 */
export function loadPixels(dataset: Dataset, options: PixelOptions): Promise<Pixels> {
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
  const { contentHash, items, name } = dataset
  const path = join(cacheFolder(name), `grey-${size}-${contentHash.slice(0, 16)}.bin`)
  const seal = (data: Uint8Array) => sha256(`${contentHash} ${size} ${sha256(data)}`)
  const length = items.length * size * size
  const cached = await readSealed(path, length, seal)
  if (cached) return { size, channels: 1, count: items.length, data: cached }

  const data = new Uint8Array(length)
  let done = 0
  await inParallel(items.length, lanes, async index => {
    data.set(resizeArea(await dataset.read(index), size, size).data, index * size * size)
    onProgress?.(++done, items.length)
  })
  await writeFileAtomic(path, Buffer.concat([Buffer.from(seal(data)), data]))
  return { size, channels: 1, count: items.length, data }
}

/** The data of a cache file whose seal holds; null if it is missing, cut short or damaged. */
async function readSealed(
  path: string, length: number, seal: (data: Uint8Array) => string,
): Promise<Uint8Array | null> {
  if (!existsSync(path)) return null
  const bytes = await readFileCapped(path, memoryLimit)
  const data = new Uint8Array(bytes.subarray(sealLength))
  return data.length === length && bytes.toString('latin1', 0, sealLength) === seal(data) ? data : null
}

function tripled({ size, count, data }: Pixels): Pixels {
  const colour = new Uint8Array(data.length * 3)
  for (let i = 0; i < data.length; i++) colour.fill(data[i], i * 3, i * 3 + 3)
  return { size, channels: 3, count, data: colour }
}

function check(dataset: Dataset, size: number, channels: number): void {
  if (!Number.isInteger(size) || size < 1 || size > 1024)
    throw new LabError('bad-argument', {
      expected: 'size to be a whole number from 1 to 1024', received: String(size), remedy: 'Change size; 64 is usual',
    })
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
