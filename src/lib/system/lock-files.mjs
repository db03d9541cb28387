/**
 * Lock files: each holds its owner's name. Plain JavaScript on Node's own modules, because the set-up runs before
 * anything is installed.
 */
import {
  closeSync, constants, linkSync, openSync, readFileSync, rmSync, statSync, writeFileSync,
} from 'node:fs'

/** Reads neither through a link, which may lead nowhere, nor from a pipe until somebody writes to it. */
const plainly = /** @type {any} */ (constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)

/**
 * @param {string} claim
 * @param {string} me
 */
export function writeClaim(claim, me) {
  try {
    writeFileSync(claim, me)
  } catch (error) {
    // A write that fails does not name its file, and whoever reads the error wants to know which disk is full.
    /** @type {NodeJS.ErrnoException} */ (error).path ??= claim
    throw error
  }
}

/**
 * Removes a file. Where the disk does not let it, the file stays: it names an owner that has ended.
 * @param {string} path
 */
export function removeIfPossible(path) {
  try {
    rmSync(path, { force: true })
  } catch {
    // Whoever takes the lock next finds out that its owner has ended.
  }
}

/**
 * Gives a claim a second name. A link appears whole: no other process ever reads a lock file without an owner. Disks
 * that have no links (FAT, exFAT, some network disks) get a file that is empty for a moment.
 * @param {string} claim
 * @param {string} to
 * @param {string} me
 * @returns {boolean} false where a file has this name already
 */
export function linked(claim, to, me) {
  try {
    linkSync(claim, to)
    return true
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST') return false
    if (['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code)) return made(to, me)
    throw error
  }
}

/**
 * Makes a lock file.
 * @param {string} path
 * @param {string} me
 * @returns {boolean} false where a file has this name already, or another request has replaced this one meanwhile
 */
function made(path, me) {
  let file
  try {
    file = openSync(path, 'wx')
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
  try {
    writeFileSync(file, me)
  } catch (error) {
    if (isOf('', path)) removeIfPossible(path)
    throw error
  } finally {
    closeSync(file)
  }
  return isOf(me, path)
}

/**
 * @param {string} path
 * @returns {string | null} the owner that the lock file names; null where there is no lock file
 * @throws the system's error where something lies there that cannot be read, or a link
 */
export function readOwner(path) {
  try {
    return readFileSync(path, { encoding: 'utf8', flag: plainly })
  } catch (error) {
    const fault = /** @type {NodeJS.ErrnoException} */ (error)
    // ESTALE: another machine has removed the file since it was opened.
    if (fault.code === 'ENOENT' || fault.code === 'ESTALE') return null
    // The error of a folder names no path.
    fault.path ??= path
    throw fault
  }
}

/**
 * @param {string} me
 * @param {string} path the lock file
 * @returns {boolean} whether the lock file names this owner; false where it cannot be read
 */
export function isOf(me, path) {
  try {
    return readOwner(path) === me
  } catch {
    return false
  }
}

/**
 * @param {unknown} error
 * @returns {string} the system's code, such as 'EACCES'; '' for any other error
 */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/**
 * Milliseconds between now and when the lock was last renewed; infinitely many where there is no lock file.
 * @param {string} path
 * @returns {number}
 */
export function silence(path) {
  const file = statSync(path, { throwIfNoEntry: false })
  // A clock that was set back makes a time in the future, which is no newer than one long past.
  return file ? Math.abs(Date.now() - file.mtimeMs) : Infinity
}
