/** Which paths are safe: names that stay inside a folder, and the folders that the library may write to. */
import { realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { LabError } from './errors'
import { projectRoot } from './project-root'
import { systemFault } from './system-fault.mjs'

/**
 * A path inside a folder, links followed.
 * @throws LabError 'outside-folder' if `name` is absolute, leads out by '..', or passes through a link that leads out
 */
export function insideFolder(folder: string, name: string): string {
  const path = resolve(folder, name)
  const inside = contains(resolve(folder), path) && contains(realPath(folder), realPath(path))
  if (isAbsolute(name) || name.includes('\0') || !inside)
    throw new LabError('outside-folder', {
      expected: `a path inside ${folder}`,
      received: JSON.stringify(name),
      remedy: 'Use a relative name without “..”, not through a link that leads elsewhere',
    })
  return path
}

/**
 * Runs a write after checking where it goes; links are followed.
 * @throws LabError 'outside-folder' unless the path is in the project or the temporary folder; 'write-failed' in place
 *   of a system error; any other error of `write`
 */
export async function guardedWrite<T>(path: string, write: () => Promise<T>): Promise<T> {
  const target = realPath(path)
  if (![projectRoot, tmpdir()].some(folder => contains(realPath(folder), target)))
    throw new LabError('outside-folder', {
      expected: 'a path inside the project or the temporary folder',
      received: path,
      remedy: 'Write inside the project’s folder',
    })
  try {
    return await write()
  } catch (error) {
    throw refused('write-failed', path, error)
  }
}

/**
 * A system error as a LabError, in words.
 * @param code 'write-failed' or 'data-missing', by what was tried
 * @returns any other error as it is
 */
export function refused(code: 'write-failed' | 'data-missing', path: string, error: unknown): unknown {
  const fault = systemFault(error, { path, writing: code === 'write-failed' })
  if (fault) return new LabError(code, fault)
  return isSystemError(error) ? new LabError(code, { expected: `to use ${path}`, received: error.message, remedy: 'Check the disk' }) : error
}

/** Whether an error comes from the operating system. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'errno' in error
}

/** The path with links followed as far as it exists. */
function realPath(path: string): string {
  const full = resolve(path)
  try {
    return realpathSync(full)
  } catch {
    return dirname(full) === full ? full : join(realPath(dirname(full)), basename(full))
  }
}

function contains(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way)
}
