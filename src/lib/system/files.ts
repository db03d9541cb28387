/** Reading files up to a limit, and writing them whole or not at all, inside the project or the temporary folder. */
import { existsSync, readdirSync, readFileSync, statSync, type Stats } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { LabError } from './errors'
import { mostAlike } from './nearest.mjs'
import { removeAbandoned } from './replace'
import { guardedWrite, isSystemError, refused } from './safe-path'
import { isInWorkFolder, temporaryBeside } from './temporary-names'

/**
 * Writes a file whole or not at all: into a temporary file beside it, flushed to disk, then renamed. Missing folders
 * are made. What interrupted processes left of the same file is removed.
 * @param content all of it, or pieces, each written before the next is asked for
 * @throws LabError 'outside-folder' unless the path is in the project or the temporary folder; 'write-failed'; any
 *   error of the pieces' source
 */
export async function writeFileAtomic(
  path: string, content: Uint8Array | string | AsyncIterable<Uint8Array>,
): Promise<void> {
  const temporary = temporaryBeside(path)
  await guardedWrite(path, async () => {
    await mkdir(dirname(path), { recursive: true })
    // Work folders are new, and may hold many files.
    if (!isInWorkFolder(path)) await removeAbandoned(dirname(path), name => name === basename(path)).catch(() => {})
    try {
      const file = await open(temporary, 'wx')
      try {
        await writeFile(file, content)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(temporary, path)
    } catch (error) {
      // If that fails, too, the next process that writes the file removes it.
      await rm(temporary, { force: true }).catch(() => {})
      throw error
    }
  })
}

/**
 * Adds chunks to the end of a file as they arrive. If the source fails, the chunks that arrived stay in the file.
 * @returns the file's length in bytes
 * @throws LabError 'too-large' before the file would exceed `limit` bytes; 'write-failed'; any error of the source
 */
export async function appendToFile(
  path: string, chunks: AsyncIterable<Uint8Array>, limit: number, onLength?: (length: number) => void,
): Promise<number> {
  await makeFolder(dirname(path))
  const file = await guardedWrite(path, () => open(path, 'a'))
  try {
    let { size } = await guardedWrite(path, () => file.stat())
    for await (const chunk of chunks) {
      size += chunk.length
      if (size > limit) throw tooLarge(path, size, limit)
      await guardedWrite(path, () => file.appendFile(chunk))
      onLength?.(size)
    }
    await guardedWrite(path, () => file.sync())
    return size
  } finally {
    await guardedWrite(path, () => file.close())
  }
}

/** Makes a folder and those around it where they are missing. @throws LabError 'outside-folder', 'write-failed' */
export async function makeFolder(path: string): Promise<void> {
  await guardedWrite(path, () => mkdir(path, { recursive: true }))
}

/** Marks a file as used now. */
export async function touch(path: string): Promise<void> {
  await guardedWrite(path, () => utimes(path, new Date(), new Date()))
}

/** Removes a file or folder with all its content. Nothing happens if the path does not exist. */
export async function remove(path: string): Promise<void> {
  await guardedWrite(path, () => rm(path, { recursive: true, force: true }))
}

/**
 * Requires a path to lead to a file. Opening a pipe would wait for ever, and reading a device never end.
 * @returns its length in bytes
 * @throws LabError 'data-missing' for a path that leads nowhere, to a folder, a pipe, a socket or a device
 */
export async function requireFile(path: string, what?: string): Promise<number> {
  return readable(path, async () => {
    const found = await stat(path)
    checkSize(path, found, Infinity)
    return found.size
  }, what)
}

/** Reads a file of at most `limit` bytes. @throws LabError 'data-missing', 'too-large' */
export async function readFileCapped(path: string, limit: number): Promise<Buffer> {
  return readable(path, async () => {
    const found = await stat(path)
    checkSize(path, found, limit)
    // What says that it is empty may still give bytes without end, as some files of /proc do.
    return found.size === 0 ? Buffer.alloc(0) : readFile(path)
  })
}

/**
 * Reads a file as {@link readFileCapped} does, but blocks the thread: for threads that have nothing else to do.
 * @throws LabError 'data-missing', 'too-large'
 */
export function readFileCappedSync(path: string, limit: number): Buffer {
  try {
    const found = statSync(path)
    checkSize(path, found, limit)
    return found.size === 0 ? Buffer.alloc(0) : readFileSync(path)
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** Reads a file's first bytes, fewer where it is shorter; none where it may not be read. */
export async function readStart(path: string, length: number): Promise<Uint8Array> {
  const file = await requireFile(path).then(() => open(path)).catch(() => null)
  if (!file) return new Uint8Array()
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/**
 * Runs a read of a file.
 * @param what is expected there; default: a file of this path
 * @throws LabError 'data-missing' in place of a system error: the file is missing, is a folder, or may not be read; any
 *   other error of `read`
 */
export async function readable<T>(path: string, read: () => Promise<T>, what?: string): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw unreadable(path, error, what)
  }
}

/** A system error of a read as a LabError; any other error as it is. */
export function unreadable(path: string, error: unknown, what?: string): unknown {
  const isMissing = isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
  return isMissing ? notThere(path, what) : refused('data-missing', path, error)
}

/**
 * The error for a path that leads nowhere. It names what in the folder is most like it.
 * @param what was expected there
 */
export function notThere(path: string, what = `a file ${path}`): LabError {
  let folder = dirname(resolve(path)), name = basename(resolve(path))
  for (; !existsSync(folder); folder = dirname(folder)) name = basename(folder)
  const like = mostAlike(name, statSync(folder).isDirectory() ? namesIn(folder) : [])
  const where = like ? `: ${folder} holds ${like}` : folder === dirname(resolve(path)) ? '' : `: ${folder} holds no ${name}`
  return new LabError('data-missing', { expected: what, received: 'nothing there', remedy: `Check the path${where}` })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).slice(0, 10_000)
  } catch {
    return []
  }
}

function checkSize(path: string, found: Stats, limit: number): void {
  if (!found.isFile())
    throw new LabError('data-missing', {
      expected: `a file ${path}`, received: found.isDirectory() ? 'a folder' : 'no file', remedy: 'Check the path',
    })
  if (found.size > limit) throw tooLarge(path, found.size, limit)
}

function tooLarge(path: string, size: number, limit: number): LabError {
  return new LabError('too-large', {
    expected: `${path} of at most ${limit} bytes`,
    received: `${size} bytes`,
    remedy: 'Check that it is the file you meant',
  })
}
