/**
 * Rows of equal length in a file, read by place: as many as the disk holds, none of them in memory.
 *
 * A file is the rows, then a seal: the SHA-256 of a key and the rows, as 64 hexadecimal digits. The key names all that
 * decides the rows. A file whose seal does not hold counts as missing.
 */
import { createHash } from 'node:crypto'
import { existsSync, readSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LabError } from './errors'
import { writeFileAtomic } from './files'
import { removeAbandoned } from './replace'

/** How many rows, and how many bytes each. */
export interface RowShape {
  count: number
  width: number
}

const sealLength = 64
const megabyte = 1024 ** 2

const forgotten = new FinalizationRegistry<FileHandle>(file => void file.close())

/** Rows found whole and unchanged. Their file is held open until they are closed, or until nobody has them any more. */
export class SealedRows {
  constructor(private readonly file: FileHandle, readonly shape: RowShape) {
    forgotten.register(this, file, this)
  }

  /** The open file's number: `readRow` takes it, in other threads too. */
  get descriptor(): number {
    return this.file.fd
  }

  /** Every row, one after the other. */
  async readAll(): Promise<Uint8Array> {
    const { count, width } = this.shape
    const rows = new Uint8Array(count * width)
    for (let at = 0; at < rows.length;) {
      const { bytesRead } = await this.file.read(rows, at, Math.min(megabyte, rows.length - at), at)
      if (bytesRead === 0) throw cutShort()
      at += bytesRead
    }
    return rows
  }

  close(): Promise<void> {
    forgotten.unregister(this)
    return this.file.close()
  }
}

/**
 * Reads one row into `bytes` from byte `at` on.
 * @param descriptor of an open file of rows
 * @throws LabError 'data-missing' where the file was cut meanwhile
 */
export function readRow(descriptor: number, width: number, place: number, bytes: Uint8Array, at = 0): void {
  if (readSync(descriptor, bytes, at, width, place * width) !== width) throw cutShort()
}

/** The rows at a path; null where they are missing, cut short, damaged, or another key's. */
export async function openRows(path: string, key: string, shape: RowShape): Promise<SealedRows | null> {
  const file = await open(path).catch(() => null)
  if (!file) return null
  if (await sealHolds(file, key, shape.count * shape.width)) return new SealedRows(file, shape)
  await file.close()
  return null
}

/**
 * Writes rows, whole or not at all, and opens them.
 * @param rows all of them in order, some at a time: each piece is written before the next is asked for
 * @throws LabError 'write-failed'; whatever the rows' source throws
 */
export async function writeRows(
  path: string, key: string, shape: RowShape, rows: AsyncIterable<Uint8Array>,
): Promise<SealedRows> {
  if (existsSync(dirname(path))) await removeAbandoned(dirname(path))
  await writeFileAtomic(path, sealed(key, rows))
  const written = await openRows(path, key, shape)
  if (written) return written
  throw new LabError('write-failed', {
    expected: `to read back what was written to ${path}`, received: 'something else, or nothing',
    remedy: 'Check the disk',
  })
}

async function* sealed(key: string, rows: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const seal = createHash('sha256').update(key)
  for await (const some of rows) {
    seal.update(some)
    yield some
  }
  yield Buffer.from(seal.digest('hex'))
}

async function sealHolds(file: FileHandle, key: string, length: number): Promise<boolean> {
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

function cutShort(): LabError {
  return new LabError('data-missing', {
    expected: 'as many rows as the file held when it was opened', received: 'fewer: it was cut meanwhile',
    remedy: 'Run again: they will be computed anew',
  })
}
