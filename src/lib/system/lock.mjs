/**
 * A lock between processes: a file that names its owner. A lock that a dead process left behind is ignored; a process
 * that was stopped, or that slept with its machine, lives and keeps its lock. On a shared file system, the owner may be
 * a process of another machine, which cannot be asked: it renews its lock all the time, and counts as dead when it has
 * stopped doing so.
 * Plain JavaScript on Node's own modules, because the set-up runs before anything is installed.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, renameSync, statSync, utimesSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isOf, linked, readOwner, removeIfPossible, silence, writeClaim } from './lock-files.mjs'
import { isRunning, processIdentity } from './processes.mjs'

/** Milliseconds between two looks at a lock. Who waits no longer than that says nothing. */
const settle = 300

/** Milliseconds between two renewals of a lock. */
const renewal = 15_000

/**
 * Milliseconds without a renewal after which another machine's process counts as dead. Long, because a process renews
 * nothing during a long computation, and because the clocks of two machines differ.
 */
const longestSilence = 5 * 60_000

/**
 * Milliseconds for which another machine's lock must have stayed the same before it is taken over. Its age alone does
 * not tell: the clock of either machine may have jumped.
 */
const watched = 3 * renewal

/**
 * Milliseconds within which the owner of an empty lock file writes its name into it, unless it has ended: on disks
 * without links, a lock file is made empty.
 */
const naming = 1000

const inThisProcess = Symbol.for('resnet50-lab locks')

/**
 * The requests of this process, of every copy of this file, and the owners among them that have not released their
 * locks: any other owner in this process has done so, even where the disk did not let it remove the lock.
 * @type {{ requests: number, owners: Set<string> }}
 */
const locks = globalThis[inThisProcess] ??= { requests: 0, owners: new Set() }

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
 * default: to standard output. `signal` ends the waiting. Who refuses waits, too, where it must find out whether a
 * process of another machine still works.
 * @typedef {({ onBusy: 'wait', purpose: string } | { onBusy: 'refuse' })
 *   & { say?: (line: string) => void, signal?: AbortSignal }} LockOptions
 */

/**
 * Runs the work while holding a lock file. Calls within one process exclude each other, too. The file is removed when
 * the work ends, and when the process exits before.
 * @template T
 * @param {string} path the lock file; missing folders are made
 * @param {() => Promise<T>} work
 * @param {LockOptions} options
 * @returns {Promise<T>} the work's result
 * @throws LockBusy where somebody else holds the lock and `onBusy` is 'refuse'; the signal's reason where it ends the
 *   waiting; the system's error where the lock file can be neither written nor read; whatever the work throws
 * @example await withLock('.cache/recording.lock', () => addRow(row), { onBusy: 'wait', purpose: 'recording a run' })
 */
export async function withLock(path, work, options) {
  const request = locks.requests++
  const me = `${processIdentity(process.pid)} ${request} @${hostname()}`
  const claim = `${path}.${process.pid}-${request}@${hostname()}`
  /** @type {NodeJS.Timeout | undefined} */
  let renewing
  const release = () => {
    clearInterval(renewing)
    locks.owners.delete(me)
    removeIfPossible(claim)
    if (isOf(me, path)) removeIfPossible(path)
  }
  process.once('exit', release)
  locks.owners.add(me)
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
    if (isOf(me, path)) utimesSync(path, new Date(), new Date())
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
  const { signal } = options
  for (let busy = 0; ; await pause(settle, null, { signal }).catch(() => {})) {
    signal?.throwIfAborted()
    writeClaim(claim, me)
    if (linked(claim, path, me)) {
      removeIfPossible(claim)
      return removeClaims(path)
    }
    const owner = readOwner(path)
    // The owner has released the lock in the meantime, or has now written its name: try again.
    if (owner === null || owner === '' && await wasNamed(path, options)) continue
    if (isAlive(owner, path) || await wasRenewed(owner, path, options)) {
      if (options.onBusy === 'refuse') throw new LockBusy(path, parseInt(owner), hostOf(owner))
      if (++busy === 2) tell(options, `waiting for process ${parseInt(owner)}, which is ${options.purpose}`)
    } else if (takeOver(path, owner, claim, me)) return removeClaims(path)
  }
}

/**
 * Makes the lock of a dead process this request's own. Several requests may try at once, and some of them may have
 * looked long ago. Only one has the file that is named after the dead owner, and only that one may replace its lock.
 * @param {string} path the lock file
 * @param {string} owner the dead owner that the lock file named
 * @param {string} claim
 * @param {string} me
 * @returns {boolean} whether the lock file now names this request
 */
function takeOver(path, owner, claim, me) {
  const right = `${path}.after-${createHash('sha256').update(owner).digest('hex').slice(0, 16)}`
  writeClaim(claim, me)
  if (!linked(claim, right, me)) {
    const other = readOwner(right)
    if (other === null || other === '' && silence(right) < naming) return false
    if (isAlive(other, right) || !takeOver(right, other, claim, me)) return false
  }
  try {
    // Another request has taken the lock over in the meantime, and may have released it, too.
    if (readOwner(path) !== owner) return false
    writeClaim(claim, me)
    renameSync(claim, path)
    return true
  } finally {
    removeIfPossible(right)
  }
}

/**
 * Waits for an owner that has made the lock file, and has not written its name yet.
 * @param {string} path
 * @param {LockOptions} options
 * @returns {Promise<boolean>} false where nobody has: the owner has ended there
 */
async function wasNamed(path, { signal }) {
  await passed(naming, signal)
  return readOwner(path) !== ''
}

/**
 * Watches whether a process of another machine still renews a lock that looks old.
 * @param {string} owner
 * @param {string} path
 * @param {LockOptions} options
 * @returns {Promise<boolean>} false for a process of this machine, without watching
 */
async function wasRenewed(owner, path, options) {
  if (hostOf(owner) === hostname()) return false
  const before = statSync(path, { throwIfNoEntry: false })?.mtimeMs
  tell(options, `watching for ${watched / 1000} s whether process ${parseInt(owner)} on ${hostOf(owner)} still works`)
  await passed(watched, options.signal)
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs !== before
}

/**
 * Waits so many milliseconds.
 * @param {number} milliseconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 * @throws the signal's reason as soon as it fires
 */
function passed(milliseconds, signal) {
  return new Promise((done, fail) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      if (signal?.aborted) fail(signal.reason)
      else done()
    }
    const timer = setTimeout(end, milliseconds)
    signal?.addEventListener('abort', end)
  })
}

/**
 * Removes the claims of processes of this machine that were killed while they asked for the lock.
 * @param {string} path the lock file
 */
function removeClaims(path) {
  const start = `${basename(path)}.`
  for (const name of readdirSync(dirname(path))) {
    const [, id, host] = name.startsWith(start) ? /^(\d+)-\d+@(.+)$/.exec(name.slice(start.length)) ?? [] : []
    if (host === hostname() && !isRunning(Number(id))) removeIfPossible(join(dirname(path), name))
  }
}

/**
 * @param {{ say?: (line: string) => void }} options
 * @param {string} line
 */
function tell({ say = line => { process.stdout.write(`${line}\n`) } }, line) {
  say(`  ${line}`)
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
  if (id === process.pid) return locks.owners.has(owner)
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
