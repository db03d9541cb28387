/** published.json: all that is known about an imported public set but its images' bytes. */
import { join } from 'node:path'
import { z } from 'zod'
import { readJson } from '../../system/json'
import { dataFolder, folderName } from '../data-folder'

const sides = z.object({ center: z.number(), width: z.number() })

const recordSchema = z.object({
  version: z.literal(1),
  window: z.object({
    counts: z.union([sides, z.object({ bits: z.number() })]).optional(),
    ct: sides.optional(), radiographs: sides.optional(), numbers: sides.optional(),
  }).optional(),
  skipped: z.array(z.object({ name: z.string(), reason: z.string() })),
  /** Sentences about what was found in this import. */
  notes: z.array(z.string()),
  /** In the order of their names. */
  items: z.array(z.object({
    name: z.string(), label: z.int().min(0), group: z.string().nullable(),
    part: z.enum(['train', 'validation', 'test']).optional(),
    mask: z.string().optional(),
    sha256: z.string().length(64), bytes: z.int().min(0),
  })).min(1),
})

export type PublishedRecord = z.infer<typeof recordSchema>

/** Bytes of the largest record: enough for a million images. */
const limit = 512 * 1024 ** 2

/** @throws LabError 'data-missing', 'damaged-file' */
export function readRecord(name: string): Promise<PublishedRecord> {
  return readJson(recordPath(name), recordSchema, limit)
}

export function recordPath(name: string): string {
  return join(setFolder(name), 'published.json')
}

export function setFolder(name: string): string {
  return dataFolder(folderName(name))
}

/** The folder of a set's images and masks. */
export function filesFolder(name: string): string {
  return join(setFolder(name), 'images')
}
