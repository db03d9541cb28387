/**
 * Files: the library's only writer. A file is written whole or not at all, and only inside the
 * project or the system's temporary folder.
 */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync, realpathSync, statSync, type Stats } from 'node:fs'
import { lstat, mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { LabError } from './errors'
import { projectRoot } from './project-root'

let written = 0

/**
 * A path inside a folder, links followed.
 * @throws outside-folder if `name` is absolute, climbs out, or passes through a link that leads out
 */
export function insideFolder(folder: string, name: string): string {
  const path = resolve(folder, name)
  const inside = contains(resolve(folder), path) && contains(real(folder), real(path))
  if (isAbsolute(name) || name.includes('\0') || !inside)
    throw new LabError('outside-folder', {
      expected: `a path inside ${folder}`,
      received: JSON.stringify(name),
      remedy: 'Use a relative name without “..”, not through a link that leads elsewhere',
    })
  return path
}

/**
 * Writes a file whole or not at all: into a temporary file beside it, flushed to disk, then renamed.
 * Missing folders are made.
 * @param content all of it, or pieces, each written before the next is asked for
 * @throws outside-folder unless the path is in the project or the temporary folder; write-failed; whatever the pieces'
 *   source throws
 */
export async function writeFileAtomic(
  path: string, content: Uint8Array | string | AsyncIterable<Uint8Array>,
): Promise<void> {
  const temporary = temporaryBeside(path)
  await guarded(path, async () => {
    await mkdir(dirname(path), { recursive: true })
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
      await rm(temporary, { force: true })
      throw error
    }
  })
}

/** Writes a small file where there is none. @returns false where there is one */
export async function createFile(path: string, content: string): Promise<boolean> {
  return guarded(path, async () => {
    await mkdir(dirname(path), { recursive: true })
    try {
      await writeFile(path, content, { flag: 'wx' })
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw error
    }
  })
}

/**
 * Adds chunks to the end of a file as they come; what has arrived stays if the source fails.
 * @returns the file's length in bytes
 * @throws too-large once the file would pass `limit` bytes; whatever the source throws; write-failed
 */
export async function appendToFile(
  path: string, chunks: AsyncIterable<Uint8Array>, limit: number, onLength?: (length: number) => void,
): Promise<number> {
  const file = await guarded(path, async () => {
    await mkdir(dirname(path), { recursive: true })
    return open(path, 'a')
  })
  try {
    let { size } = await file.stat()
    for await (const chunk of chunks) {
      size += chunk.length
      if (size > limit) throw tooLarge(path, size, limit)
      await guarded(path, () => file.appendFile(chunk))
      onLength?.(size)
    }
    await file.sync()
    return size
  } finally {
    await file.close()
  }
}

/** Reads a file of at most `limit` bytes. @throws data-missing, too-large */
export async function readFileCapped(path: string, limit: number): Promise<Buffer> {
  checkSize(path, await stat(path).then(sizeOfFile, () => null), limit)
  return readable(path, () => readFile(path))
}

/**
 * Runs a read of a file, and turns the system's fault into ours.
 * @throws data-missing where nothing is there, or a folder, or what may not be read; what `read` throws else
 */
export async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!isSystemFault(error)) throw error
    const received = error.code === 'ENOENT' ? 'no file there' : error.message
    throw new LabError('data-missing', { expected: `a file ${path}`, received, remedy: 'Check the path' })
  }
}

/** The same without a wait: for threads that have nothing else to do. @throws data-missing, too-large */
export function readFileCappedSync(path: string, limit: number): Buffer {
  const found = statSync(path, { throwIfNoEntry: false })
  checkSize(path, found ? sizeOfFile(found) : null, limit)
  return readFileSync(path)
}

/**
 * A new, empty folder beside `path`, for what will become `path` by `replace`. Such folders that an
 * interrupted process left are removed; a folder that one had set aside is put back.
 */
export async function workFolder(path: string): Promise<string> {
  const folder = temporaryBeside(path)
  await guarded(folder, () => mkdir(folder, { recursive: true }))
  await putBack(path)
  await removeAbandoned(dirname(path), base => base === basename(path))
  return folder
}

/**
 * Removes from a folder what interrupted processes left there half-written.
 * @param wanted which, by the name that the file or folder was to have; default all
 */
