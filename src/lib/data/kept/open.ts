/** Opening a kept set. */
import { readdir, stat } from 'node:fs/promises'
import { LabError } from '../../system/errors'
import { splitSliceName } from '../../images/volume-file'
import { inParallel } from '../../system/parallel'
import { isThereOrReplaced, readReplaced } from '../../system/read-replaced'
import { nameSetAside } from '../../system/temporary-names'
import { insideFolder } from '../../system/safe-path'
import { findEqualFiles } from '../alike/equal-files'
import { dataFolder, isFolderName } from '../data-folder'
import type { Dataset, DataSource, Item, Progress } from '../dataset'
import { contentHashOf, datasetOfFiles, ownNotice } from '../folder'
import { readMask } from './masks'
import { mostSearched, nearDuplicatesOfSet } from './near-duplicates-of-set'
import { imagesFolder, keptFolder, readSetFile, setPath, type SetFile } from './set-file'

/** Whether a set of this name is kept. */
export async function isKept(name: string): Promise<boolean> {
  if (!isFolderName(name)) return false
  return isThereOrReplaced(keptFolder(name), setPath(name))
}

/** The kept sets, by name. */
export async function listKept(): Promise<DataSource[]> {
  // At the moment when a set is replaced, it has another name.
  const names = (await readdir(dataFolder()).catch(() => [])).map(entry => nameSetAside(entry) ?? entry)
  const kept = await Promise.all([...new Set(names)].map(async name => ({ name, isKept: await isKept(name) })))
  return kept.flatMap(({ name, isKept }) => (isKept ? [name] : [])).sort().map(keptSource)
}

/** A kept set, as the registry lists it. */
export function keptSource(name: string): DataSource {
  return {
    name, title: name, open: onProgress => openKept(name, { onProgress }),
    state: () => stateOfKept(name, ', your own', `npm run data -- ${name} --from FOLDER-or-ZIP`),
  }
}

/**
 * Whether a kept set is whole.
 * @param words after the number of its images
 * @param command repairs it
 */
export async function stateOfKept(
  name: string, words: string, command: string,
): Promise<{ ready: boolean; detail: string }> {
  try {
    const { found, wrong } = await readReplaced(keptFolder(name), async () => {
      const found = await readSetFile(name)
      return { found, wrong: await wrongFiles(name, found) }
    }, { mark: setPath(name), waitsForFirst: false })
    return wrong.length === 0 ? { ready: true, detail: `${found.items.length} images${words}` }
      : { ready: false, detail: `${wrong.length} of ${found.items.length} images missing or changed: ${command}` }
  } catch (error) {
    if (error instanceof LabError) return { ready: false, detail: error.message }
    throw error
  }
}

/** What is known about a kept set from elsewhere: its makers' words. */
export interface KeptSetWords {
  title?: string
  /** Default: that nothing is known. */
  notice?: string
  licence?: string
  /** Where the set comes from. Default: the folder or archive from which it was kept. */
  source?: string
  /** What to do where images are missing. */
  remedy?: string
  onProgress?: Progress
}

/**
 * Opens a kept set.
 * @throws LabError 'data-missing' where images are missing or have another size; 'damaged-file' for its set.json
 */
export async function openKept(name: string, words: KeptSetWords = {}): Promise<Dataset> {
  return readReplaced(keptFolder(name), () => openNow(name, words), { mark: setPath(name), waitsForFirst: false })
}

async function openNow(name: string, words: KeptSetWords): Promise<Dataset> {
  const found = await readSetFile(name)
  const {
    title = found.title, notice = ownNotice, licence = 'not known to this project', source = found.source,
    remedy = `Run: npm run data -- ${name} --from FOLDER-or-ZIP`, onProgress,
  } = words
  const wrong = await wrongFiles(name, found)
  if (wrong.length > 0)
    throw new LabError('data-missing', {
      expected: `the images of ${name} in ${imagesFolder(name)}`,
      received: `${wrong.length} of ${found.items.length} missing or changed, first ${wrong[0]}`, remedy,
    })
  const { labels, positive, grouping, modality, window, skipped, notes } = found
  const items = found.items.map(({ name: file, label, group, part }): Item =>
    ({ name: file, label, group, ...(part ? { part } : {}) }))
  const hashes = found.items.map(item => item.sha256)
  const files = datasetOfFiles(items, items.map(item => insideFolder(imagesFolder(name), item.name)), hashes, window)
  const contentHash = contentHashOf(items, labels, hashes, window)
  const pairs = await nearDuplicatesOfSet({ ...files, name, contentHash }, onProgress)
  const unsearched = `Near-duplicates were not searched: there are more than ${mostSearched} images.`
  return {
    ...files, name, contentHash, title, labels, grouping, modality, evidence: 'real', licence, source,
    ...(positive === undefined ? {} : { positive }),
    notice: [notice, ...notes, ...(pairs ? [] : [unsearched])].join(' '),
    nearDuplicates: pairs ?? findEqualFiles(items.map(item => item.name), hashes),
    ...(pairs ? {} : { nearDuplicatesSearched: false as const }),
    ...(skipped.length > 0 ? { skipped } : {}),
    ...(found.items.some(item => item.mask)
      ? { mask: (index: number) => readMask(name, found, index, files.read) } : {}),
  }
}

/** Names of images whose files are not there or have another size than set.json says. */
async function wrongFiles(name: string, { items }: SetFile): Promise<string[]> {
  const fileOf = (image: string) => splitSliceName(image)?.file ?? image
  const sizes = await inParallel(items.length, 32, i =>
    stat(insideFolder(imagesFolder(name), fileOf(items[i].name))).then(found => found.size, () => null))
  return items.filter((item, i) => item.bytes !== sizes[i]).map(item => item.name)
}
