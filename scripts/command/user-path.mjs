/** Paths as the user means them: npm runs every command in the project's folder. */
import { isAbsolute, resolve } from 'node:path'

/** A path that the user wrote, from the folder in which the user was. @param {string} path */
export function userPath(path) {
  return isAbsolute(path) ? path : resolve(process.env.INIT_CWD || process.cwd(), path)
}
