/** Keeping a data set by name: copied as a whole or not at all. */
import { readdir, stat } from 'node:fs/promises'
import { LabError } from '../../system/errors'
import { isThere } from '../../system/is-there'
import { isFolderName, isProjectName } from '../data-folder'
import type { Modality, Progress } from '../dataset'
import type { FolderOptions } from '../folder'
import { arrange } from '../layouts/arrange'
import { keepFound, type KeptSet } from './keep-found'
import { keptFolder, setPath } from './set-file'
import { openSource } from './sources'

/** How a set is understood and named. */
export interface KeepOptions extends FolderOptions {
  /** What took the images. Default: what DICOM files say, else 'unknown'. */
  modality?: Modality
  onProgress?: Progress
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
  const source = await openSource(from, { keepsFolders: options.layout !== undefined, onProgress: options.onProgress })
  const { labels, positive, layout, items, notes } = await arrange(source.path, source.listing, source.readTable,
    { ...options, ...(source.table ? { table: options.table ?? source.table } : {}) })
  return keepFound({
    name, title: name, layout, labels, positive, modality: options.modality, notes,
    images: items.map(item => ({ ...item, file: item.name })),
  }, source, options)
}

async function checkName(name: string, reserved: readonly string[]): Promise<void> {
  if (!isFolderName(name) && !isProjectName(name))
    throw new LabError('bad-argument', {
      expected: 'a name of lower-case letters a to z, digits, hyphens, dots and underscores, at most 64',
      received: JSON.stringify(name.slice(0, 80)), remedy: `Try ${suggestion(name)}`,
    })
  const folder = keptFolder(name)
  const isOther = isThere(folder) && !isThere(setPath(name))
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
