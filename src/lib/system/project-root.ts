/** The project's folder: the library reads and writes inside this folder. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The project's folder: the nearest one above this file that looks like it, for the source and for the build. */
export const projectRoot: string = findRoot(__dirname)

/** A path inside the project. @example inProject('data', 'weights') */
export function inProject(...parts: string[]): string {
  return join(projectRoot, ...parts)
}

function findRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package-lock.json')) && existsSync(join(folder, 'notebooks'))) return folder
    if (folder === dirname(folder)) return start
  }
}
