/** Copying the images that were found in a source into the data folder: all of them, with what is known, or nothing. */
import { join } from 'node:path'
import type { ImageFacts } from '../../images/stored-image'
import { LabError } from '../../system/errors'
import { remove, writeFileAtomic } from '../../system/files'
import { sha256 } from '../../system/hash'
import { isThere } from '../../system/is-there'
import { replaceAlone, replaceFolder } from '../../system/replace'
import { inRoom } from '../../system/room'
import { insideFolder } from '../../system/safe-path'
import type { Dataset, Item, Modality, Progress } from '../dataset'
import { modalityOf, withDicomGroups } from '../dicom-groups'
import { examineImages, type ExamineOptions } from '../examine'
import { groupingOf, requireEveryClass } from '../folder'
import { expandVolumes } from '../volumes'
import { openKept } from './open'
import { keptFolder, setPath, type SetFile } from './set-file'
import type { Source } from './sources'

/** An image in a source; its name is the one that it gets. */
export interface FoundItem extends Item {
  /** Its path in the source. */
  file: string
  /** The path of its mask in the source. */
  mask?: string
}

/** What is known about a set before its images are copied. */
export interface FoundSet extends Pick<SetFile, 'name' | 'title' | 'layout' | 'labels' | 'positive'> {
  /** Default: what DICOM files say, else 'unknown'. */
  modality?: Modality
  /** Sorted by name. */
  images: readonly FoundItem[]
  /** Sentences about what was found and left out. */
  notes: readonly string[]
  /** Sentences that follow from the images that can be read. */
  notesOn?(items: SetFile['items']): readonly string[]
}

/** A set that was kept, and what its files hold. */
export interface KeptSet {
  dataset: Dataset
  file: SetFile
  facts: readonly ImageFacts[]
}

/** Bytes and hash of a file that was copied. */
type Copy = Pick<SetFile['items'][number], 'sha256' | 'bytes'>

/**
 * Copies a set's images, looks into each, writes set.json, and finds near-duplicates. An older set of this name is
 * replaced.
 * @throws LabError 'bad-image' listing all files that cannot be read, unless they are left out; 'bad-argument' for a
 *   class that loses all its images, or two names that are one on this disk; 'data-missing', 'write-failed'; then
 *   nothing has changed
 */
export function keepFound(set: FoundSet, source: Source, options: ExamineOptions = {}): Promise<KeptSet> {
  return replaceAlone(keptFolder(set.name), `importing ${set.name}`,
    () => copyFound(set, source, options), setPath(set.name))
}

async function copyFound(set: FoundSet, source: Source, options: ExamineOptions): Promise<KeptSet> {
  const { name, title, layout, labels, positive, images } = set
  const { onProgress } = options
  const kept = await replaceFolder(keptFolder(name), async work => {
    const folder = join(work, 'images')
    const copies = await copyImages(set, source, folder, onProgress)
    const copyOf = (image: string) => copies.get(image)!
    const names = images.map(image => image.name)
    const { readable, skipped, window, sentences, facts } = await examineImages({
      set: null, names, paths: names.map(file => insideFolder(folder, file)),
      hashes: names.map(file => copyOf(file).sha256),
    }, options)
    const slices = expandVolumes(readable.map(i => itemOf(images[i])), facts)
    const { items, notes } = withDicomGroups(slices.map(slice => slice.item), slices.map(slice => slice.facts))
    requireEveryClass(labels, items)
    const masked = new Set(images.flatMap(image => (image.mask ? [image.name] : [])))
    const stored = items.map((item, i): SetFile['items'][number] => ({
      ...item, ...(masked.has(item.name) ? { mask: maskName(item.name) } : {}), ...copyOf(slices[i].file),
    }))
    const found: SetFile = {
      version: 1, name, title, source: source.path, layout, labels, modality: set.modality ?? modalityOf(facts),
      ...(positive === undefined ? {} : { positive }),
      grouping: groupingOf(items), skipped,
      notes: [...set.notes, ...notes, ...sentences, ...set.notesOn?.(stored) ?? []],
      ...(window ? { window } : {}), items: stored,
    }
    for (const { name: file } of skipped) await remove(insideFolder(folder, file))
    await writeFileAtomic(join(work, 'set.json'), JSON.stringify(found))
    return { file: found, facts: slices.map(slice => slice.facts) }
  })
  return { dataset: await openKept(name, { onProgress }), ...kept }
}

function itemOf({ name, label, group, part }: FoundItem): Item {
  return { name, label, group, ...(part ? { part } : {}) }
}

/** Masks lie beside the images, under names that no image has. */
function maskName(name: string): string {
  return `masks of/${name}`
}

/** Copies images and masks. @returns what was copied, by the name that it got */
async function copyImages(
  { name: set, images }: FoundSet, source: Source, folder: string, onProgress?: Progress,
): Promise<ReadonlyMap<string, Copy>> {
  const nameOf = new Map(images.flatMap(({ file, name, mask }): [string, string][] =>
    [[file, name], ...(mask ? [[mask, maskName(name)] as [string, string]] : [])]))
  const copies = new Map<string, Copy>()
  let copied = 0
  // The files that are not copied yet may well be as large as those before.
  const need = () => ({ bytes: copied / (copies.size + 1) * nameOf.size, what: `${nameOf.size} files of ${set}` })
  for await (const { name: file, bytes } of source.readAll(new Set(nameOf.keys()))) {
    const name = nameOf.get(file)!, path = insideFolder(folder, name)
    // The folder was empty, so a file is there only where the disk takes two names for one.
    if (isThere(path)) throw sameName(source.path, name)
    copied += bytes.length
    await inRoom(keptFolder(set), need, () => writeFileAtomic(path, bytes))
    copies.set(name, { sha256: sha256(bytes), bytes: bytes.length })
    onProgress?.('copying images', copies.size, nameOf.size)
  }
  for (const [file, name] of nameOf)
    if (!copies.has(name))
      throw new LabError('data-missing', {
        expected: `${file} in ${source.path}`, received: 'none any more', remedy: 'Do not change the source meanwhile',
      })
  return copies
}

function sameName(source: string, name: string): LabError {
  return new LabError('bad-argument', {
    expected: `file names in ${source} that differ on this disk`,
    received: `${name} and another that differs from it in capitals or accents only`, remedy: 'Rename one of the two files',
  })
}