export async function removeAbandoned(folder: string, wanted: (name: string) => boolean = () => true): Promise<void> {
  await guarded(folder, async () => {
    for (const name of await readdir(folder)) {
      const left = abandoned(name)
      if (!left || !wanted(left.base)) continue
      // What was set aside is the only one as long as nothing is in its place.
      if (left.kind === 'old' && !existsSync(join(folder, left.base))) continue
      await rm(join(folder, name), { recursive: true, force: true })
    }
  })
}

/** Puts a folder back that an interrupted `replace` had set aside. Nothing happens where one is in its place. */
export async function putBack(path: string): Promise<void> {
  if (existsSync(path)) return
  const names = await readdir(dirname(path)).catch(() => [])
  const name = names.find(one => {
    const left = abandoned(one)
    return left?.kind === 'old' && left.base === basename(path)
  })
  if (name) await guarded(path, () => rename(join(dirname(path), name), path))
}

/** Marks a file as used now. */
export async function touch(path: string): Promise<void> {
  await guarded(path, () => utimes(path, new Date(), new Date()))
}

/**
 * Puts the file `from` in the place of the file `to`, or a folder in that of a folder; `to` may exist, both are on one
 * file system. Where it fails, `to` is what it was.
 */
export async function replace(from: string, to: string): Promise<void> {
  await guarded(to, async () => {
    const there = await lstat(to).catch(() => null)
    const folder = (await lstat(from)).isDirectory()
    // One step, and safe at every moment. Only a folder with something in it cannot be renamed over.
    if (!folder || !there || there.isFile()) return rename(from, to)
    const old = temporaryBeside(to, 'old')
    await rename(to, old)
    try {
      await rename(from, to)
    } catch (error) {
      await rename(old, to)
      throw error
    }
    await rm(old, { recursive: true, force: true })
  })
}

/** Removes a file or folder with all it holds; nothing happens if it is not there. */
export async function remove(path: string): Promise<void> {
  await guarded(path, () => rm(path, { recursive: true, force: true }))
}

/** SHA-256 as 64 hexadecimal digits. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** SHA-256 of a file of any size, as 64 hexadecimal digits; or MD5, where its publisher gives no other. */
export async function hashFile(path: string, algorithm: 'sha256' | 'md5' = 'sha256'): Promise<string> {
  const hash = createHash(algorithm)
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** Runs a write after checking where it goes, and turns the system's fault into ours. */
async function guarded<T>(path: string, write: () => Promise<T>): Promise<T> {
  const target = real(path)
  if (![projectRoot, tmpdir()].some(folder => contains(real(folder), target)))
    throw new LabError('outside-folder', {
      expected: 'a path inside the project or the temporary folder',
      received: path,
      remedy: 'Write inside the project’s folder',
    })
  try {
    return await write()
  } catch (error) {
    if (!isSystemFault(error)) throw error
    throw new LabError('write-failed', {
      expected: `to write ${path}`,
      received: error.message,
      remedy: 'Check free space and permissions',
    })
  }
}

function isSystemFault(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'errno' in error
}

/** The path with links followed as far as it exists. */
function real(path: string): string {
  const full = resolve(path)
  try {
    return realpathSync(full)
  } catch {
    return dirname(full) === full ? full : join(real(dirname(full)), basename(full))
  }
}

function contains(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way)
}

/** @param kind 'tmp': half-written, worth nothing by itself; 'old': whole, and set aside */
function temporaryBeside(path: string, kind: 'tmp' | 'old' = 'tmp'): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}-${written++}.${kind}`)
}

/** What `temporaryBeside` called so, if the process that did is gone; `base` is the name that it stands for. */
function abandoned(name: string): { base: string; kind: string } | null {
  const [, base, id, kind] = /^\.(.+)\.(\d+)-\d+\.(tmp|old)$/.exec(name) ?? []
  return base && !runs(Number(id)) ? { base, kind } : null
}

/** Whether a process is there: signal 0 only asks. */
export function runs(id: number): boolean {
  try {
    return process.kill(id, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Null for folders and whatever else is no file. */
function sizeOfFile(found: Stats): number | null {
  return found.isFile() ? found.size : null
}

function checkSize(path: string, size: number | null, limit: number): void {
  if (size === null)
    throw new LabError('data-missing', {
      expected: `a file ${path}`, received: 'no file there', remedy: 'Check the path',
    })
  if (size > limit) throw tooLarge(path, size, limit)
}

function tooLarge(path: string, size: number, limit: number): LabError {
  return new LabError('too-large', {
    expected: `${path} of at most ${limit} bytes`,
    received: `${size} bytes`,
    remedy: 'Check that it is the file you meant',
  })
}
