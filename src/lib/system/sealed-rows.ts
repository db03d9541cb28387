/**
 * Rows of equal length in a file, read by index: as many as the disk holds, none of them in memory.
 *
 * A file holds the rows, then a seal: the SHA-256 of a key and the rows, as 64 hexadecimal digits. The key names
 * everything that decides the rows. A file with a wrong seal counts as missing.
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

const unclosed = new FinalizationRegistry<FileHandle>(file => void file.close())

/** An open file of rows whose seal was verified. `close()` closes it, and so does garbage collection. */
export class SealedRows {
  constructor(private readonly file: FileHandle, readonly shape: RowShape) {
    unclosed.register(this, file, this)
  }

  /** The open file's descriptor, for `readRow`; other threads can use it, too. */
  get descriptor(): number {
    return this.file.fd
  }

  /** Reads all rows, one after the other: [count, width]. */
  async readAll(): Promise<Uint8Array> {
    const { count, width } = this.shape
    const rows = new Uint8Array(count * width)
    for (let offset = 0; offset < rows.length;) {
      const { bytesRead } = await this.file.read(rows, offset, Math.min(megabyte, rows.length - offset), offset)
      if (bytesRead === 0) throw cutShort()
      offset += bytesRead
    }
    return rows
  }

  close(): Promise<void> {
    unclosed.unregister(this)
    return this.file.close()
  }
}

/**
 * Reads one row.
 * @param descriptor of an open file of rows
 * @param width bytes of a row
 * @param bytes receives the row from `offset` on
 * @throws LabError 'data-missing' where the file has become shorter since it was opened
 */
export function readRow(descriptor: number, width: number, index: number, bytes: Uint8Array, offset = 0): void {
  if (readSync(descriptor, bytes, offset, width, index * width) !== width) throw cutShort()
}

/** Opens the rows at a path. @returns null where the file is missing, cut short, damaged, or has another key */
export async function openRows(path: string, key: string, shape: RowShape): Promise<SealedRows | null> {
  const file = await open(path).catch(() => null)
  if (!file) return null
  if (await hasValidSeal(file, key, shape.count * shape.width)) return new SealedRows(file, shape)
  await file.close()
  return null
}

/**
 * Writes rows, whole or not at all, and opens them.
 * @param rows all rows in order, in pieces: each piece is written before the next is asked for
 * @throws LabError 'write-failed'; any error of the rows' source
 */
export async function writeRows(
  path: string, key: string, shape: RowShape, rows: AsyncIterable<Uint8Array>,
): Promise<SealedRows> {
  if (existsSync(dirname(path))) await removeAbandoned(dirname(path))
  await writeFileAtomic(path, sealed(key, rows))
  const written = await openRows(path, key, shape)
  if (written) return written
  throw new LabError('write-failed', {
    expected: `to read back the rows written to ${path}`, received: 'other bytes, or none',
    remedy: 'Check the disk',
  })
}

async function* sealed(key: string, rows: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const seal = createHash('sha256').update(key)
  for await (const piece of rows) {
    seal.update(piece)
    yield piece
  }
  yield Buffer.from(seal.digest('hex'))
}

async function hasValidSeal(file: FileHandle, key: string, length: number): Promise<boolean> {
  if ((await file.stat()).size !== length + sealLength) return false
  const seal = createHash('sha256').update(key)
  const buffer = Buffer.alloc(megabyte)
  for (let offset = 0; offset < length;) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(megabyte, length - offset), offset)
    if (bytesRead === 0) return false
    seal.update(buffer.subarray(0, bytesRead))
    offset += bytesRead
  }
  await file.read(buffer, 0, sealLength, length)
  return buffer.toString('latin1', 0, sealLength) === seal.digest('hex')
}

function cutShort(): LabError {
  return new LabError('data-missing', {
    expected: 'as many rows as the file held when it was opened', received: 'fewer: the file has become shorter',
    remedy: 'Run again: the rows will be computed anew',
  })
}
