/**
 * A lock between processes: a file that names its owner. A lock that a dead process left behind is ignored. On a shared
 * file system, the owner may be a process of another machine, which cannot be asked: it renews its lock all the time,
 * and counts as dead when it has stopped doing so.
 * Plain JavaScript on Node's own modules, because the set-up runs before anything is installed.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isRunning, processIdentity } from './processes.mjs'

/** Milliseconds between two looks at a lock; long enough for another process to finish taking over the same lock. */
const settle = 300

/** Milliseconds between two renewals of a lock. */
const renewal = 15_000

/**
 * Milliseconds without a renewal after which another machine's process counts as dead. Long, because a process renews
 * nothing during a long computation, and because the clocks of two machines differ.
 */
const longestSilence = 5 * 60_000

let requests = 0

/** Another process holds the lock, and the caller asked not to wait. */
export class LockBusy extends Error {
  /**
   * @param {string} path the lock file
   * @param {number} process the number of the process that holds the lock
   * @param {string} host the name of its machine
   */
  constructor(path, process, host) {
    super(`process ${process} on ${host} holds the lock ${path}`)
    this.name = 'LockBusy'
    /** The number of the process that holds the lock. */
    this.process = process
    /** The name of the machine on which that process runs. */
    this.host = host
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
  const me = `${processIdentity(process.pid)} ${request} @${hostname()}`
  const claim = `${path}.${process.pid}-${request}@${hostname()}`
  /** @type {NodeJS.Timeout | undefined} */
  let renewing
  const release = () => {
    clearInterval(renewing)
    rmSync(claim, { force: true })
    if (readOwner(path) === me) rmSync(path, { force: true })
  }
  process.once('exit', release)
  try {
    await acquire(path, claim, me, options)
    renewing = setInterval(() => renew(path, me), renewal).unref()
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}

/**
 * Marks a lock as in use now.
 * @param {string} path
 * @param {string} me
 */
function renew(path, me) {
  try {
    if (readOwner(path) === me) utimesSync(path, new Date(), new Date())
  } catch {
    // A file server that does not answer for a moment must not end the work.
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
    if (owner !== null && !isAlive(owner, path)) {
      // Several requests may do this at once: the last rename wins, and all look again after a moment.
      renameSync(claim, path)
      await pause(settle)
      owner = readOwner(path)
      if (owner === me) return
    }
    // The owner has released the lock in the meantime: try again.
    if (owner === null) continue
    if (options.onBusy === 'refuse') throw new LockBusy(path, parseInt(owner), hostOf(owner))
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
  return owner !== null && isAlive(owner, path) ? parseInt(owner) : null
}

/**
 * @param {string} owner
 * @param {string} path the lock file
 * @returns {boolean}
 */
function isAlive(owner, path) {
  const id = parseInt(owner)
  if (hostOf(owner) !== hostname()) return id > 0 && silence(path) < longestSilence
  return id > 0 && isRunning(id) && owner.startsWith(`${processIdentity(id)} `)
}

/**
 * The machine of an owner. Locks of earlier versions name none: they are this machine's.
 * @param {string} owner
 * @returns {string}
 */
function hostOf(owner) {
  return owner.split(' @')[1] ?? hostname()
}

/**
 * Milliseconds since the lock was last renewed; infinitely many where there is no lock file.
 * @param {string} path
 * @returns {number}
 */
function silence(path) {
  const file = statSync(path, { throwIfNoEntry: false })
  return file ? Date.now() - file.mtimeMs : Infinity
}
