/** Reading a file or folder that another process may replace meanwhile: a folder is moved in two steps. */
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { LabError } from './errors'
import { notice } from './notice'
import { isSetAside, putBack, replacerOf } from './replace'

/** Milliseconds between two looks at a path where nothing lies. */
const between = 20

/** Milliseconds after which the user is told what is waited for. */
const patience = 1000

/** So many times in a row nobody replaces as fast as another reads. */
const mostTries = 100

/** What is known about a file or folder that is read. */
export interface ReplacedOptions<T> {
  /** Whether a result was read from one file, which is always whole. Default: none was. */
  isOfOneFile?(result: T): boolean
  /** A path inside a folder, whose file or folder is a new one in each new folder. Default: the folder itself. */
  mark?: string
  /** Whether to wait for what is made for the first time, too. Default true. */
  waitsForFirst?: boolean
}

/**
 * Reads what lies at a path, again where it was replaced meanwhile. If nothing lies there, and another process is
 * replacing it, waits for that process, and says so if that takes long.
 * @param read must fit together: an error, or a result of several files, counts only if nothing was replaced
 * @throws any error of `read`; LabError 'data-missing' if it is replaced all the time
 */
export async function readReplaced<T>(
  path: string, read: () => Promise<T>, { isOfOneFile, mark = path, waitsForFirst = true }: ReplacedOptions<T> = {},
): Promise<T> {
  for (let tries = 0; tries < mostTries; tries++) {
    const before = await untilThere(resolve(path), resolve(mark), waitsForFirst)
    const ended = await read().then(result => ({ result }), (fault: unknown) => ({ fault }))
    if ('result' in ended && isOfOneFile?.(ended.result)) return ended.result
    if (await identity(mark) !== before) continue
    if ('fault' in ended) throw ended.fault
    return ended.result
  }
  throw new LabError('data-missing', {
    expected: `to read ${path}`, received: 'a folder that other processes replace all the time',
    remedy: 'Read it when they have ended',
  })
}

/**
 * Whether a folder lies at a path, or did so until another process set it aside, just now, to replace it. Waits for the
 * new one.
 * @param mark a path that only a whole folder has
 */
export async function isThereOrReplaced(path: string, mark: string): Promise<boolean> {
  return await untilThere(resolve(path), resolve(mark), false) !== null
}

/** @returns what identifies the mark; null where nothing lies there, and nobody is replacing the path */
async function untilThere(path: string, mark: string, waitsForFirst: boolean): Promise<string | null> {
  const start = performance.now()
  let isTold = false
  // One look at the path and one at its lock are no moment: a process may have put it there between them.
  for (let looks = 0; looks < 3; looks++) {
    await putBack(path, mark)
    const found = await identity(mark)
    if (found !== null) return found
    if (!await (waitsForFirst ? isBeside(path) : isSetAside(path))) return identity(mark)
    const replacer = replacerOf(path)
    if (replacer !== null) {
      looks = -1
      if (!isTold && performance.now() - start > patience) {
        isTold = true
        notice(`Waiting for process ${replacer}, which is replacing ${path}.`)
      }
    }
    await pause(between)
  }
  return null
}

/** Whether something of this name lies in the folder after all, or what replacing it leaves there on the way. */
async function isBeside(path: string): Promise<boolean> {
  const names = await readdir(dirname(path)).catch(() => [])
  return names.some(name => name === basename(path) || name.startsWith(`.${basename(path)}.`))
}

/** Changes whenever something is put there. Numbers of files alone do not: disks give those of removed files again. */
async function identity(path: string): Promise<string | null> {
  return stat(path).then(({ dev, ino, ctimeMs }) => `${dev} ${ino} ${ctimeMs}`, () => null)
}
