/** A public set, as the registry lists it. */
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { imageHeader, imageLimit, readImageFile } from '../../images/image-file'
import type { Image } from '../../images/image'
import { download } from '../../system/download'
import { LabError } from '../../system/errors'
import { readFileCapped, remove } from '../../system/files'
import { inParallel } from '../../system/parallel'
import { putBack } from '../../system/replace'
import { insideFolder } from '../../system/safe-path'
import { dataFolder } from '../data-folder'
import type { Dataset, DataSource, Item, Progress } from '../dataset'
import { contentHashOf } from '../folder'
import { importPublished } from './import-published'
import { filesFolder, readRecord, recordPath, setFolder, type PublishedRecord } from './published-record'
import type { PublishedSet } from './published-set'

/** The registry's entry of a public set. */
export function publishedSource(set: PublishedSet): DataSource {
  return {
    name: set.name, title: set.title, state: () => stateOf(set),
    open: () => openPublished(set), obtain: (from, onProgress) => obtain(set, from, onProgress),
  }
}

function command({ name, kaggle }: PublishedSet): string {
  return `npm run data -- ${name} --from FOLDER-or-ZIP${kaggle ? ' (without --from it is downloaded)' : ''}`
}

async function stateOf(set: PublishedSet): Promise<{ ready: boolean; detail: string }> {
  await putBack(setFolder(set.name))
  if (!existsSync(recordPath(set.name))) return { ready: false, detail: `not imported: ${command(set)}` }
  try {
    const { items } = await readRecord(set.name)
    const wrong = await wrongFiles(set.name, items)
    return wrong.length === 0 ? { ready: true, detail: `${items.length} images` }
      : { ready: false, detail: `${wrong.length} of ${items.length} images missing or changed: ${command(set)}` }
  } catch (error) {
    if (error instanceof LabError) return { ready: false, detail: error.message }
    throw error
  }
}

async function openPublished(set: PublishedSet): Promise<Dataset> {
  const { name, title, modality, labels, positive, licence, source } = set
  await putBack(setFolder(name))
  const record = existsSync(recordPath(name)) ? await readRecord(name) : null
  const wrong = record ? await wrongFiles(name, record.items) : null
  if (!record || !wrong || wrong.length > 0)
    throw new LabError('data-missing', {
      expected: `the images of ${name} in ${filesFolder(name)}`,
      received: record ? `${wrong!.length} of ${record.items.length} missing or changed, first ${wrong![0]}` : 'none',
      remedy: `Get the set from ${source} and run: ${command(set)}`,
    })
  const { window, skipped } = record
  const items = record.items.map(({ name: file, label, group, part }): Item =>
    ({ name: file, label, group, ...(part ? { part } : {}) }))
  const file = (index: number) => insideFolder(filesFolder(name), items[index].name)
  const read = (index: number) => readImageFile(file(index), 1, window ?? {})
  return {
    name, title, labels, positive, items, modality, evidence: 'real', licence, source,
    grouping: items.some(item => item.group !== null) ? 'patient' : 'none',
    notice: [set.notice, ...record.notes, 'Near-duplicates were not searched.'].join(' '),
    contentHash: contentHashOf(items, labels, record.items.map(item => item.sha256), window),
    nearDuplicates: [], nearDuplicatesSearched: false,
    ...(window ? { window } : {}), ...(skipped.length > 0 ? { skipped } : {}),
    storedChannels: async index => (await imageHeader(await readFileCapped(file(index), imageLimit))).channels,
    file, read,
    ...(record.items.some(item => item.mask) ? { mask: (index: number) => readMask(name, record, index, read) } : {}),
  }
}

/** An item's mask, brought to the size of its image: 255 inside, 0 outside. */
async function readMask(
  set: string, { items }: PublishedRecord, index: number, read: (index: number) => Promise<Image>,
): Promise<Image> {
  const { width, height } = await read(index)
  const { name, mask } = items[index]
  if (!mask)
    throw new LabError('data-missing', { expected: `a mask of ${name}`, received: 'none', remedy: 'Choose another image' })
  const stored = await readImageFile(insideFolder(filesFolder(set), mask))
  const data = Uint8Array.from({ length: width * height }, (_, i) => {
    const x = Math.floor((i % width + 0.5) / width * stored.width)
    const y = Math.floor((Math.floor(i / width) + 0.5) / height * stored.height)
    return stored.data[y * stored.width + x] > 127 ? 255 : 0
  })
  return { width, height, channels: 1, data }
}

/** Names of images that are not there or have another size than the record says. */
async function wrongFiles(name: string, items: PublishedRecord['items']): Promise<string[]> {
  const sizes = await inParallel(items.length, 32, i =>
    stat(insideFolder(filesFolder(name), items[i].name)).then(found => found.size, () => null))
  return items.filter((item, i) => item.bytes !== sizes[i]).map(item => item.name)
}

async function obtain(set: PublishedSet, from: string | null, onProgress?: Progress): Promise<void> {
  const archive = from ?? await fetchArchive(set, onProgress)
  try {
    await importPublished(set, archive, onProgress)
  } finally {
    // A good download is no longer needed, and the next call must not find a bad one.
    if (from === null) await remove(archive)
  }
}

/** Kaggle's public download address; LAB_KAGGLE replaces the server, for tests. */
async function fetchArchive({ name, title, source, kaggle }: PublishedSet, onProgress?: Progress): Promise<string> {
  if (!kaggle)
    throw new LabError('data-missing', {
      expected: `--from with the folder or zip of ${title}`, received: 'none, and no address to download it from',
      remedy: `Get the set from ${source}`,
    })
  const server = process.env.LAB_KAGGLE ?? 'https://www.kaggle.com'
  const path = dataFolder('downloads', `${name}.zip`)
  await download(`${server}/api/v1/datasets/download/${kaggle.path}`, path, {
    limit: kaggle.limit, onProgress: (received, total) => onProgress?.('downloading bytes', received, total),
  })
  return path
}
