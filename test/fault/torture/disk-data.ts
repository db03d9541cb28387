/** Data sets on a failing disk: imports, and the caches of what is computed from images. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readImageFacts } from '../../../src/lib/audit/image-facts'
import { findStructure, readStructure } from '../../../src/lib/data/alike/structure'
import type { Dataset } from '../../../src/lib/data/dataset'
import { openFolder } from '../../../src/lib/data/folder'
import { folderFiles, importImages } from '../../../src/lib/data/import'
import { keepDataset } from '../../../src/lib/data/kept/keep'
import { nearDuplicatesOfSet } from '../../../src/lib/data/kept/near-duplicates-of-set'
import { readFileFacts } from '../../../src/lib/data/look/file-facts'
import { openDataset } from '../../../src/lib/data/registry'
import { readResizedImages } from '../../../src/lib/data/resized-image-file'
import { sha256 } from '../../../src/lib/system/hash'
import { putBack } from '../../../src/lib/system/replace'
import { deepPng } from '../../fixtures/png'
import { smallDataset } from '../../fixtures/small-network'
import { makeZip } from '../../fixtures/zip'
import type { DiskWork } from './disk-work'

const classes = ['ill', 'well'], size = 12

interface NamedBytes { name: string; bytes: Buffer }

/** The files of two classes' folders. @param other gives other images */
function imageFiles(other = 0): NamedBytes[] {
  return classes.flatMap((label, k) => [0, 1, 2].map(i => ({
    name: `${label}/${i}.png`,
    bytes: deepPng(Uint16Array.from({ length: size * size }, (_, j) => (j * (7 + i + other) + 9000 * k) % 65536), size),
  })))
}

function writeAll(folder: string, files: readonly NamedBytes[]): void {
  for (const { name, bytes } of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
  }
}

/** @param pack makes one file of the images; default: they stay in their folders */
function imported(kind: string, pack?: (files: NamedBytes[]) => NamedBytes): DiskWork {
  const write = (folder: string, files: NamedBytes[]) => writeAll(folder, pack ? [pack(files)] : files)
  const keep = (source: string, folder: string) => {
    process.env.LAB_DATA_FOLDER = join(folder, 'data')
    return keepDataset('made-up', join(folder, source, pack?.([]).name ?? ''), { window: 'own' })
  }
  return {
    kind: `an import of ${kind}`,
    async prepare(folder) {
      write(join(folder, 'before'), imageFiles(1))
      write(join(folder, 'source'), imageFiles())
      await keep('before', folder)
    },
    carryOut: async folder => (await keep('source', folder)).dataset.contentHash,
    async read(folder) {
      process.env.LAB_DATA_FOLDER = join(folder, 'data')
      return contentOf(await openDataset('made-up'))
    },
  }
}

async function contentOf(set: Dataset): Promise<string> {
  const pixels = await Promise.all(set.items.map(async (_, i) => (await set.read(i)).data))
  return `${set.contentHash} ${sha256(Buffer.concat(pixels))} ${JSON.stringify(set.nearDuplicates)}`
}

/** What is computed from images and stored: twice, so that it is made and read back. */
function cached(kind: string, compute: (set: Dataset) => Promise<unknown>): DiskWork {
  return {
    kind, prepare: async () => {}, read: async () => '',
    async carryOut(folder) {
      process.env.LAB_DATA_FOLDER = join(folder, 'data')
      const results = [await compute(smallDataset(12)), await compute(smallDataset(12))]
      return sha256(JSON.stringify(results.map(sorted)))
    },
  }
}

/** With the names of fields in order: what is read back may have them in another. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  return value && typeof value === 'object' ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)) : value
}

const manifest = imageFiles().map(({ name, bytes }) =>
  ({ name, class: dirname(name), sha256: sha256(bytes), bytes: bytes.length, width: size, height: size, channels: 1 }))
const runs = classes.map((label, k) => ({ label, items: [0, 1, 2, 3, 4, 5].map(i => 2 * i + k) }))

export const dataWorks: readonly DiskWork[] = [
  imported('a folder'),
  imported('a zip', files => ({ name: 'set.zip', bytes: makeZip(files) })),
  imported('a zip in a zip', files =>
    ({ name: 'outer.zip', bytes: makeZip([{ name: 'inner.zip', bytes: makeZip(files) }]) })),
  {
    kind: 'an import by manifest',
    async prepare(folder) {
      writeAll(join(folder, 'source'), imageFiles())
      writeAll(join(folder, 'target'), imageFiles(1))
    },
    carryOut: async folder => String(await importImages(folderFiles(join(folder, 'source')), manifest, join(folder, 'target'))),
    async read(folder) {
      await putBack(join(folder, 'target'))
      return contentOf(await openFolder(join(folder, 'target'), { window: 'own' }))
    },
  },
  cached('pixels', async set => [...await readResizedImages(set, { size: 8 })]),
  cached('facts of files', set => readFileFacts(set)),
  cached('facts of images', set => readImageFacts(set)),
  cached('near-duplicates', set => nearDuplicatesOfSet(set)),
  cached('structure', async set => await readStructure(set) ?? await findStructure(set, runs)),
]
