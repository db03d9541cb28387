/**
 * Features on disk: the outputs of some layers, one row of float32 numbers for each image of a part.
 *
 * A file's name is its key, a hash of everything that decides the numbers. Files may be deleted at any time; when the
 * folder would grow past its limit, the least recently used files are deleted first.
 */
import { sum } from 'd3-array'
import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { dataFolder } from '../data/data-folder'
import { remove, touch } from '../system/files'
import { makeRows, openRows, readRow, type RowShape, type SealedRows } from '../system/sealed-rows'
import { variable } from '../system/variable'

/** How many rows, and how many numbers in each row. */
export interface FeatureSize {
  count: number
  width: number
}

const mebibyte = 1024 ** 2
/** In MiB. */
const defaultLimit = 2048

/**
 * How many bytes the folder of features may hold: 2 GiB by default, else the environment variable LAB_FEATURE_CACHE in
 * MiB; 0 disables the cache.
 * @throws LabError 'bad-argument' where LAB_FEATURE_CACHE is no whole number
 */
export function featureLimit(): number {
  return Number(variable('LAB_FEATURE_CACHE') ?? defaultLimit) * mebibyte
}

/** How many bytes features take. */
export function featureBytes({ count, width }: FeatureSize): number {
  return count * width * Float32Array.BYTES_PER_ELEMENT
}

/** An open file of features whose checksum was verified. Close it after use. */
export class CachedFeatures {
  constructor(private readonly rows: SealedRows) {}

  /**
   * Reads the rows of some images from the file, so that memory holds no other rows.
   * @param indices of the images within the part
   * @returns [indices.length, width]
   * @throws LabError 'data-missing' where the file was cut after it was opened
   */
  read(indices: Uint32Array): Float32Array {
    const { source, shape: { width } } = this.rows
    const bytes = new Uint8Array(indices.length * width)
    indices.forEach((index, i) => readRow(source, width, index, bytes, i * width))
    return new Float32Array(bytes.buffer)
  }

  close(): Promise<void> {
    return this.rows.close()
  }
}

/** Opens the features stored under a key; null where they are missing, cut short or damaged. */
export async function openFeatures(key: string, size: FeatureSize): Promise<CachedFeatures | null> {
  const rows = await openRows(pathOf(key), key, rowsOf(size))
  if (!rows) return null
  // A file that cannot be marked as used can still be read.
  await touch(pathOf(key)).catch(() => {})
  return new CachedFeatures(rows)
}

/**
 * Stores features under a key, completely or not at all, after making room for them; and opens them. Where the disk
 * does not take them, they stay in memory.
 * @param rows makes all rows in order, in pieces; each piece is written before the next one is computed
 * @throws LabError 'write-failed' for more than 2 GiB that the disk does not take; whatever the rows' source throws
 */
export async function storeFeatures(
  key: string, size: FeatureSize, rows: () => AsyncIterable<Float32Array>,
): Promise<CachedFeatures> {
  // Room that cannot be made is told when the file is written.
  await makeRoom(featureBytes(size)).catch(() => {})
  return new CachedFeatures(await makeRows(pathOf(key), key, rowsOf(size), () => inBytes(rows())))
}

async function* inBytes(rows: AsyncIterable<Float32Array>): AsyncGenerator<Uint8Array> {
  for await (const { buffer, byteOffset, byteLength } of rows) yield new Uint8Array(buffer, byteOffset, byteLength)
}

/** Deletes files, the least recently used ones first, until `bytes` more fit under the limit. */
async function makeRoom(bytes: number): Promise<void> {
  if (!existsSync(folder())) return
  const names = (await readdir(folder())).filter(name => name.endsWith('.bin'))
  const files = await Promise.all(names.map(async name => {
    const path = join(folder(), name)
    // Another process may have deleted the file in the meantime.
    const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0 }))
    return { path, size, mtimeMs }
  }))
  let total = sum(files, ({ size }) => size)
  for (const { path, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (total + bytes <= featureLimit()) return
    await remove(path)
    total -= size
  }
}

function rowsOf({ count, width }: FeatureSize): RowShape {
  return { count, width: featureBytes({ count: 1, width }) }
}

function folder(): string {
  return dataFolder('features')
}

function pathOf(key: string): string {
  return join(folder(), `${key}.bin`)
}
