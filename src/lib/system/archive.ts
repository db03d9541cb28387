/** Reading zip archives from sources that are not trusted. */
import { open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import * as yauzl from 'yauzl'
import { LabError } from './errors'
import { readable, requireFile, unreadable } from './files'
import { isSystemError } from './safe-path'

/** Limits on an archive; the defaults leave room for every archive of images. */
export interface ArchiveLimits {
  /** Files in the archive. Default 100,000. */
  entries?: number
  /** Bytes of one file, unpacked. Default 64 MiB. */
  entryBytes?: number
  /** Bytes of all files together, unpacked. Default 8 GiB. */
  totalBytes?: number
  /** Unpacked size divided by packed size, of one file and of all. Default 200; deflate reaches at most 1,032. */
  ratio?: number
}

/** A file of an archive or a folder, not yet read. */
export interface SourceFile {
  /** A relative path with forward slashes, without '..'. */
  name: string
  /** Bytes, unpacked. */
  size: number
  /** Reads the file's bytes. Call it before asking for the next file. */
  read(): Promise<Uint8Array>
  /** The file's bytes in pieces, for files too large for the memory; absent in a folder. */
  pieces?(): AsyncIterable<Uint8Array>
}

const mebibyte = 1024 * 1024

/**
 * Lists the files of a zip archive, one after another, and writes nothing. Names that lead out of a folder, links,
 * encrypted files and files beyond the limits end the reading.
 * @throws LabError 'bad-archive' if the file is no zip, cut short, damaged or dangerous; 'too-large'; 'data-missing'
 * @example for await (const file of archiveFiles('set.zip')) console.log(file.name, file.size)
 */
export async function* archiveFiles(path: string, limits: ArchiveLimits = {}): AsyncGenerator<SourceFile> {
  const { entries = 100_000, entryBytes = 64 * mebibyte, totalBytes = 8192 * mebibyte, ratio = 200 } = limits
  const zip = await openZip(path)
  try {
    if (zip.entryCount > entries) throw tooLarge(path, `at most ${entries} files`, `${zip.entryCount}`)
    let total = 0, packed = 0
    for await (const entry of entriesOf(zip, path)) {
      const { fileName, uncompressedSize, compressedSize } = entry
      if (fileName.endsWith('/')) continue
      refuseDangerous(path, entry)
      total += uncompressedSize
      packed += compressedSize
      // Files that lie in one another let a small archive hold more than a disk.
      if (packed > zip.fileSize) throw damaged(path, 'files that lie in one another')
      if (total > mebibyte + ratio * zip.fileSize)
        throw tooLarge(path, `files that unpack to at most ${ratio} times the archive's size`, `at least ${total} bytes`)
      if (uncompressedSize > entryBytes) throw tooLarge(path, `files of at most ${entryBytes} bytes`, sizes(entry))
      if (total > totalBytes) throw tooLarge(path, `at most ${totalBytes} bytes unpacked`, `at least ${total}`)
      if (uncompressedSize > mebibyte && uncompressedSize > ratio * compressedSize)
        throw tooLarge(path, `files that unpack to at most ${ratio} times their size`, sizes(entry))
      const pieces = () => unpack(zip, entry, path)
      yield { name: fileName, size: uncompressedSize, pieces, read: () => joined(pieces()) }
    }
  } finally {
    zip.close()
  }
}

async function openZip(path: string): Promise<yauzl.ZipFile> {
  await requireFile(path, `an archive ${path}`)
  const openArchive = promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)
  try {
    return await openArchive(path, { lazyEntries: true, autoClose: false })
  } catch (error) {
    if (isSystemError(error)) throw unreadable(path, error, `an archive ${path}`)
    throw noZip(path, await firstBytes(path)) ?? damaged(path, error)
  }
}

