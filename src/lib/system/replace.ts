/**
 * Replacing a file or folder as a whole. If replacing fails, the old one is kept. Half-written
 * files of an interrupted process are recognized by their names, and a later process removes them.
 */
import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join, sep } from 'node:path'
import { isThere } from './is-there'
import { lockHolder, withLock } from './lock.mjs'
import { isRunning, processIdentity } from './processes.mjs'
import { guardedWrite, isSystemError, refused } from './safe-path'

let temporaryNames = 0

/**
 * A new name beside `path`, hidden, which names this process and this machine: a folder may be shared by several.
 * @param kind 'tmp': for something half-written, worth nothing by itself; 'old': for something whole, set aside
 */
export function temporaryBeside(path: string, kind: 'tmp' | 'old' = 'tmp'): string {
  const [id, start] = processIdentity(process.pid).split(' ')
  const owner = [id, temporaryNames++, ...start ? [start] : []].join('-')
  return join(dirname(path), `.${basename(path)}.${owner}@${hostname()}.${kind}`)
}

/** The file that whoever replaces what lies at `path` holds as a lock. */
function lockBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.lock`)
}

/**
 * Runs work that replaces a file or folder, while no other process or call does so under this path: a folder is moved
 * in two steps, and what one looked at before must still be there.
 * @param purpose completes the sentence “process 4711 is …” for whoever waits
 */
export async function replaceAlone<T>(path: string, purpose: string, work: () => Promise<T>): Promise<T> {
  const lock = lockBeside(path)
  // Nobody else replaces it now: a folder that is set aside was left so.
  const alone = () => restore(path).then(work)
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

/** Whether a path lies in a folder that `workFolder` made. */
export function isInWorkFolder(path: string): boolean {
  return dirname(path).split(sep).some(name => /^\..+\.\d+-\d+(-\d+)?@.+\.tmp$/.test(name))
}

/**
 * Puts a folder back that an interrupted `replace` had set aside, unless somebody is replacing it now. Nothing happens
 * if the path exists.
 */
export async function putBack(path: string): Promise<void> {
  if (isThere(path) || replacerOf(path) !== null) return
  await restore(path)
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

/** Puts the folder back that was set aside last. */
async function restore(path: string): Promise<void> {
  if (isThere(path)) return
  const folder = dirname(path), names = await readdir(folder).catch(() => [])
  const left = names.filter(name => {
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

/**
 * The parts of a name that `temporaryBeside` made in a process that has ended; null for any other name, and for one of
 * a process that runs. Whether a process of another machine has ended is not known: the machine's name may have
 * changed, as that of a container does. Names of earlier versions name no machine, or not when their process began.
 */
function abandoned(name: string): { base: string; kind: string; hasEnded: boolean } | null {
  const parts = /^\.(.+)\.(\d+)-\d+(?:-(\d+))?(?:@(.+))?\.(tmp|old)$/.exec(name) ?? []
  const [, base, id, start, host = hostname(), kind] = parts
  if (!base) return null
  if (host !== hostname()) return { base, kind, hasEnded: false }
  if (!isRunning(Number(id))) return { base, kind, hasEnded: true }
  // Systems give the numbers of ended processes to new ones.
  const [, runningStart] = processIdentity(Number(id)).split(' ')
  if (start === runningStart || runningStart === undefined) return null
  return { base, kind, hasEnded: start !== undefined }
}

/** Milliseconds since something was renamed or changed; infinitely many where it is gone. */
async function ageOf(path: string): Promise<number> {
  return lstat(path).then(({ ctimeMs }) => Math.abs(Date.now() - ctimeMs), () => Infinity)
}
