/**
 * Which images of an imported set belong together: number blocks and near-duplicates. An import finds them from the
 * pixels and stores them beside the images; opening the set only reads what is stored.
 */
import { join } from 'node:path'
import { z } from 'zod'
import { cachedVersion, readCachedJson, writeCachedJson } from '../../system/json'
import { cacheFolder } from '../data-folder'
import type { ImageSource, Progress } from '../dataset'
import { readResizedImages } from '../resized-image-file'
import { correlation, nearDuplicates, unitVectors } from './near-duplicates'
import { numberBlocks } from './number-blocks'
import { listOf } from '../../system/json-parts'

/** Increase when the same images start to give other groups or pairs; what imports stored is then found anew. */
const version = 1

/** Which images of a set belong together. */
export interface Structure {
  /** Each item's group, such as 'COVID block 07'. */
  groups: string[]
  /** Pairs of item indices that correlate at `threshold` or more. */
  nearDuplicates: [number, number][]
}

/** Images of one class, in the order of their numbers. */
export interface NumberedRun {
  /** The class's name. */
  label: string
  /** Indices of the set's items. */
  items: readonly number[]
}

/** Side of the resized images that are compared, in pixels. */
const side = 64
/** The correlation from which two images count as near-duplicates. */
const threshold = 0.9

/** Reads what an import stored. @returns null where nothing is stored, or something damaged, or another set's */
export async function readStructure(set: ImageSource): Promise<Structure | null> {
  const stored = await readCachedJson(structureFile(set), schemaFor(set))
  return stored && { groups: stored.groups, nearDuplicates: stored.nearDuplicates }
}

/**
 * Finds number blocks and near-duplicates, and stores them. Reads every image of the set.
 * @param runs one a class; together they hold every item
 */
export async function findStructure(
  set: ImageSource, runs: readonly NumberedRun[], onProgress?: Progress,
): Promise<Structure> {
  const data = await readResizedImages(set, {
    size: side, onProgress: (done, count) => onProgress?.('reading images, to find groups', done, count),
  })
  const images = { size: side, count: set.items.length, data }
  const vectors = unitVectors(images)
  const groups = new Array<string>(images.count)
  for (const { label, items } of runs) {
    const blocks = numberBlocks(items.length, i => correlation(vectors, items[i], items[i + 1]))
    items.forEach((item, i) => { groups[item] = `${label} block ${String(blocks[i] + 1).padStart(2, '0')}` })
  }
  const pairs = await nearDuplicates(images, threshold, (done, count) =>
    onProgress?.('comparing images, to find near-duplicates', done, count))
  const structure = { groups, nearDuplicates: pairs }
  await writeCachedJson(structureFile(set), { version, contentHash: set.contentHash, ...structure })
  return structure
}

function structureFile({ name, contentHash }: ImageSource): string {
  return join(cacheFolder(name), `structure-${contentHash.slice(0, 16)}.json`)
}

/** The content of a set's structure file: of this set, a group for each item, pairs of indices of items. */
function schemaFor({ contentHash, items }: ImageSource) {
  const index = z.int().min(0).max(items.length - 1)
  return z.object({
    version: cachedVersion(version),
    contentHash: z.literal(contentHash),
    groups: listOf(z.string(), z.array(z.unknown()).length(items.length)),
    nearDuplicates: listOf(z.tuple([index, index])),
  })
}
