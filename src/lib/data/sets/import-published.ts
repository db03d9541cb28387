/** Importing a public set: its files are recognized by its rule, copied as a whole or not at all, and described. */
import { basename } from 'node:path'
import { LabError } from '../../system/errors'
import { remove, writeFileAtomic } from '../../system/files'
import { sha256 } from '../../system/hash'
import { replace, workFolder } from '../../system/replace'
import { insideFolder } from '../../system/safe-path'
import type { Progress } from '../dataset'
import { examineImages } from '../examine'
import { countByEnding } from '../layouts/contents'
import { setFolder, type PublishedRecord } from './published-record'
import { countNote, type Found, type PublishedSet } from './published-set'
import { sourceFiles } from './source-files'

/** Bytes of the largest table that is read. */
const tableLimit = 64 * 1024 * 1024

/**
 * Imports a set from a folder or zip archive. An older import is replaced.
 * @throws LabError 'data-missing', 'bad-archive', 'too-large'; 'data-mismatch' where the files are not laid out as the
 *   set's are, a class has no image, or an image cannot be read as its rule says; then nothing has changed
 */
export async function importPublished(set: PublishedSet, from: string, onProgress?: Progress): Promise<void> {
  const { files, tables } = await listSource(set, from, onProgress)
  const found = await set.find(files, async file => tables.get(file)!)
  found.images.sort((a, b) => (a.name < b.name ? -1 : 1))
  checkFound(set, from, files, found)
  const target = setFolder(set.name)
  const work = await workFolder(target)
  try {
    const copies = await copyFiles(from, found, `${work}/images`, onProgress)
    const names = found.images.map(image => image.name)
    const copyOf = (i: number) => copies.get(found.images[i].file)!
    const { readable, skipped, window, sentences } = await examineImages({
      set: basename(work), names, paths: names.map(name => insideFolder(`${work}/images`, name)),
      hashes: names.map((_, i) => copyOf(i).sha256),
    }, { skipDamaged: true, onProgress })
    const items = readable.map(i => {
      const { name, label, group, part, mask } = found.images[i]
      return {
        name, label: set.labels.indexOf(label), group, ...(part ? { part } : {}),
        ...(mask ? { mask: maskName(name) } : {}), ...copyOf(i),
      }
    })
    const lost = set.labels.find((_, label) => !items.some(item => item.label === label))
    if (lost !== undefined)
      throw new LabError('data-mismatch', {
        expected: `images of the class ${lost} that can be read`, received: `none: ${skipped[0].reason}`,
        remedy: 'Get the archive again; nothing was imported',
      })
    const record: PublishedRecord = {
      version: 1, ...(window ? { window } : {}), skipped, items,
      notes: [
        ...found.notes, ...sentences, ...skipped.slice(0, 3).map(({ name, reason }) => `Left out: ${name} (${reason}).`),
        ...sizeNote(set, items.length), ...copyNotes(items),
      ],
    }
    await writeFileAtomic(`${work}/published.json`, JSON.stringify(record))
    await replace(work, target)
  } finally {
    await remove(work)
  }
}

async function listSource(set: PublishedSet, from: string, onProgress?: Progress) {
  const files: string[] = []
  const tables = new Map<string, Uint8Array>()
  for await (const file of sourceFiles(from)) {
    files.push(file.name)
    if (set.isTable?.(file.name) && file.size <= tableLimit) tables.set(file.name, await file.read())
    onProgress?.('listing files', files.length, null)
  }
  return { files: files.sort(), tables }
}

/** @throws LabError 'data-mismatch' for a copy that is not the set's */
function checkFound(set: PublishedSet, from: string, files: readonly string[], { images }: Found): void {
  const empty = set.labels.filter(label => !images.some(image => image.label === label))
  const unknown = images.find(image => !set.labels.includes(image.label))
  const twice = images.find((image, i) => i > 0 && images[i - 1].name === image.name)
  if (images.length > 0 && empty.length === 0 && !unknown && !twice) return
  throw new LabError('data-mismatch', {
    expected: `${from} to be laid out as ${set.title}: ${set.layout}`,
    received: images.length === 0 ? `no such image among ${files.length} files (${countByEnding(files)})`
      : unknown ? `${unknown.file}, of a class ${unknown.label}`
      : twice ? `two images named ${twice.name}` : `no image of ${empty.join(' and ')}`,
    remedy: `Get the set from ${set.source}; nothing was imported`,
  })
}

/** Masks lie beside the images, under names that no image has. */
function maskName(name: string): string {
  return `masks of/${name}`
}

async function copyFiles(
  from: string, { images }: Found, folder: string, onProgress?: Progress,
): Promise<Map<string, { sha256: string; bytes: number }>> {
  const nameOf = new Map(images.flatMap(image => [
    [image.file, image.name], ...(image.mask ? [[image.mask, maskName(image.name)]] : []),
  ] as [string, string][]))
  const copies = new Map<string, { sha256: string; bytes: number }>()
  for await (const file of sourceFiles(from)) {
    const name = nameOf.get(file.name)
    if (name === undefined || copies.has(file.name)) continue
    const bytes = await file.read()
    await writeFileAtomic(insideFolder(folder, name), bytes)
    copies.set(file.name, { sha256: sha256(bytes), bytes: bytes.length })
    onProgress?.('copying images', copies.size, nameOf.size)
  }
  const lost = [...nameOf.keys()].find(file => !copies.has(file))
  if (lost !== undefined)
    throw new LabError('data-missing', {
      expected: `${lost} in ${from}`, received: 'none any more', remedy: 'Do not change the source meanwhile',
    })
  return copies
}

function sizeNote({ published }: PublishedSet, count: number): string[] {
  return published === undefined || published === count ? []
    : [`The set is published with ${published} images; this copy has ${count}.`]
}

/** Files with the same bytes, above all those that stand in two classes. */
function copyNotes(items: PublishedRecord['items']): string[] {
  const first = new Map<string, PublishedRecord['items'][number]>()
  for (const item of items) if (!first.has(item.sha256)) first.set(item.sha256, item)
  const copies = items.filter(item => first.get(item.sha256) !== item)
  const names = (list: typeof copies) => list.map(item => `${item.name} (as ${first.get(item.sha256)!.name})`)
  return [
    ...countNote('Images that are exact copies of others', names(copies)),
    ...countNote('Exact copies in two classes', names(copies.filter(item => first.get(item.sha256)!.label !== item.label))),
  ]
}
