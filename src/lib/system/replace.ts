/**
 * Replacing a file or folder as a whole. If replacing fails, the old one is kept. Half-written
 * files of an interrupted process are recognized by their names, and a later process removes them.
 */
import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join, sep } from 'node:path'
import { isThere } from './is-there'
import { withLock } from './lock.mjs'
import { isRunning } from './processes.mjs'
import { guardedWrite } from './safe-path'

let temporaryNames = 0

/**
 * A new name beside `path`, hidden, which names this process and this machine: a folder may be shared by several.
 * @param kind 'tmp': for something half-written, worth nothing by itself; 'old': for something whole, set aside
 */
export function temporaryBeside(path: string, kind: 'tmp' | 'old' = 'tmp'): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}-${temporaryNames++}@${hostname()}.${kind}`)
}

/**
 * Runs work that replaces a file or folder, while no other process or call does so under this path: a folder is moved
 * in two steps, and what one looked at before must still be there.
 * @param purpose completes the sentence “process 4711 is …” for whoever waits
 */
export async function replaceAlone<T>(path: string, purpose: string, work: () => Promise<T>): Promise<T> {
  const lock = join(dirname(path), `.${basename(path)}.lock`)
  // A fault of the work is not one of the lock.
  const ended = await guardedWrite(path, () => guardedWrite(lock, () => withLock(lock, () => work().then(
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
    await rename(to, old)
    try {
      await rename(from, to)
    } catch (error) {
      await rename(old, to)
      throw error
    }
    // The new one is in its place. What cannot be removed now is removed the next time.
    await rm(old, { recursive: true, force: true }).catch(() => {})
  })
}

/** Whether a path lies in a folder that `workFolder` made. */
export function isInWorkFolder(path: string): boolean {
  return dirname(path).split(sep).some(name => /^\..+\.\d+-\d+@.+\.tmp$/.test(name))
}

/** Puts a folder back that an interrupted `replace` had set aside. Nothing happens if the path exists. */
export async function putBack(path: string): Promise<void> {
  if (isThere(path)) return
  const names = await readdir(dirname(path)).catch(() => [])
  const name = names.find(candidate => {
    const left = abandoned(candidate)
    return left?.kind === 'old' && left.base === basename(path)
  })
  if (name) await guardedWrite(path, () => rename(join(dirname(path), name), path))
}

/**
 * Removes the half-written files and folders of interrupted processes from a folder.
 * @param concerns which of them to remove, by the name that the file or folder was to have; default all
 */
export async function removeAbandoned(folder: string, concerns: (name: string) => boolean = () => true): Promise<void> {
  await guardedWrite(folder, async () => {
    for (const name of await readdir(folder)) {
      const left = abandoned(name)
      if (!left || !concerns(left.base)) continue
      // The set-aside folder is the only copy until the new one is in place.
      if (left.kind === 'old' && !isThere(join(folder, left.base))) continue
      await rm(join(folder, name), { recursive: true, force: true })
    }
  })
}

/**
 * The parts of a name that `temporaryBeside` made in a process that has ended; null for any other name. Whether a
 * process of another machine has ended is not known. Names of earlier versions name no machine: they are this one's.
 */
function abandoned(name: string): { base: string; kind: string } | null {
  const [, base, id, host = hostname(), kind] = /^\.(.+)\.(\d+)-\d+(?:@(.+))?\.(tmp|old)$/.exec(name) ?? []
  return base && host === hostname() && !isRunning(Number(id)) ? { base, kind } : null
}
