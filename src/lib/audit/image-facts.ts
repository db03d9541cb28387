/** What an audit reads of each image to find odd ones. */
import { z } from 'zod'
import type { Dataset } from '../data/dataset'
import { channelsOf, factsOfEach, type FactsControl } from '../data/look/facts-of-each'
import type { Image } from '../images/image'
import { laplacianVariance } from '../images/sharpness'

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

/**
 * The facts of every image, in the order of the set's items. The first call reads every image and stores the facts in
 * the set's cache; later calls read the cache.
 * @throws LabError 'bad-image' for a damaged file; the signal's reason when the signal fires
 */
export function readImageFacts(dataset: Dataset, control: FactsControl = {}): Promise<ImageFacts[]> {
  return factsOfEach(dataset, 'image-facts', cachedFacts, async index => {
    const image = await dataset.read(index)
    return { ...greyFacts(image), channels: await channelsOf(dataset, index, image) }
  }, control)
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
const cachedFacts = z.object({
  width: number, height: number, channels: number, mean: number, spread: number, sharpness: number, clipped: number,
  commonest: number,
})
