/**
 * Features on disk: what some layers give, a row of float32 numbers for each image of a part.
 *
 * A file's name is its key, which names all that decides the numbers. Files may be deleted at any time; the least
 * recently used go first when the folder would grow past its limit.
 */
import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { dataFolder } from '../data/data-folder'
import { LabError } from '../system/errors'
import { remove, touch } from '../system/files'
import { openRows, readRow, writeRows, type RowShape, type SealedRows } from '../system/sealed-rows'

/** How many rows, and how many numbers in each. */
export interface FeatureSize {
  count: number
  width: number
}

const megabyte = 1024 ** 2
const usualLimit = 2048

/**
 * What the folder of features may hold, in bytes: 2 GiB, or as many MiB as the environment's LAB_FEATURE_CACHE says;
 * 0 keeps nothing.
 * @throws LabError 'bad-argument' where it says something else
 */
export function featureLimit(): number {
  const wanted = process.env.LAB_FEATURE_CACHE ?? String(usualLimit)
  if (!/^\d+$/.test(wanted))
    throw new LabError('bad-argument', {
      expected: 'LAB_FEATURE_CACHE to be a whole number of MiB', received: JSON.stringify(wanted),
      remedy: `Set it to ${usualLimit}, or leave it out`,
    })
  return Number(wanted) * megabyte
}

/** Bytes that features take. */
export function featureBytes({ count, width }: FeatureSize): number {
  return count * width * Float32Array.BYTES_PER_ELEMENT
}

/** Features that were found whole and unchanged. Close them after use. */
export class Features {
  constructor(private readonly rows: SealedRows) {}

  /**
   * The rows of some places, one after the other: read from where they lie, so that memory holds no others.
   * @throws LabError 'data-missing' where the file was cut meanwhile
   */
  read(places: Uint32Array): Float32Array {
    const { descriptor, shape: { width } } = this.rows
    const bytes = new Uint8Array(places.length * width)
    places.forEach((place, i) => readRow(descriptor, width, place, bytes, i * width))
    return new Float32Array(bytes.buffer)
  }

  close(): Promise<void> {
    return this.rows.close()
  }
}

/** The features kept under a key; null where they are missing, cut short or damaged. */
export async function openFeatures(key: string, size: FeatureSize): Promise<Features | null> {
  const rows = await openRows(pathOf(key), key, rowsOf(size))
  if (!rows) return null
  // Where it cannot be marked as used, it is no worse for it.
  await touch(pathOf(key)).catch(() => {})
  return new Features(rows)
}

/**
 * Keeps features under a key, whole or not at all, after making room for them; and opens them.
 * @param rows all of them in order, some at a time: each piece is written before the next is asked for
 * @throws LabError 'write-failed'; whatever the rows' source throws
 */
export async function keepFeatures(
  key: string, size: FeatureSize, rows: AsyncIterable<Float32Array>,
): Promise<Features> {
  await makeRoom(featureBytes(size))
  return new Features(await writeRows(pathOf(key), key, rowsOf(size), inBytes(rows)))
}

async function* inBytes(rows: AsyncIterable<Float32Array>): AsyncGenerator<Uint8Array> {
  for await (const { buffer, byteOffset, byteLength } of rows) yield new Uint8Array(buffer, byteOffset, byteLength)
}

/** Removes files, the least recently used first, until `bytes` more fit under the limit. */
async function makeRoom(bytes: number): Promise<void> {
  if (!existsSync(folder())) return
  const names = (await readdir(folder())).filter(name => name.endsWith('.bin'))
  const found = await Promise.all(names.map(async name => {
    const path = join(folder(), name)
    // Another process may have removed it meanwhile.
    const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0 }))
    return { path, size, mtimeMs }
  }))
  let held = found.reduce((sum, { size }) => sum + size, 0)
  for (const { path, size } of found.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (held + bytes <= featureLimit()) return
    await remove(path)
    held -= size
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
