/** set.json: all that is known about a kept set but its images' bytes. */
import { join } from 'node:path'
import { z } from 'zod'
import { readJson } from '../../system/json'
import { dataFolder, folderName } from '../data-folder'
import { listOf } from '../../system/json-parts'

const sides = z.object({ center: z.number(), width: z.number().positive() })
const window = z.object({
  counts: z.union([sides, z.object({ bits: z.int().min(1).max(16) })]).optional(),
  ct: sides.optional(), radiographs: sides.optional(), numbers: sides.optional(),
})

// Strict: a later version may say more about a set, and leaving that out would make it another set.
const setSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  title: z.string(),
  /** Where the images came from. */
  source: z.string(),
  layout: z.string(),
  modality: z.enum(['CT', 'X-ray', 'unknown']),
  labels: listOf(z.string(), z.array(z.unknown()).min(2)),
  positive: z.string().optional(),
  grouping: z.enum(['patient', 'none']),
  window: window.optional(),
  skipped: listOf(z.object({ name: z.string(), reason: z.string() })),
  /** Sentences about what was left out, and what is to be known. */
  notes: listOf(z.string()),
  /** In the order of their names. */
  items: listOf(z.strictObject({
    name: z.string(), label: z.int().min(0), group: z.string().nullable(),
    part: z.enum(['train', 'validation', 'test']).optional(),
    /** The file of the image's mask. */
    mask: z.string().optional(),
    sha256: z.string().length(64), bytes: z.int().min(0),
  }), z.array(z.unknown()).min(1)),
})

export type SetFile = z.infer<typeof setSchema>

/** Bytes of the largest set.json: enough for a million images. */
const limit = 512 * 1024 ** 2

/** Reads what is known about a kept set. @throws LabError 'data-missing', 'damaged-file', 'other-version' */
export function readSetFile(name: string): Promise<SetFile> {
  return readJson(setPath(name), wholeSchema, limit)
}

const wholeSchema = setSchema
  .refine(({ labels, items }) => items.every(item => item.label < labels.length), 'a label that names no class')
  .refine(({ labels }) => new Set(labels).size === labels.length, 'a class twice')
  .refine(({ items }) => new Set(items.map(item => item.name)).size === items.length, 'an image twice')

/** The path of a kept set's set.json. */
export function setPath(name: string): string {
  return join(keptFolder(name), 'set.json')
}

/** The folder of a kept set. */
export function keptFolder(name: string): string {
  return dataFolder(folderName(name))
}

/** The folder of a kept set's images. */
export function imagesFolder(name: string): string {
  return join(keptFolder(name), 'images')
}
