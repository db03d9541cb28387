/**
 * Near-duplicates of a kept set, searched when it is kept and stored in its cache. Chest X-rays of different patients
 * are much alike at 64 × 64 pixels, so that a pair must agree in its details as well: in what is left of the images
 * when their smooth parts are taken away.
 */
import { join } from 'node:path'
import { z } from 'zod'
import { cachedVersion, readCachedJson, writeCachedJson } from '../../system/json'
import { correlation, nearDuplicates, type GreyImages } from '../alike/near-duplicates'
import { detailVectors } from '../alike/details'
import { cacheFolder } from '../data-folder'
import type { ImageSource, Progress } from '../dataset'
import { readResizedImages } from '../resized-image-file'
import { listOf } from '../../system/json-parts'

/** Side of the resized images that are compared, in pixels. */
const side = 64
/** The correlation from which two images, and their details, count as nearly the same. */
const threshold = 0.9, detailThreshold = 0.8
/** With more images the search would take hours: it grows with the square of their number. */
export const mostSearched = 20_000

/** Increase when the same images start to give other pairs; stored ones are then searched anew. */
const version = 1

export type ImagePairs = [number, number][]

/** The pairs of near-duplicates: read from the cache, else searched and stored. Null for too many images. */
export async function nearDuplicatesOfSet(set: ImageSource, onProgress?: Progress): Promise<ImagePairs | null> {
  if (set.items.length > mostSearched) return null
  const path = join(cacheFolder(set.name), `near-duplicates-${set.contentHash.slice(0, 16)}.json`)
  const stored = await readStored(path, set)
  if (stored) return stored
  const data = await readResizedImages(set, {
    size: side, onProgress: (done, count) => onProgress?.('reading images, to find near-duplicates', done, count),
  })
  const pairs = await findPairs({ size: side, count: set.items.length, data }, onProgress)
  await writeCachedJson(path, { version, contentHash: set.contentHash, pairs })
  return pairs
}

/** Pairs of images that correlate, and whose details do. */
export async function findPairs(images: GreyImages, onProgress?: Progress): Promise<ImagePairs> {
  const details = detailVectors(images)
  return nearDuplicates(images, threshold, (done, count) => onProgress?.('comparing images', done, count),
    (i, j) => correlation(details, i, j) >= detailThreshold)
}

async function readStored(path: string, { contentHash, items }: ImageSource): Promise<ImagePairs | null> {
  const index = z.int().min(0).max(items.length - 1)
  const schema = z.object({
    version: cachedVersion(version), contentHash: z.literal(contentHash), pairs: listOf(z.tuple([index, index])),
  })
  return (await readCachedJson(path, schema))?.pairs ?? null
}
