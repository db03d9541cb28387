/**
 * A lock between processes: a file that names its owner. A lock that a dead process left behind is ignored.
 * Plain JavaScript on Node's own modules, because the set-up runs before anything is installed.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isRunning, processIdentity } from './processes.mjs'

/** Milliseconds between two looks at a lock; long enough for another process to finish taking over the same lock. */
const settle = 300

let requests = 0

/** Another process holds the lock, and the caller asked not to wait. */
export class LockBusy extends Error {
  /**
   * @param {string} path the lock file
   * @param {number} process the number of the process that holds the lock
   */
  constructor(path, process) {
    super(`process ${process} holds the lock ${path}`)
    this.name = 'LockBusy'
    /** The number of the process that holds the lock. */
    this.process = process
  }
}

/**
 * What to do while somebody else holds the lock: wait and say so once, or refuse.
 * `purpose` completes the sentence “process 4711 is …”, such as 'recording a run'. `say` prints the sentence;
 * default: to standard output.
 * @typedef {{ onBusy: 'wait', purpose: string, say?: (line: string) => void } | { onBusy: 'refuse' }} LockOptions
 */

/**
 * Runs the work while holding a lock file. Calls within one process exclude each other, too. The file is removed when
 * the work ends, and when the process exits before.
 * @template T
 * @param {string} path the lock file; missing folders are made
 * @param {() => Promise<T>} work
 * @param {LockOptions} options
 * @returns {Promise<T>} the work's result
 * @throws LockBusy where somebody else holds the lock and `onBusy` is 'refuse'; whatever the work throws
 * @example await withLock('.cache/recording.lock', () => addRow(row), { onBusy: 'wait', purpose: 'recording a run' })
 */
export async function withLock(path, work, options) {
  const request = requests++
  const me = `${processIdentity(process.pid)} ${request}`
  const claim = `${path}.${process.pid}-${request}`
  const release = () => {
    rmSync(claim, { force: true })
    if (readOwner(path) === me) rmSync(path, { force: true })
  }
  process.once('exit', release)
  try {
    await acquire(path, claim, me, options)
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}

/**
 * Returns once the lock file names this request as its owner.
 * @param {string} path
 * @param {string} claim a file of this request alone, which becomes the lock file in one step
 * @param {string} me
 * @param {LockOptions} options
 */
async function acquire(path, claim, me, options) {
  mkdirSync(dirname(path), { recursive: true })
  for (let waiting = false; ; await pause(settle)) {
    writeFileSync(claim, me)
    if (linked(claim, path)) return rmSync(claim, { force: true })
    let owner = readOwner(path)
    if (owner !== null && !isAlive(owner)) {
      // Several requests may do this at once: the last rename wins, and all look again after a moment.
      renameSync(claim, path)
      await pause(settle)
      owner = readOwner(path)
      if (owner === me) return
    }
    // The owner has released the lock in the meantime: try again.
    if (owner === null) continue
    if (options.onBusy === 'refuse') throw new LockBusy(path, parseInt(owner))
    if (!waiting) {
      const { purpose, say = line => { process.stdout.write(`${line}\n`) } } = options
      say(`  waiting for process ${parseInt(owner)}, which is ${purpose}`)
    }
    waiting = true
  }
}

/**
 * Gives a file a second name. A link appears whole: no other process ever reads a lock file without an owner.
 * @param {string} from
 * @param {string} to
 * @returns {boolean} false where a file has this name already
 */
function linked(from, to) {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false
    throw error
  }
}

/**
 * @param {string} path
 * @returns {string | null} the owner that the lock file names; null where there is no lock file
 */
function readOwner(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

/**
 * @param {string} path the lock file
 * @returns {number | null} the number of the living process that holds the lock; null where none does
 */
export function lockHolder(path) {
  const owner = readOwner(path)
  return owner !== null && isAlive(owner) ? parseInt(owner) : null
}

/**
 * @param {string} owner
 * @returns {boolean}
 */
function isAlive(owner) {
  const id = parseInt(owner)
  return id > 0 && isRunning(id) && owner.startsWith(`${processIdentity(id)} `)
}
