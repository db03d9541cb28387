/**
 * The SARS-CoV-2 CT-scan set: 2,481 chest CT slices from hospitals in São Paulo, COVID or not.
 * Soares, Angelov, Biaso, Froes, Abe: SARS-CoV-2 CT-scan dataset, medRxiv 2020.04.24.20078584.
 */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { archiveFiles } from '../../system/archive'
import { download } from '../../system/download'
import { LabError } from '../../system/errors'
import { remove } from '../../system/files'
import { sha256 } from '../../system/hash'
import { isThereOrReplaced, readReplaced } from '../../system/read-replaced'
import { readImageFile } from '../../images/image-file'
import { inParallel } from '../../system/parallel'
import { dataFolder } from '../data-folder'
import type { Dataset, DataSource, ImageSource, Item, Progress } from '../dataset'
import { folderFiles, importImages } from '../import'
import { readManifest } from '../manifest'
import type { ManifestRow } from '../manifest'
import { blockRule } from '../alike/number-blocks'
import { findStructure, readStructure, type Structure } from '../alike/structure'

const name = 'sars-cov-2-ct'
const title = 'SARS-CoV-2 CT scans'
const labels = ['COVID', 'non-COVID']
const command = `npm run data -- ${name}`
/** Bytes; the archive has 243 million. */
const archiveLimit = 1024 ** 3

/** The set, as the registry lists it. Its images are not part of this project: `obtain` gets them. */
export const sarsCov2Ct: DataSource = { name, title, state, open, obtain }

async function state(): Promise<{ ready: boolean; detail: string }> {
  const rows = await manifest()
  if (!await isImported()) return { ready: false, detail: `not imported: ${command} --from ZIP` }
  const wrong = await whileInPlace(() => wrongFiles(rows))
  if (wrong.length === 0) return { ready: true, detail: `${rows.length} images` }
  const damage = `${wrong.length} of ${rows.length} images missing or changed`
  return { ready: false, detail: `${damage}: ${command} --from ZIP` }
}

async function open(onProgress?: Progress): Promise<Dataset> {
  const rows = await manifest()
  const wrong = await isImported() ? await whileInPlace(() => wrongFiles(rows)) : null
  if (wrong === null || wrong.length > 0)
    throw new LabError('data-missing', {
      expected: `the images of ${name} in ${folder()}`,
      received: wrong === null
        ? 'no such folder'
        : `${wrong.length} of ${rows.length} missing or changed, first ${wrong[0]}`,
      remedy: `Run: ${command} --from ZIP (without --from it is downloaded)`,
    })
  const images = imagesOf(rows)
  const { groups, nearDuplicates } = await structureOf(images, onProgress)
  return {
    ...images, title, labels, positive: 'COVID', nearDuplicates,
    items: images.items.map((item, i) => ({ ...item, group: groups[i] })),
    grouping: 'number block',
    modality: 'CT', evidence: 'real',
    notice: 'Real chest CT slices; the files name no patients, so blocks of consecutive numbers stand in for them.',
    licence: 'CC BY-NC-SA 4.0, according to a third party’s listing',
    source: 'https://www.kaggle.com/datasets/plameneduardo/sarscov2-ctscan-dataset',
    storedChannels: async index => rows[index].channels,
  }
}

/**
 * Imports the images, then finds their number blocks and near-duplicates.
 * @throws LabError 'data-missing', 'bad-archive', 'too-large', 'data-mismatch', 'download-failed'; then nothing has
 *   changed
 */
async function obtain(from: string | null, onProgress?: Progress): Promise<void> {
  const rows = await manifest()
  const archive = from ?? await fetchArchive(onProgress)
  const found = await stat(archive).catch(() => null)
  const source = found?.isDirectory() ? folderFiles(archive) : archiveFiles(archive)
  try {
    await importImages(source, rows, folder(), (done, count) => onProgress?.('checking images', done, count))
  } finally {
    // A good download is no longer needed, and the next call must not find a bad one.
    if (from === null) await remove(archive)
  }
  await structureOf(imagesOf(rows), onProgress)
}

/** The stored structure. Imports of earlier versions stored none, and caches may be deleted: then it is found anew. */
async function structureOf(images: ImageSource, onProgress?: Progress): Promise<Structure> {
  const runs = labels.map((label, i) => ({ label, items: indicesByNumber(images.items, i) }))
  return await readStructure(images) ?? findStructure(images, runs, onProgress)
}

/** Kaggle's public download address; LAB_KAGGLE replaces the server, for tests. */
async function fetchArchive(onProgress?: Progress): Promise<string> {
  const server = process.env.LAB_KAGGLE ?? 'https://www.kaggle.com'
  const path = dataFolder('downloads', `${name}.zip`)
  await download(`${server}/api/v1/datasets/download/plameneduardo/sarscov2-ctscan-dataset`, path, {
    limit: archiveLimit, onProgress: (received, total) => onProgress?.('downloading bytes', received, total),
  })
  return path
}

/** The images, without groups. */
function imagesOf(rows: readonly ManifestRow[]): ImageSource & Required<Pick<ImageSource, 'file'>> {
  const items: Item[] = rows.map(row => ({ name: row.name, label: labels.indexOf(row.class), group: null }))
  const file = (index: number) => join(folder(), items[index].name)
  const content = rows.map(row => `${row.name} ${row.sha256}`)
  const contentHash = sha256(JSON.stringify([content, blockRule]))
  const fileHash = (index: number) => rows[index].sha256
  const read = (index: number) => readImageFile(file(index), 1, undefined, fileHash(index))
  return { name, items, contentHash, file, fileHash, read }
}

/** The number in 'COVID/Covid (12).png' orders the files as they were taken. */
function indicesByNumber(items: readonly Item[], label: number): number[] {
  const number = (index: number) => Number(/\((\d+)\)/.exec(items[index].name)?.[1])
  return [...items.keys()].filter(i => items[i].label === label).sort((a, b) => number(a) - number(b))
}

/** Names of images that are not there or have another size than the manifest says. */
async function wrongFiles(rows: readonly ManifestRow[]): Promise<string[]> {
  const sizes = await inParallel(rows.length, 32, i =>
    stat(join(folder(), rows[i].name)).then(found => found.size, () => null))
  return rows.filter((row, i) => row.bytes !== sizes[i]).map(row => row.name)
}

function folder(): string {
  return dataFolder(name)
}

/** A new folder in each import; caches lie beside it. */
function mark(): string {
  return join(folder(), labels[0])
}

function isImported(): Promise<boolean> {
  return isThereOrReplaced(folder(), mark())
}

/** Reads the images' folder, again where an import replaced it meanwhile. */
function whileInPlace<T>(read: () => Promise<T>): Promise<T> {
  return readReplaced(folder(), read, { mark: mark(), waitsForFirst: false })
}

function manifest(): Promise<ManifestRow[]> {
  return readManifest(dataFolder('manifests', `${name}.csv`))
}
