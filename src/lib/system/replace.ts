/**
 * Replacing a file or folder as a whole. If replacing fails, the old one is kept. Half-written
 * files of an interrupted process are recognized by their names, and a later process removes them.
 */
import { renameSync } from 'node:fs'
import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isThere } from './is-there'
import { lockHolder, withLock } from './lock.mjs'
import { guardedWrite, isSystemError, refused } from './safe-path'
import { abandoned, nameSetAside, temporaryBeside } from './temporary-names'

/** So many times in a row nobody makes a folder again that is moved out of the way. */
const mostMoves = 20

/** The file that whoever replaces what lies at `path` holds as a lock. */
function lockBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.lock`)
}

/**
 * Runs work that replaces a file or folder, while no other process or call does so under this path: a folder is moved
 * in two steps, and what one looked at before must still be there.
 * @param purpose completes the sentence “process 4711 is …” for whoever waits
 * @param mark a path that only a whole folder has. Default: the folder itself
 */
export async function replaceAlone<T>(
  path: string, purpose: string, work: () => Promise<T>, mark = path,
): Promise<T> {
  const lock = lockBeside(path)
  // Nobody else replaces it now: a folder that is set aside was left so.
  const alone = () => restoreAlone(path, mark).then(work)
  // A fault of the work is not one of the lock.
  const ended = await guardedWrite(path, () => guardedWrite(lock, () => withLock(lock, () => alone().then(
    result => ({ result }), (fault: unknown) => ({ fault })), { onBusy: 'wait', purpose })))
  if ('fault' in ended) throw ended.fault
  return ended.result
}

/**
 * Makes an empty folder beside `path`, for content that `replace` then moves to `path`. Such folders of interrupted
 * processes are removed; a folder that an interrupted process had set aside is put back.
 * @returns the new folder's path
 */
export async function workFolder(path: string): Promise<string> {
  await putBack(path)
  const folder = temporaryBeside(path)
  await guardedWrite(folder, () => mkdir(folder, { recursive: true }))
  // What cannot be removed now must not stop the work: the next one tries again.
  await removeAbandoned(dirname(path), base => base === basename(path)).catch(() => {})
  return folder
}

/**
 * Writes a folder whole or not at all: `fill` fills an empty one, which then replaces the folder at `path`. If that
 * fails, what lay there is kept.
 * @returns what `fill` returns
 * @throws whatever `fill` throws; LabError 'write-failed'
 */
export async function replaceFolder<T>(path: string, fill: (folder: string) => Promise<T>): Promise<T> {
  const folder = await workFolder(path)
  try {
    const result = await fill(folder)
    await replace(folder, path)
    return result
  } catch (fault) {
    await rm(folder, { recursive: true, force: true }).catch(() => {})
    throw fault
  }
}

/**
 * Replaces the file `to` by the file `from`, or the folder `to` by the folder `from`. `to` may exist; both must be on
 * one file system. If replacing fails, `to` keeps its content.
 */
export async function replace(from: string, to: string): Promise<void> {
  await guardedWrite(to, async () => {
    const existing = await lstat(to).catch((fault: NodeJS.ErrnoException) => {
      if (fault.code !== 'ENOENT') throw fault
      return null
    })
    const isFolder = (await lstat(from)).isDirectory()
    // A rename is one step, safe at every moment, but it cannot replace a folder that has content.
    if (!isFolder || !existing || existing.isFile()) return rename(from, to)
    const old = temporaryBeside(to, 'old')
    // One right after the other, because in between nothing lies there.
    renameSync(to, old)
    try {
      moveFolder(from, to)
    } catch (error) {
      moveFolder(old, to)
      throw error
    }
    // The new one is in its place. What cannot be removed now is removed the next time.
    await rm(old, { recursive: true, force: true }).catch(() => {})
  })
}

/**
 * Moves a folder to a path where nothing lies. Whoever stores a cache in the folder that lay there may make a folder
 * there again, at that moment: it is moved out of the way, and a later process removes it.
 */
function moveFolder(from: string, to: string): void {
  for (let tries = 1; ; tries++)
    try {
      return renameSync(from, to)
    } catch (fault) {
      const isOccupied = isSystemError(fault) && (fault.code === 'ENOTEMPTY' || fault.code === 'EEXIST')
      if (!isOccupied || tries === mostMoves) throw fault
      renameSync(to, temporaryBeside(to))
    }
}

/**
 * Moves a file within its folder, in one step. A link under the new name is replaced, never followed: the folder
 * counts, not where a link in it leads.
 */
export async function renameFile(from: string, to: string): Promise<void> {
  await guardedWrite(dirname(to), () => rename(from, to))
}

/**
 * Moves what lies at a path aside, then removes it. A link is moved and removed, wherever it leads. What cannot be
 * removed now is removed by a later process.
 */
export async function discard(path: string): Promise<void> {
  const aside = temporaryBeside(path)
  await renameFile(path, aside).then(() => rm(aside, { recursive: true, force: true })).catch(() => {})
}

/**
 * Puts a folder back that an interrupted `replace` had set aside, unless somebody is replacing it now. Nothing happens
 * if the mark exists.
 * @param mark a path that only a whole folder has. Default: the folder itself
 */
export async function putBack(path: string, mark = path): Promise<void> {
  if (isThere(mark) || replacerOf(path) !== null) return
  if (isThere(path) && await isSetAside(path)) await replaceAlone(path, `putting back ${path}`, async () => {}, mark)
  else await restore(path)
}

/** Whether a folder is set aside, by a process that is replacing it or was interrupted while it did. */
export async function isSetAside(path: string): Promise<boolean> {
  return (await setAside(path)).length > 0
}

/** The names under which a folder is set aside. */
async function setAside(path: string): Promise<string[]> {
  const names = await readdir(dirname(path)).catch(() => [])
  return names.filter(name => nameSetAside(name) === basename(path))
}

/**
 * The number of the living process that replaces what lies at a path; null where none does.
 * @throws LabError 'data-missing' where its lock cannot be read
 */
export function replacerOf(path: string): number | null {
  const lock = lockBeside(path)
  try {
    return lockHolder(lock)
  } catch (error) {
    // Where a file lies in the folder's place, there is no lock.
    if (isSystemError(error) && error.code === 'ENOTDIR') return null
    throw refused('data-missing', lock, error)
  }
}

/** Puts a folder back while nobody else may. What lies there without the mark was stored in its place meanwhile. */
async function restoreAlone(path: string, mark: string): Promise<void> {
  if (!isThere(mark) && isThere(path) && await isSetAside(path)) await discard(path)
  await restore(path)
}

/** Puts the folder back that was set aside last. */
async function restore(path: string): Promise<void> {
  if (isThere(path)) return
  const folder = dirname(path)
  const left = (await setAside(path)).filter(name => {
    const { base, kind } = abandoned(name) ?? {}
    return base === basename(path) && kind === 'old'
  })
  const times = await Promise.all(left.map(name => ageOf(join(folder, name))))
  const last = left[times.indexOf(Math.min(...times))]
  if (last === undefined) return
  await guardedWrite(path, () => rename(join(folder, last), path).catch((fault: unknown) => {
    // Another process has just done so.
    if (!isThere(path)) throw fault
  }))
}

/**
 * Removes the half-written files and folders of interrupted processes from a folder. Those of which nobody can tell
 * whether their process has ended are removed after a day.
 * @param concerns which of them to remove, by the name that the file or folder was to have; default all
 */
export async function removeAbandoned(folder: string, concerns: (name: string) => boolean = () => true): Promise<void> {
  await guardedWrite(folder, async () => {
    for (const name of await readdir(folder)) {
      const left = abandoned(name)
      if (!left || !concerns(left.base)) continue
      // The set-aside folder is the only copy until the new one is in place.
      if (left.kind === 'old' && !isThere(join(folder, left.base))) continue
      if (!left.hasEnded && await ageOf(join(folder, name)) < 24 * 60 * 60_000) continue
      await rm(join(folder, name), { recursive: true, force: true })
    }
  })
}

/** Milliseconds since something was renamed or changed; infinitely many where it is gone. */
async function ageOf(path: string): Promise<number> {
  return lstat(path).then(({ ctimeMs }) => Math.abs(Date.now() - ctimeMs), () => Infinity)
}
