/** What can be said of a set's files without looking at what they show: sizes, channels, grey levels. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from '../data-folder'
import type { Dataset } from '../dataset'
import { readFileCapped, writeFileAtomic } from '../../system/files'
import { sha256 } from '../../system/hash'
import type { Image } from '../../images/image'
import { inParallel } from '../../system/parallel'

/** One image's file. Grey levels are of the full-resolution image, 0 to 255. */
export interface FileFacts {
  name: string
  class: string
  /** Patient or number block; '' where not known. */
  group: string
  /** In pixels. */
  width: number
  height: number
  /** As stored: 1 grey, 3 colour, 4 colour and alpha. */
  channels: number
  mean: number
  /** Standard deviation. */
  spread: number
  minimum: number
  maximum: number
  /** Equal for two images exactly if all their grey levels are. */
  fingerprint: string
}

const lanes = 8, cacheLimit = 64 * 1024 ** 2

/**
 * The facts of every file, in the order of the set's items. Read once, then kept in the set's cache.
 * @param onProgress called after each image
 */
export async function readFileFacts(
  dataset: Dataset, onProgress?: (done: number, count: number) => void,
): Promise<FileFacts[]> {
  const { name, contentHash, items } = dataset
  const path = join(cacheFolder(name), `file-facts-${contentHash.slice(0, 16)}.json`)
  const cached = await readCached(path, items.length)
  if (cached) return cached
  let done = 0
  const facts = await inParallel(items.length, lanes, async index => {
    const row = await factsOf(dataset, index)
    onProgress?.(++done, items.length)
    return row
  })
  await writeFileAtomic(path, JSON.stringify(facts))
  return facts
}

async function factsOf(dataset: Dataset, index: number): Promise<FileFacts> {
  const { name, label, group } = dataset.items[index]
  const image = await dataset.read(index)
  const channels = (await dataset.storedChannels?.(index)) ?? image.channels
  const { width, height } = image
  return {
    name, class: dataset.labels[label], group: group ?? '', width, height, channels, ...greyFacts(image),
    fingerprint: sha256(image.data).slice(0, 16) + `-${width}x${height}`,
  }
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

/** The cached facts; null if there are none, or damaged ones. */
async function readCached(path: string, count: number): Promise<FileFacts[] | null> {
  if (!existsSync(path)) return null
  try {
    const facts = JSON.parse((await readFileCapped(path, cacheLimit)).toString()) as FileFacts[]
    return facts.length === count ? facts : null
  } catch {
    return null
  }
}
