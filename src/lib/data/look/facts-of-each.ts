/** Facts that are read of every image of a set, once, and kept in its cache. */
import { join } from 'node:path'
import { z } from 'zod'
import { readCachedJson, writeCachedJson } from '../../system/json'
import { inParallel } from '../../system/parallel'
import { cacheFolder } from '../data-folder'
import type { Dataset } from '../dataset'
import { listOf } from '../../system/json-parts'

/** How reading is watched and stopped. */
export interface FactsControl {
  /** Called after each image. */
  onProgress?(done: number, count: number): void
  signal?: AbortSignal
}

/** Images that are read at a time. */
const imagesAtATime = 8

/**
 * A row for each image, in the order of the set's items: from the set's cache, else made and stored there.
 * @param kind names the cache's file, such as 'file-facts'
 * @param row what a stored row must hold
 * @throws whatever `make` throws; the signal's reason when the signal fires
 */
export async function factsOfEach<Row>(
  { name, contentHash, items }: Dataset, kind: string, row: z.ZodType<Row>, make: (index: number) => Promise<Row>,
  { onProgress, signal }: FactsControl = {},
): Promise<Row[]> {
  const path = join(cacheFolder(name), `${kind}-${contentHash.slice(0, 16)}.json`)
  const cached = await readCachedJson(path, listOf(row, z.array(z.unknown()).length(items.length)))
  if (cached) return cached
  let done = 0
  const rows = await inParallel(items.length, imagesAtATime, async index => {
    signal?.throwIfAborted()
    const made = await make(index)
    onProgress?.(++done, items.length)
    return made
  })
  await writeCachedJson(path, rows)
  return rows
}

/** The channels in an image's file, else those of the image as it was read. */
export async function channelsOf(dataset: Dataset, index: number, image: { channels: number }): Promise<number> {
  return (await dataset.storedChannels?.(index)) ?? image.channels
}
