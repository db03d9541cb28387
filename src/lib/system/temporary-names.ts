/**
 * Names of what lies beside a file or folder while it is replaced. They name the process and the machine, so that
 * others can tell what an interrupted process has left behind.
 */
import { hostname } from 'node:os'
import { basename, dirname, join, sep } from 'node:path'
import { isRunning, processIdentity } from './processes.mjs'

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

/** Whether a path lies in a folder that `workFolder` made. */
export function isInWorkFolder(path: string): boolean {
  return dirname(path).split(sep).some(name => /^\..+\.\d+-\d+(-\d+)?@.+\.tmp$/.test(name))
}

/** The name of the folder that is set aside under this name; null for any other name. */
export function nameSetAside(name: string): string | null {
  const { base = null, kind } = partsOf(name) ?? {}
  return kind === 'old' ? base : null
}

/**
 * The parts of a name that `temporaryBeside` made in a process that has ended; null for any other name, and for one of
 * a process that runs. Whether a process of another machine has ended is not known: the machine's name may have
 * changed, as that of a container does. Names of earlier versions name no machine, or not when their process began.
 */
export function abandoned(name: string): { base: string; kind: string; hasEnded: boolean } | null {
  const parts = partsOf(name)
  if (!parts) return null
  const { base, id, start, host, kind } = parts
  if (host !== hostname()) return { base, kind, hasEnded: false }
  if (!isRunning(Number(id))) return { base, kind, hasEnded: true }
  // Systems give the numbers of ended processes to new ones.
  const [, runningStart] = processIdentity(Number(id)).split(' ')
  if (start === runningStart || runningStart === undefined) return null
  return { base, kind, hasEnded: start !== undefined }
}

/** The parts of a name that `temporaryBeside` makes; null for any other name. */
function partsOf(name: string) {
  const [, base, id, start, host = hostname(), kind] =
    /^\.(.+)\.(\d+)-\d+(?:-(\d+))?(?:@(.+))?\.(tmp|old)$/.exec(name) ?? []
  return base ? { base, id, start: start as string | undefined, host, kind } : null
}
