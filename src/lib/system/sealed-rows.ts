/**
 * Rows of equal length in a file, read by index: as many as the disk holds, none of them in memory. Where the disk
 * takes no more, they are in memory.
 *
 * A file holds the rows, then a seal: the SHA-256 of a key and the rows, as 64 hexadecimal digits. The key names
 * everything that decides the rows. A file with a wrong seal counts as missing.
 */
import { createHash } from 'node:crypto'
import { readSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LabError } from './errors'
import { requireFile, unreadable, writeFileAtomic } from './files'
import { removeAbandoned } from './replace'
import { tellUnwritten } from './unwritten'

/** How many rows, and how many bytes each. */
export interface RowShape {
  count: number
  width: number
}

const sealLength = 64
const megabyte = 1024 ** 2
/** Bytes of rows that are held in memory where the disk does not take them. */
const mostInMemory = 2048 * megabyte

const unclosed = new FinalizationRegistry<FileHandle>(file => void file.close())

/** Where rows are: an open file's descriptor, or memory. Plain data: other threads can read from it, too. */
export type RowSource = number | SharedArrayBuffer

/** An open file of rows whose seal was verified. `close()` closes it, and so does garbage collection. */
export class SealedRows {
  constructor(private readonly file: FileHandle | SharedArrayBuffer, readonly shape: RowShape) {
    if (!(file instanceof SharedArrayBuffer)) unclosed.register(this, file, this)
  }

  /** For `readRow`. */
  get source(): RowSource {
    return this.file instanceof SharedArrayBuffer ? this.file : this.file.fd
  }

  /** Reads all rows, one after the other: [count, width]. */
  async readAll(): Promise<Uint8Array> {
    const { file, shape: { count, width } } = this
    if (file instanceof SharedArrayBuffer) return new Uint8Array(file).slice()
    const rows = new Uint8Array(count * width)
    for (let offset = 0; offset < rows.length;) {
      const { bytesRead } = await file.read(rows, offset, Math.min(megabyte, rows.length - offset), offset)
        .catch((fault: unknown) => { throw unreadable(rowsFile, fault) })
      if (bytesRead === 0) throw cutShort()
      offset += bytesRead
    }
    return rows
  }

  async close(): Promise<void> {
    unclosed.unregister(this)
    if (!(this.file instanceof SharedArrayBuffer)) await this.file.close()
  }
}

/**
 * Reads one row.
 * @param source of open rows
 * @param width bytes of a row
 * @param bytes receives the row from `offset` on
 * @throws LabError 'data-missing' where the file can be read no more, or has become shorter since it was opened
 */
export function readRow(source: RowSource, width: number, index: number, bytes: Uint8Array, offset = 0): void {
  if (source instanceof SharedArrayBuffer) return bytes.set(new Uint8Array(source, index * width, width), offset)
  let bytesRead: number
  try {
    bytesRead = readSync(source, bytes, offset, width, index * width)
  } catch (fault) {
    throw unreadable(rowsFile, fault)
  }
  if (bytesRead !== width) throw cutShort()
}

/**
 * Opens the rows at a path; makes them where they are missing or damaged. Where the disk does not take them, this
 * process holds them in memory, up to 2 GiB, and says so.
 * @param rows makes all rows in order, in pieces: each piece is written before the next is asked for
 * @throws LabError 'write-failed' for more than 2 GiB that the disk does not take; any error of the rows' source
 */
export async function keepRows(
  path: string, key: string, shape: RowShape, rows: () => AsyncIterable<Uint8Array>,
): Promise<SealedRows> {
  return await openRows(path, key, shape) ?? makeRows(path, key, shape, rows)
}

/** Makes the rows as `keepRows` does, whether or not there are such. */
export async function makeRows(
  path: string, key: string, shape: RowShape, rows: () => AsyncIterable<Uint8Array>,
): Promise<SealedRows> {
  try {
    return await writeRows(path, key, shape, rows())
  } catch (fault) {
    const isUnwritten = fault instanceof LabError && (fault.code === 'write-failed' || fault.code === 'outside-folder')
    const inMemory = isUnwritten && shape.count * shape.width <= mostInMemory && await rowsInMemory(shape, rows())
    if (!inMemory) throw fault
    tellUnwritten(path, fault, 'It is in memory now, and computed again next time.')
    return inMemory
  }
}

/** The rows in memory; null where there are more or fewer than the shape says. */
async function rowsInMemory(shape: RowShape, rows: AsyncIterable<Uint8Array>): Promise<SealedRows | null> {
  const memory = new SharedArrayBuffer(shape.count * shape.width), bytes = new Uint8Array(memory)
  let filled = 0
  for await (const piece of rows) {
    if (filled + piece.length > bytes.length) return null
    bytes.set(piece, filled)
    filled += piece.length
  }
  return filled === bytes.length ? new SealedRows(memory, shape) : null
}

/**
 * Opens the rows at a path.
 * @returns null where the file is missing, cut short, damaged, unreadable, or has another key
 */
export async function openRows(path: string, key: string, shape: RowShape): Promise<SealedRows | null> {
  const file = await requireFile(path).then(() => open(path)).catch(() => null)
  if (!file) return null
  // What cannot be read is made again.
  if (await hasValidSeal(file, key, shape.count * shape.width).catch(() => false)) return new SealedRows(file, shape)
  await file.close()
  return null
}

/**
 * Writes rows, whole or not at all, and opens them.
 * @param rows all rows in order, in pieces: each piece is written before the next is asked for
 * @throws LabError 'write-failed'; any error of the rows' source
 */
async function writeRows(
  path: string, key: string, shape: RowShape, rows: AsyncIterable<Uint8Array>,
): Promise<SealedRows> {
  // Of other keys, too: nobody may ever write theirs again.
  await removeAbandoned(dirname(path)).catch(() => {})
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

/** What errors call a file that was opened long before it is read. */
const rowsFile = 'a file of pixels or features'

function cutShort(): LabError {
  return new LabError('data-missing', {
    expected: 'as many rows as the file held when it was opened', received: 'fewer: the file has become shorter',
    remedy: 'Run again: the rows will be computed anew',
  })
}
