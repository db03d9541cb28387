/** What the pixels tell about which images belong together: number blocks and near-duplicates. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { correlation, nearDuplicates, unitVectors } from './near-duplicates'
import { writeFileAtomic } from '../system/files'
import { cacheFolder } from './data-folder'
import type { Dataset, Progress } from './dataset'
import { numberBlocks } from './number-blocks'
import { loadPixels } from './pixels'

/** Found once a set, then read from its cache. */
export interface Structure {
  /** Each item's group, such as 'COVID block 07'. */
  groups: string[]
  /** Pairs of item indices that correlate at `threshold` or more. */
  nearDuplicates: [number, number][]
}

/** Side of the thumbnails compared, in pixels, and the correlation from which two count as the same slice. */
const side = 64
const threshold = 0.9

/**
 * Number blocks and near-duplicates of a set whose file names carry consecutive numbers.
 * @param runs item indices in the order of their numbers, one run a class
 */
export async function findStructure(
  dataset: Dataset, runs: readonly (readonly number[])[], onProgress?: Progress,
): Promise<Structure> {
  const path = join(cacheFolder(dataset.name), `structure-${dataset.contentHash.slice(0, 16)}.json`)
  const cached = await readCached(path, dataset)
  if (cached) return cached

  const pixels = await loadPixels(dataset, {
    size: side, onProgress: (done, count) => onProgress?.('reading images', done, count),
  })
  const vectors = unitVectors(pixels)
  const groups = new Array<string>(dataset.items.length)
  runs.forEach((run, label) => {
    const blocks = numberBlocks(run.length, i => correlation(vectors, run[i], run[i + 1]))
    run.forEach((item, i) => {
      groups[item] = `${dataset.labels[label]} block ${String(blocks[i] + 1).padStart(2, '0')}`
    })
  })
  const pairs = await nearDuplicates(pixels, threshold, (done, count) =>
    onProgress?.('comparing images', done, count))
  const structure = { groups, nearDuplicates: pairs }
  await writeFileAtomic(path, JSON.stringify({ contentHash: dataset.contentHash, ...structure }))
  return structure
}

/** The cached structure; null if it is missing, damaged or another set's. */
async function readCached(path: string, { contentHash, items }: Dataset): Promise<Structure | null> {
  if (!existsSync(path)) return null
  try {
    const { contentHash: hash, groups, nearDuplicates: pairs } = JSON.parse(await readFile(path, 'utf8'))
    return hash === contentHash && groups.length === items.length ? { groups, nearDuplicates: pairs } : null
  } catch {
    return null
  }
}
