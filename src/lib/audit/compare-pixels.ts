/** Comparing all images of a set by their pixels: correlation, details, perceptual hash. */
import { setImmediate as giveWay } from 'node:timers/promises'
import { nearDuplicates, type GreyImages } from '../data/alike/near-duplicates'
import { hammingDistance, perceptualHash } from '../images/perceptual-hash'
import type { PairCollection } from './alike-pairs'
import { leastCorrelation } from './duplicate-measures'
import { compareDetails } from './shifted-details'

/** Called with the number of images that were compared to all later ones; it may throw to stop the search. */
export type Compared = (done: number, count: number) => void

/**
 * Hands over each pair whose pixels correlate, and the correlation of its details to `detailed`.
 * @param least the least correlation of a pair's pixels
 */
export async function compareByCorrelation(
  images: GreyImages, least: number, alike: readonly PairCollection[], detailed: readonly PairCollection[],
  onCompared: Compared,
): Promise<void> {
  const details = detailed.length ? compareDetails(images) : null
  await nearDuplicates(images, least, onCompared, (i, j, value) => {
    alike.forEach(pairs => pairs.add(i, j, value))
    const detail = details && value >= leastCorrelation ? details(i, j) : -1
    detailed.forEach(pairs => pairs.add(i, j, detail))
    return false
  })
}

/** Hands over every pair and in how many bits their perceptual hashes differ; images of one grey level have none. */
export async function compareByHash(
  { size, count, data }: GreyImages, alike: readonly PairCollection[], onCompared: Compared,
): Promise<void> {
  const area = size * size
  const hashes = Array.from({ length: count }, (_, i) => perceptualHash(data.subarray(i * area, (i + 1) * area), size))
  for (let i = 0; i < count; i++) {
    const hash = hashes[i]
    for (let j = i + 1; hash && j < count; j++) {
      const other = hashes[j], distance = other && hammingDistance(hash, other)
      if (distance !== null) for (const pairs of alike) pairs.add(i, j, distance)
    }
    onCompared(i + 1, count)
    await giveWay()
  }
}
