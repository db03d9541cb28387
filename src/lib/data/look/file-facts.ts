/** Facts about a set's image files: sizes, channels, grey levels. */
import { z } from 'zod'
import type { Dataset } from '../dataset'
import { sha256 } from '../../system/hash'
import type { Image } from '../../images/image'
import { channelsOf, factsOfEach } from './facts-of-each'

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

/**
 * Collects the facts of every file, in the order of the set's items. The first call reads every image and stores the
 * facts in the set's cache; later calls read the cache.
 * @param onProgress called after each image
 * @example const facts = await readFileFacts(ct)   // [{ name: 'COVID/Covid (1).png', width: 234, … }, …]
 */
export async function readFileFacts(
  dataset: Dataset, onProgress?: (done: number, count: number) => void,
): Promise<FileFacts[]> {
  const facts = await factsOfEach(dataset, 'file-facts', cachedFacts, index => factsOf(dataset, index), { onProgress })
  // Sets that differ in labels or groups only share a cache: those two are the set's own.
  return facts.map((row, i) => ({ ...row, ...namedFacts(dataset, i) }))
}

async function factsOf(dataset: Dataset, index: number): Promise<FileFacts> {
  const image = await dataset.read(index)
  const channels = await channelsOf(dataset, index, image)
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
const cachedFacts = z.object({
  name: z.string(), class: z.string(), group: z.string(), width: number, height: number, channels: number,
  mean: number, spread: number, minimum: number, maximum: number, fingerprint: z.string(),
})
