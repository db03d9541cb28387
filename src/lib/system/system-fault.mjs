/**
 * Faults of the machine in words: no right to read or write, a full or read-only disk, too many open files. Plain
 * JavaScript: the set-up runs before anything is installed.
 */
import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * @typedef {object} SystemFault
 * @property {string} code the kind of fault: 'not-writable', 'not-readable', 'disk-full', …
 * @property {string} expected
 * @property {string} received
 * @property {string} remedy
 */

/** @type {Readonly<Record<string, { code: string, received: string, remedy: string, writing?: true }>>} */
const faults = {
  ENOSPC: { code: 'disk-full', received: 'a full disk', remedy: 'Free some disk space, then run this again', writing: true },
  EDQUOT: { code: 'disk-full', received: 'a full disk quota: this user may store no more',
    remedy: 'Remove files of yours, or ask for more space, then run this again', writing: true },
  EROFS: { code: 'not-writable', received: 'a read-only file system',
    remedy: 'Move the project to a disk that this user may write to', writing: true },
  EFBIG: { code: 'disk-full', received: 'a file larger than this disk takes', remedy: 'Use another disk', writing: true },
  EMFILE: tooManyFiles('this program'), ENFILE: tooManyFiles('this machine'),
  EIO: { code: 'disk-fault', received: 'a disk that does not answer as it should', remedy: 'Check the disk and its cables' },
  ESTALE: { code: 'disk-fault', received: 'a network disk that has changed', remedy: 'Connect the disk again' },
  ENAMETOOLONG: { code: 'bad-path', received: 'a longer name than the disk takes', remedy: 'Shorten the name' },
  ELOOP: { code: 'bad-path', received: 'links that lead to each other', remedy: 'Remove one of the links' },
  EISDIR: { code: 'bad-path', received: 'a folder', remedy: 'Check the path' },
  ENOTDIR: { code: 'bad-path', received: 'a file where a folder should be', remedy: 'Check the path' },
  ENOENT: { code: 'data-missing', received: 'nothing there', remedy: 'Check the path' },
  EEXIST: { code: 'bad-path', received: 'another file or folder of this name', remedy: 'Rename or remove it', writing: true },
  ENOTEMPTY: { code: 'bad-path', received: 'a folder that is not empty', remedy: 'Rename or remove it', writing: true },
  EBUSY: { code: 'bad-path', received: 'a file in use', remedy: 'Close the program that uses it, then run this again' },
  ETXTBSY: { code: 'bad-path', received: 'a program that is running', remedy: 'Stop it, then run this again' },
}

const writingCalls = /^(mkdir|write|unlink|rename|link|symlink|copyfile|cp|rmdir|rm|utime|futime|fsync|ftruncate|chmod|mkdtemp)/

/**
 * What an error of the operating system says, as the parts of an error for the user; null for any other error.
 * @param {unknown} error
 * @param {{ path?: string, writing?: boolean }} [attempt] what was tried; default: what the error tells
 * @returns {SystemFault | null}
 */
export function systemFault(error, attempt = {}) {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return null
  const { code, syscall, ...named } = /** @type {NodeJS.ErrnoException} */ (error)
  const path = attempt.path ?? named.path ?? 'a file'
  if (syscall?.startsWith('spawn')) return notRunning(named.path ?? syscall, code)
  if (syscall === 'watch' && code === 'ENOSPC')
    return { code: 'too-many-files', expected: `to watch ${path}`, received: 'too many watched files on this machine',
      remedy: 'Close other editors, or raise fs.inotify.max_user_watches' }
  if (code === 'EACCES' || code === 'EPERM') {
    if (named.path === undefined && attempt.path === undefined) return null
    return attempt.writing ?? isWriting(syscall, path) ? notWritable(path, code) : notReadable(path, code)
  }
  const fault = faults[code ?? '']
  if (!fault || !syscall) return null
  const writing = fault.writing ?? attempt.writing ?? writingCalls.test(syscall)
  // Where folders are to be made on the way, another path than the last one may be at fault.
  const where = code === 'EEXIST' && named.path && named.path !== path ? `, ${named.path}` : ''
  return { code: fault.code, expected: `to ${writing ? 'write' : 'read'} ${path}`,
    received: `${fault.received}${where} (${code})`, remedy: fault.remedy }
}

/**
 * A fault in one sentence, and what to do.
 * @param {SystemFault} fault
 */
export function faultSentence({ code, expected, received, remedy }) {
  return `${code}: expected ${expected}, received ${received}. ${remedy}.`
}

/** @param {string} whose */
function tooManyFiles(whose) {
  return { code: 'too-many-files', received: `too many files that ${whose} has open`,
    remedy: 'Close other programs, or raise the limit: ulimit -n 4096' }
}

/** @param {string} path @param {string} code */
function notWritable(path, code) {
  return { code: 'not-writable', expected: 'a project folder that this user may write to', received: `no right to write ${path} (${code})`,
    remedy: 'Move the project to a folder of your own, or give yourself the right to write there' }
}

/** @param {string} path @param {string} code */
function notReadable(path, code) {
  return { code: 'not-readable', expected: `to read ${path}`, received: `no right to read it (${code})`,
    remedy: `Give yourself the right: chmod u+r for a file, chmod u+rx for a folder; or ask the owner` }
}

/** @param {string} program @param {string | undefined} code */
function notRunning(program, code) {
  const received = code === 'ENOENT' ? 'no such program' : code === 'EACCES' ? 'no right to run it' : String(code)
  return { code: 'no-program', expected: `to run ${program}`, received, remedy: 'Run npm run doctor, which tells what is missing' }
}

/**
 * Whether a call was to write. 'open' does not say: a file that may be read was opened to write to it, and so was one
 * that is not there.
 * @param {string | undefined} syscall
 * @param {string} path
 */
function isWriting(syscall, path) {
  if (syscall !== 'open') return writingCalls.test(syscall ?? '')
  try {
    accessSync(existsSync(path) ? path : dirname(path), existsSync(path) ? constants.R_OK : constants.X_OK)
    return true
  } catch {
    return false
  }
}
