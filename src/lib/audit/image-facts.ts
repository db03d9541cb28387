/** What an audit reads of each image to find odd ones. */
import { join } from 'node:path'
import { existsSync } from 'node:fs'
import { z } from 'zod'
import { cacheFolder } from '../data/data-folder'
import type { Dataset } from '../data/dataset'
import type { Image } from '../images/image'
import { laplacianVariance } from '../images/sharpness'
import { LabError } from '../system/errors'
import { writeFileAtomic } from '../system/files'
import { readJson } from '../system/json'
import { inParallel } from '../system/parallel'

/** One image, at full resolution; grey levels 0 to 255. */
export interface ImageFacts {
  width: number
  height: number
  /** Channels in the file: 1 grey, 3 color, 4 color and alpha. */
  channels: number
  mean: number
  /** Standard deviation. */
  spread: number
  /** Variance of the Laplacian, divided by that of the grey levels: blur lowers it, contrast does not matter. */
  sharpness: number
  /** Share of the pixels that are black or white (0 or 255). */
  clipped: number
  /** Share of the pixels that have the most frequent grey level. */
  commonest: number
}

export interface ImageFactsOptions {
  /** Called after each image. */
  onProgress?(done: number, count: number): void
  signal?: AbortSignal
}

const imagesAtATime = 8

/**
 * The facts of every image, in the order of the set's items. The first call reads every image and stores the facts in
 * the set's cache; later calls read the cache.
 * @throws LabError 'bad-image' for a damaged file; the signal's reason when the signal fires
 */
export async function readImageFacts(
  dataset: Dataset, { onProgress, signal }: ImageFactsOptions = {},
): Promise<ImageFacts[]> {
  const { name, contentHash, items } = dataset
  const path = join(cacheFolder(name), `image-facts-${contentHash.slice(0, 16)}.json`)
  const cached = await readCached(path, items.length)
  if (cached) return cached
  let done = 0
  const facts = await inParallel(items.length, imagesAtATime, async index => {
    signal?.throwIfAborted()
    const image = await dataset.read(index), channels = (await dataset.storedChannels?.(index)) ?? image.channels
    const row = { ...greyFacts(image), channels }
    onProgress?.(++done, items.length)
    return row
  })
  await writeFileAtomic(path, JSON.stringify(facts))
  return facts
}

function greyFacts(image: Image): Omit<ImageFacts, 'channels'> {
  const { width, height, data } = image, count = data.length
  const levels = new Uint32Array(256)
  for (const value of data) levels[value]++
  let sum = 0, squares = 0
  levels.forEach((pixels, level) => { sum += pixels * level; squares += pixels * level * level })
  const mean = sum / count, variance = Math.max(0, squares / count - mean * mean)
  return {
    width, height, mean, spread: Math.sqrt(variance), sharpness: variance > 0 ? laplacianVariance(image) / variance : 0,
    clipped: (levels[0] + levels[255]) / count, commonest: levels.reduce((a, b) => Math.max(a, b), 0) / count,
  }
}

const number = z.number()
const cachedFacts = z.array(z.object({
  width: number, height: number, channels: number, mean: number, spread: number, sharpness: number, clipped: number,
  commonest: number,
}))

/** The cached facts; null if there are none, or if they are damaged. */
async function readCached(path: string, count: number): Promise<ImageFacts[] | null> {
  if (!existsSync(path)) return null
  try {
    return await readJson(path, cachedFacts.length(count))
  } catch (error) {
    if (error instanceof LabError) return null
    throw error
  }
}
