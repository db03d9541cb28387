/** Reading a file or folder that another process may replace meanwhile: a folder is moved in two steps. */
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { LabError } from './errors'
import { notice } from './notice'
import { putBack, replacerOf } from './replace'

/** Milliseconds between two looks at a path where nothing lies. */
const between = 20

/** Milliseconds after which the user is told what is waited for. */
const patience = 1000

/** So many times in a row nobody replaces as fast as another reads. */
const mostTries = 100

/**
 * Reads what lies at a path, again where it was replaced meanwhile. If nothing lies there, and another process is
 * replacing it, waits for that process, and says so if that takes long.
 * @param read must fit together: an error, or a result of several files, counts only if nothing was replaced
 * @param isOfOneFile whether a result was read from one file, which is always whole
 * @throws any error of `read`; LabError 'data-missing' if it is replaced all the time
 */
export async function readReplaced<T>(
  path: string, read: () => Promise<T>, isOfOneFile: (result: T) => boolean,
): Promise<T> {
  for (let tries = 0; tries < mostTries; tries++) {
    const before = await untilThere(resolve(path))
    const ended = await read().then(result => ({ result }), (fault: unknown) => ({ fault }))
    if ('result' in ended && isOfOneFile(ended.result)) return ended.result
    if (await identity(path) !== before) continue
    if ('fault' in ended) throw ended.fault
    return ended.result
  }
  throw new LabError('data-missing', {
    expected: `to read ${path}`, received: 'a folder that other processes replace all the time',
    remedy: 'Read it when they have ended',
  })
}

/** @returns what identifies the thing at a path; null where nothing lies there, and nobody is replacing it */
async function untilThere(path: string): Promise<string | null> {
  const start = performance.now()
  let isTold = false
  // One look at the path and one at its lock are no moment: a process may have put it there between them.
  for (let looks = 0; looks < 3; looks++) {
    await putBack(path)
    const found = await identity(path)
    if (found !== null || !await isBeside(path)) return found
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
