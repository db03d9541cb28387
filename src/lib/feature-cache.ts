/**
 * Features on disk: rows of float32 numbers, one for each image of a part, read by place.
 *
 * A file is the rows, then a seal: the SHA-256 of its key and the rows, as 64 hexadecimal digits. Its name is its key,
 * which names all that decides the numbers. Files may be deleted at any time; the least recently used go first when
 * the folder would grow past its limit.
 */
import { createHash } from 'node:crypto'
import { existsSync, readSync } from 'node:fs'
import { open, readdir, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { dataFolder } from './datasets/data-folder'
import { LabError } from './errors'
import { remove, removeAbandoned, touch, writeFileAtomic } from './files'

/** How many rows, and how many numbers in each. */
export interface FeatureSize {
  count: number
  width: number
}

const sealLength = 64
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

/** Bytes of rows on disk. */
export function featureBytes({ count, width }: FeatureSize): number {
  return count * width * Float32Array.BYTES_PER_ELEMENT
}

/** Features that were found whole and unchanged. Close them after use: until then the file is held open. */
export class Features {
  constructor(private readonly file: FileHandle, private readonly size: FeatureSize) {}

  /** The rows of some places, one after the other: read from where they lie, so that memory holds no others. */
  read(places: Uint32Array): Float32Array {
    const { width } = this.size
    const rows = new Float32Array(places.length * width)
    const bytes = new Uint8Array(rows.buffer)
    const length = featureBytes({ count: 1, width })
    places.forEach((place, i) => {
      if (readSync(this.file.fd, bytes, i * length, length, place * length) === length) return
      throw new LabError('data-missing', {
        expected: `${length} bytes of features for image ${place}`, received: 'fewer: the file was cut meanwhile',
        remedy: 'Run again: they will be computed anew',
      })
    })
    return rows
  }

  close(): Promise<void> {
    return this.file.close()
  }
}

/** The features kept under a key; null where they are missing, cut short or damaged. */
export async function openFeatures(key: string, size: FeatureSize): Promise<Features | null> {
  const path = pathOf(key)
  const file = await open(path).catch(() => null)
  if (!file) return null
  if (!await isWhole(file, key, featureBytes(size))) {
    await file.close()
    return null
  }
  await touch(path)
  return new Features(file, size)
}

/**
 * Keeps features under a key, whole or not at all, after making room for them; and opens them.
 * @param rows all of them in order, some at a time: each piece is written before the next is asked for
 * @throws LabError 'write-failed'; whatever the rows' source throws
 */
export async function keepFeatures(
  key: string, size: FeatureSize, rows: AsyncIterable<Float32Array>,
): Promise<Features> {
  await makeRoom(featureBytes(size) + sealLength)
  await writeFileAtomic(pathOf(key), sealed(key, rows))
  const features = await openFeatures(key, size)
  if (features) return features
  throw new LabError('write-failed', {
    expected: `to read back what was written to ${pathOf(key)}`, received: 'something else, or nothing',
    remedy: 'Check the disk, or train with keepFeatures: false',
  })
}

async function* sealed(key: string, rows: AsyncIterable<Float32Array>): AsyncGenerator<Uint8Array> {
  const seal = createHash('sha256').update(key)
  for await (const { buffer, byteOffset, byteLength } of rows) {
    const bytes = new Uint8Array(buffer, byteOffset, byteLength)
    seal.update(bytes)
    yield bytes
  }
  yield Buffer.from(seal.digest('hex'))
}

async function isWhole(file: FileHandle, key: string, length: number): Promise<boolean> {
  if ((await file.stat()).size !== length + sealLength) return false
  const seal = createHash('sha256').update(key)
  const piece = Buffer.alloc(megabyte)
  for (let at = 0; at < length;) {
    const { bytesRead } = await file.read(piece, 0, Math.min(megabyte, length - at), at)
    if (bytesRead === 0) return false
    seal.update(piece.subarray(0, bytesRead))
    at += bytesRead
  }
  await file.read(piece, 0, sealLength, length)
  return piece.toString('latin1', 0, sealLength) === seal.digest('hex')
}

/** Removes files, the least recently used first, until `bytes` more fit under the limit. */
async function makeRoom(bytes: number): Promise<void> {
  if (!existsSync(folder())) return
  await removeAbandoned(folder())
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

function folder(): string {
  return dataFolder('features')
}

function pathOf(key: string): string {
  return join(folder(), `${key}.bin`)
}
