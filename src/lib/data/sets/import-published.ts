/** Importing a public set: its files are recognized by its rule, and kept as sets of one's own are. */
import { LabError } from '../../system/errors'
import type { Progress } from '../dataset'
import { keepFound } from '../kept/keep-found'
import type { SetFile } from '../kept/set-file'
import { openSource } from '../kept/sources'
import { countByEnding } from '../layouts/contents'
import { countNote, type Found, type PublishedSet } from './published-set'

/** How a set is imported. */
export interface ImportOptions {
  /** Whether files that cannot be read are left out instead of refused. Default false. */
  skipDamaged?: boolean
  onProgress?: Progress
}

/**
 * Imports a set from a folder or zip archive. An older import is replaced.
 * @throws LabError 'data-missing', 'bad-archive', 'too-large'; 'data-mismatch' where the files are not laid out as the
 *   set's are, or a class has no image; 'bad-image' listing all files that cannot be read, unless they are left out;
 *   then nothing has changed
 */
export async function importPublished(set: PublishedSet, from: string, options: ImportOptions = {}): Promise<void> {
  const { name, title, labels, positive, modality } = set
  const { onProgress } = options
  const isTable = (file: string) => set.isTable?.(file) ?? false
  const source = await openSource(from, { keepsFolders: true, inner: true, isTable, onProgress })
  const { files } = source.listing
  const { images, notes } = await set.find(files, source.readTable)
  images.sort((a, b) => (a.name < b.name ? -1 : 1))
  checkFound(set, from, files, images)
  await keepFound({
    name, title, layout: 'published', labels: [...labels], positive, modality, notes,
    images: images.map(({ label, ...image }) => ({ ...image, label: labels.indexOf(label) })),
    notesOn: items => [...sizeNote(set, items.length), ...copyNotes(items)],
  }, source, options)
}

/** @throws LabError 'data-mismatch' for a copy that is not the set's */
function checkFound(set: PublishedSet, from: string, files: readonly string[], images: Found['images']): void {
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

function sizeNote({ published }: PublishedSet, count: number): string[] {
  return published === undefined || published === count ? []
    : [`The set is published with ${published} images; this copy has ${count}.`]
}

/** Files with the same bytes, above all those that stand in two classes. */
function copyNotes(items: SetFile['items']): string[] {
  const first = new Map<string, SetFile['items'][number]>()
  for (const item of items) if (!first.has(item.sha256)) first.set(item.sha256, item)
  const copies = items.filter(item => first.get(item.sha256) !== item)
  const names = (list: typeof copies) => list.map(item => `${item.name} (as ${first.get(item.sha256)!.name})`)
  return [
    ...countNote('Images that are exact copies of others', names(copies)),
    ...countNote('Exact copies in two classes', names(copies.filter(item => first.get(item.sha256)!.label !== item.label))),
  ]
}
