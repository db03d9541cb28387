/** Whether something lies at a path, and what lies in a folder. */
import { lstatSync, readdirSync, statSync } from 'node:fs'
import { isSystemError, refused } from './safe-path'

/**
 * Whether a file or folder lies at a path, links followed. Node's own `existsSync` says no where a disk fails, too:
 * whoever believed it would make again, and overwrite, what lies there.
 * @throws LabError 'data-missing' where the system does not tell
 */
export function isThere(path: string): boolean {
  return tells(path, statSync)
}

/** Whether anything lies at a path: a file, a folder, or a link, wherever it leads. @throws LabError 'data-missing' */
export function liesAt(path: string): boolean {
  return tells(path, lstatSync)
}

function tells(path: string, look: typeof statSync | typeof lstatSync): boolean {
  try {
    return look(path, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOTDIR') return false
    throw refused('data-missing', path, error)
  }
}

/** The names of what lies in a folder; none where there is no folder. @throws LabError 'data-missing' */
export function namesIn(folder: string): string[] {
  if (!isThere(folder)) return []
  try {
    return readdirSync(folder)
  } catch (error) {
    throw refused('data-missing', folder, error)
  }
}