/** Bytes of files that are no zip archives, what they are, and where the bytes lie if not at the start. */
const signs: readonly (readonly [bytes: string, kind: string, offset?: number])[] = [
  ['\x1f\x8b', 'a gzip file'], ['Rar!', 'a RAR archive'], ['7z\xbc\xaf', 'a 7z archive'], ['BZh', 'a bzip2 file'],
  ['\xfd7zXZ', 'an xz file'], ['ustar', 'a tar archive', 257], ['\x89PNG', 'an image'], ['\xff\xd8\xff', 'an image'],
  ['GIF8', 'an image'], ['BM', 'an image'], ['II*', 'an image'], ['MM\0*', 'an image'], ['DICM', 'an image', 128],
]

/** The error for a file that never was a zip archive; null for one that may have been. */
function noZip(path: string, start: string): LabError | null {
  if (start.startsWith('PK')) return null
  const sign = signs.find(([bytes, , offset = 0]) => start.startsWith(bytes, offset))
  const kind = sign?.[1] ?? (start ? 'a file of another kind' : 'an empty file')
  return new LabError('bad-archive', {
    expected: `${path} to be a zip archive`, received: kind,
    remedy: kind === 'an image' ? 'Name the folder around it' : 'Name a zip archive, or unpack it and name the folder',
  })
}

function firstBytes(path: string, position = 0): Promise<string> {
  return readable(path, async () => {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, position)
      return buffer.toString('latin1', 0, bytesRead)
    } finally {
      await file.close()
    }
  }, `an archive ${path}`)
}

async function* entriesOf(zip: yauzl.ZipFile, path: string): AsyncGenerator<yauzl.Entry> {
  for (;;) {
    const entry = await new Promise<yauzl.Entry | null>((resolve, reject) => {
      zip.removeAllListeners()
      zip.once('entry', resolve)
      zip.once('end', () => resolve(null))
      zip.once('error', error => reject(damaged(path, error)))
      zip.readEntry()
    })
    if (!entry) return requireEnd(zip, path)
    yield entry
  }
}

/** Old programs count files in 16 bits: of 65,537 they name one, and the others would be left out without a word. */
async function requireEnd(zip: yauzl.ZipFile, path: string): Promise<void> {
  if ((await firstBytes(path, zip.readEntryCursor as unknown as number)).startsWith('PK\x01\x02'))
    throw damaged(path, `more files than the ${zip.entryCount} that its directory counts`)
}

/** yauzl refuses absolute names and '..' by itself; this function refuses links and encrypted files. */
function refuseDangerous(path: string, entry: yauzl.Entry): void {
  const type = (entry.externalFileAttributes >>> 16) & 0o170000
  const unsafe = type === 0o120000 ? 'a link' : entry.isEncrypted() ? 'an encrypted file' : null
  if (unsafe) throw damaged(path, `${unsafe}, ${JSON.stringify(entry.fileName)}`)
}

async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}

async function* unpack(zip: yauzl.ZipFile, entry: yauzl.Entry, path: string): AsyncGenerator<Uint8Array> {
  const openStream = promisify<yauzl.Entry, NodeJS.ReadableStream>(zip.openReadStream.bind(zip))
  try {
    let checksum = 0
    // yauzl ends the stream with an error once it exceeds the size that the entry declares.
    for await (const piece of await openStream(entry)) {
      checksum = crc32(piece as unknown as Uint8Array, checksum)
      yield piece as unknown as Uint8Array
    }
    if (checksum !== entry.crc32) throw new Error('checksum does not match')
  } catch (error) {
    throw damaged(path, `${JSON.stringify(entry.fileName)}: ${message(error)}`)
  }
}

function sizes({ fileName, compressedSize, uncompressedSize }: yauzl.Entry): string {
  return `${JSON.stringify(fileName)}, ${uncompressedSize} bytes from ${compressedSize}`
}

function damaged(path: string, cause: unknown): LabError {
  return new LabError('bad-archive', {
    expected: `${path} to be a whole, safe zip archive`,
    received: message(cause),
    remedy: 'Get the archive again; it may have been cut short',
  })
}

function tooLarge(path: string, expected: string, received: string): LabError {
  return new LabError('too-large', {
    expected: `${expected} in ${path}`, received, remedy: 'Check that it is the archive you meant',
  })
}

function message(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
