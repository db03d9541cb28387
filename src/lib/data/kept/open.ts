/** Opening a kept set. */
import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { LabError } from '../../system/errors'
import { inParallel } from '../../system/parallel'
import { putBack } from '../../system/replace'
import { insideFolder } from '../../system/safe-path'
import { dataFolder, isFolderName } from '../data-folder'
import type { Dataset, DataSource, Item, Progress } from '../dataset'
import { contentHashOf, datasetOfFiles, ownNotice } from '../folder'
import { mostSearched, nearDuplicatesOfSet } from './near-duplicates-of-set'
import { imagesFolder, keptFolder, readSetFile, setPath, type SetFile } from './set-file'

/** Whether a set of this name is kept. */
export async function isKept(name: string): Promise<boolean> {
  if (!isFolderName(name)) return false
  await putBack(keptFolder(name))
  return existsSync(setPath(name))
}

/** The kept sets, by name. */
export async function listKept(): Promise<DataSource[]> {
  const names = await readdir(dataFolder()).catch(() => [])
  return names.filter(name => isFolderName(name) && existsSync(setPath(name))).sort().map(keptSource)
}

/** A kept set, as the registry lists it. */
export function keptSource(name: string): DataSource {
  return { name, title: name, state: () => stateOf(name), open: onProgress => openKept(name, onProgress) }
}

async function stateOf(name: string): Promise<{ ready: boolean; detail: string }> {
  try {
    const found = await readSetFile(name)
    const wrong = await wrongFiles(name, found)
    const damage = `${wrong.length} of ${found.items.length} images missing or changed`
    return wrong.length === 0 ? { ready: true, detail: `${found.items.length} images, your own` }
      : { ready: false, detail: `${damage}: npm run data -- ${name} --from FOLDER-or-ZIP` }
  } catch (error) {
    if (error instanceof LabError) return { ready: false, detail: error.message }
    throw error
  }
}

/**
 * Opens a kept set.
 * @throws LabError 'data-missing' where images are missing or have another size; 'damaged-file' for its set.json
 */
export async function openKept(name: string, onProgress?: Progress): Promise<Dataset> {
  const found = await readSetFile(name)
  const wrong = await wrongFiles(name, found)
  if (wrong.length > 0)
    throw new LabError('data-missing', {
      expected: `the images of ${name} in ${imagesFolder(name)}`,
      received: `${wrong.length} of ${found.items.length} missing or changed, first ${wrong[0]}`,
      remedy: `Run: npm run data -- ${name} --from FOLDER-or-ZIP`,
    })
  const { labels, positive, grouping, modality, window, skipped, notes, source } = found
  const items = found.items.map(({ name: file, label, group, part }): Item =>
    ({ name: file, label, group, ...(part ? { part } : {}) }))
  const files = datasetOfFiles(items, items.map(item => insideFolder(imagesFolder(name), item.name)), window)
  const contentHash = contentHashOf(items, labels, found.items.map(item => item.sha256), window)
  const pairs = await nearDuplicatesOfSet({ ...files, name, contentHash }, onProgress)
  const unsearched = `Near-duplicates were not searched: there are more than ${mostSearched} images.`
  return {
    ...files, name, contentHash, title: found.title, labels, grouping, modality, evidence: 'real',
    ...(positive === undefined ? {} : { positive }),
    notice: [ownNotice, ...notes, ...(pairs ? [] : [unsearched])].join(' '),
    licence: 'not known to this project', source,
    nearDuplicates: pairs ?? [], ...(pairs ? {} : { nearDuplicatesSearched: false as const }),
    ...(skipped.length > 0 ? { skipped } : {}),
  }
}

/** Names of images that are not there or have another size than set.json says. */
async function wrongFiles(name: string, { items }: SetFile): Promise<string[]> {
  const sizes = await inParallel(items.length, 32, i =>
    stat(insideFolder(imagesFolder(name), items[i].name)).then(found => found.size, () => null))
  return items.filter((item, i) => item.bytes !== sizes[i]).map(item => item.name)
}
