/** Paths as the user means them: npm runs every command in the project's folder. */
import { resolve } from 'node:path'

/**
 * A path that the user wrote, from the folder in which the user was, without a slash at its end.
 * @param {string} path
 */
export function userPath(path) {
  return resolve(process.env.INIT_CWD || process.cwd(), path)
}
