/** Facts about a set's image files: sizes, channels, grey levels. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { cacheFolder } from '../data-folder'
import type { Dataset } from '../dataset'
import { LabError } from '../../system/errors'
import { writeFileAtomic } from '../../system/files'
import { sha256 } from '../../system/hash'
import { readJson } from '../../system/json'
import type { Image } from '../../images/image'
import { inParallel } from '../../system/parallel'

/** One image's file. Grey levels are of the full-resolution image, 0 to 255. */
export interface FileFacts {
  name: string
  class: string
  /** Patient or number block; '' where none is known. */
  group: string
  /** In pixels. */
  width: number
  height: number
  /** Channels in the file: 1 grey, 3 color, 4 color and alpha. */
  channels: number
  mean: number
  /** Standard deviation. */
  spread: number
  minimum: number
  maximum: number
  /** Equal for two images exactly if all their grey levels are equal. */
  fingerprint: string
}

/** Images that are read at a time. */
const imagesAtATime = 8

/**
 * Collects the facts of every file, in the order of the set's items. The first call reads every image and stores the
 * facts in the set's cache; later calls read the cache.
 * @param onProgress called after each image
 * @example const facts = await readFileFacts(ct)   // [{ name: 'COVID/Covid (1).png', width: 234, … }, …]
 */
export async function readFileFacts(
  dataset: Dataset, onProgress?: (done: number, count: number) => void,
): Promise<FileFacts[]> {
  const { name, contentHash, items } = dataset
  const path = join(cacheFolder(name), `file-facts-${contentHash.slice(0, 16)}.json`)
  const cached = await readCached(path, items.length)
  // Sets that differ in labels or groups only share a cache: those two are the set's own.
  if (cached) return cached.map((row, i) => ({ ...row, ...namedFacts(dataset, i) }))
  let done = 0
  const facts = await inParallel(items.length, imagesAtATime, async index => {
    const row = await factsOf(dataset, index)
    onProgress?.(++done, items.length)
    return row
  })
  await writeFileAtomic(path, JSON.stringify(facts))
  return facts
}

async function factsOf(dataset: Dataset, index: number): Promise<FileFacts> {
  const image = await dataset.read(index)
  const channels = (await dataset.storedChannels?.(index)) ?? image.channels
  const { width, height } = image
  return {
    ...namedFacts(dataset, index), width, height, channels, ...greyFacts(image),
    fingerprint: sha256(image.data).slice(0, 16) + `-${width}x${height}`,
  }
}

function namedFacts({ items, labels }: Dataset, index: number): Pick<FileFacts, 'name' | 'class' | 'group'> {
  const { name, label, group } = items[index]
  return { name, class: labels[label], group: group ?? '' }
}

function greyFacts({ data }: Image): Pick<FileFacts, 'mean' | 'spread' | 'minimum' | 'maximum'> {
  let sum = 0, minimum = 255, maximum = 0
  for (const value of data) {
    sum += value
    if (value < minimum) minimum = value
    if (value > maximum) maximum = value
  }
  const mean = sum / data.length
  let squares = 0
  for (const value of data) squares += (value - mean) ** 2
  return { mean, spread: Math.sqrt(squares / data.length), minimum, maximum }
}

const number = z.number()
const cachedFacts = z.array(z.object({
  name: z.string(), class: z.string(), group: z.string(), width: number, height: number, channels: number,
  mean: number, spread: number, minimum: number, maximum: number, fingerprint: z.string(),
}))

/** The cached facts; null if there are none, or if they are damaged. */
async function readCached(path: string, count: number): Promise<FileFacts[] | null> {
  if (!existsSync(path)) return null
  try {
    return await readJson(path, cachedFacts.length(count))
  } catch (error) {
    if (error instanceof LabError) return null
    throw error
  }
}
