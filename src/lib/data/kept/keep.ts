/** Keeping a data set by name: copied as a whole or not at all. */
import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../system/errors'
import { remove, writeFileAtomic } from '../../system/files'
import { sha256 } from '../../system/hash'
import { replace, workFolder } from '../../system/replace'
import { insideFolder } from '../../system/safe-path'
import type { ImageFacts } from '../../images/stored-image'
import { isFolderName, isProjectName } from '../data-folder'
import type { Dataset, Modality, Progress } from '../dataset'
import { modalityOf, withDicomGroups } from '../dicom-groups'
import { examineImages } from '../examine'
import { groupingOf, requireEveryClass, type FolderOptions } from '../folder'
import { arrange } from '../layouts/arrange'
import { openKept } from './open'
import { keptFolder, setPath, type SetFile } from './set-file'
import { openSource, type Source } from './sources'

/** How a set is understood and named. */
export interface KeepOptions extends FolderOptions {
  /** What took the images. Default: what DICOM files say, else 'unknown'. */
  modality?: Modality
  onProgress?: Progress
}

/** A set that was kept, and what its files hold. */
export interface KeptSet {
  dataset: Dataset
  file: SetFile
  facts: readonly ImageFacts[]
}

/**
 * Copies the images of a folder, a zip archive or a table's folder into the data folder, and finds near-duplicates.
 * `openDataset(name)` opens the set from then on. An older set of this name is replaced.
 * @param name lower-case Latin letters, digits, hyphens, dots and underscores, at most 64; no name that the
 *   project uses
 * @param reserved names of sets that are not kept this way
 * @throws LabError 'bad-argument' for a name that is not allowed, or a layout or table that `openFolder` refuses;
 *   'bad-image' listing all files that cannot be read; 'data-missing', 'bad-archive', 'too-large', 'write-failed'; then
 *   nothing has changed
 */
export async function keepDataset(
  name: string, from: string, options: KeepOptions = {}, reserved: readonly string[] = [],
): Promise<KeptSet> {
  await checkName(name, reserved)
  const { onProgress } = options
  const source = await openSource(from, options.layout !== undefined)
  const arranged = await arrange(source.path, source.listing, source.readTable,
    { ...options, ...(source.table ? { table: options.table ?? source.table } : {}) })
  const { labels, positive, layout } = arranged
  const target = keptFolder(name)
  const work = await workFolder(target)
  try {
    const names = arranged.items.map(item => item.name)
    const copies = await copyImages(source, names, join(work, 'images'), onProgress)
    const paths = names.map(file => insideFolder(join(work, 'images'), file))
    const hashes = copies.map(copy => copy.sha256)
    const { readable, skipped, window, sentences, facts } = await examineImages(
      { set: null, names, paths, hashes }, options)
    requireNoVolumes(names.filter((_, i) => readable.includes(i)), facts)
    const { items, notes } = withDicomGroups(readable.map(i => arranged.items[i]), facts)
    requireEveryClass(labels, items)
    const found: SetFile = {
      version: 1, name, title: name, source: source.path, layout, labels,
      modality: options.modality ?? modalityOf(facts),
      ...(positive === undefined ? {} : { positive }),
      grouping: groupingOf(items), skipped, notes: [...arranged.notes, ...notes, ...sentences],
      ...(window ? { window } : {}),
      items: readable.map((i, k) => ({ ...items[k], ...copies[i] })),
    }
    for (const { name: file } of skipped) await remove(insideFolder(join(work, 'images'), file))
    await writeFileAtomic(join(work, 'set.json'), JSON.stringify(found))
    await replace(work, target)
    return { dataset: await openKept(name, onProgress), file: found, facts }
  } finally {
    await remove(work)
  }
}

/** A kept set has one image a file. */
function requireNoVolumes(names: readonly string[], facts: readonly ImageFacts[]): void {
  const volume = names.find((_, i) => facts[i].pages > 1)
  if (volume === undefined) return
  throw new LabError('bad-argument', {
    expected: 'files of one image each', received: `${volume}, a volume`,
    remedy: 'Open the folder itself: LAB_DATA=/path/to/folder npm start',
  })
}

async function copyImages(
  source: Source, names: readonly string[], folder: string, onProgress?: Progress,
): Promise<{ sha256: string; bytes: number }[]> {
  const copies = new Map<string, { sha256: string; bytes: number }>()
  for await (const { name, bytes } of source.readAll(new Set(names))) {
    const path = insideFolder(folder, name)
    // The folder was empty, so a file is there only where the disk takes two names for one.
    if (existsSync(path)) throw sameName(source.path, name)
    await writeFileAtomic(path, bytes)
    copies.set(name, { sha256: sha256(bytes), bytes: bytes.length })
    onProgress?.('copying images', copies.size, names.length)
  }
  return names.map(name => {
    const copy = copies.get(name)
    if (copy) return copy
    throw new LabError('data-missing', {
      expected: `${name} in ${source.path}`, received: 'none any more', remedy: 'Do not change the source meanwhile',
    })
  })
}

function sameName(source: string, name: string): LabError {
  return new LabError('bad-argument', {
    expected: `file names in ${source} that differ on this disk`,
    received: `${name} and another that differs from it in capitals or accents only`, remedy: 'Rename one of the two files',
  })
}

async function checkName(name: string, reserved: readonly string[]): Promise<void> {
  if (!isFolderName(name) && !isProjectName(name))
    throw new LabError('bad-argument', {
      expected: 'a name of lower-case letters a to z, digits, hyphens, dots and underscores, at most 64',
      received: JSON.stringify(name.slice(0, 80)), remedy: `Try ${suggestion(name)}`,
    })
  const folder = keptFolder(name)
  const isOther = existsSync(folder) && !existsSync(setPath(name))
    && (await stat(folder)).isDirectory() && (await readdir(folder)).some(entry => entry !== 'cache')
  if (isProjectName(name) || isOther || reserved.includes(name))
    throw new LabError('bad-argument', {
      expected: 'a name that is free', received: `${name}, which the project uses itself`, remedy: `Try my-${name}`,
    })
}

function suggestion(name: string): string {
  const plain = name.normalize('NFD').toLowerCase().replace(/[^a-z0-9._-]+/g, '-').replace(/^[^a-z0-9]+|^folder-/g, '')
  const short = plain.slice(0, 64).replace(/[.-]+$/, '')
  return isFolderName(short) ? short : 'my-images'
}
