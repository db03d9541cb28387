/** A lock between processes: a file that names its owner. A dead owner's lock is taken over. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { say } from './terminal.mjs'

/** Long enough for another process to finish taking over the same lock. Milliseconds. */
const settle = 300

/**
 * Does the work while holding the lock; waits while another process holds it.
 * @template T
 * @param {string} path the lock file
 * @param {string} what named to the user while waiting
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, what, work) {
  const me = identity(process.pid)
  const claim = `${path}.${process.pid}`
  const free = () => {
    rmSync(claim, { force: true })
    if (owner(path) === me) rmSync(path, { force: true })
  }
  process.once('exit', free)
  try {
    await acquire(path, claim, me, what)
    return await work()
  } finally {
    process.off('exit', free)
    free()
  }
}

async function acquire(path, claim, me, what) {
  mkdirSync(dirname(path), { recursive: true })
  for (let told = false; ; await pause(settle)) {
    writeFileSync(claim, me)
    try {
      return linkSync(claim, path)
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const other = owner(path)
    if (other !== null && !isAlive(other)) {
      // Two processes may do this at once: the later rename wins, and both look again after a moment.
      renameSync(claim, path)
      await pause(settle)
      if (owner(path) === me) return
    }
    if (!told) say(`  waiting for process ${parseInt(other ?? '')}, which is ${what}`)
    told = true
  }
}

function owner(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

/** A process's number and, where the system tells, when it started: numbers are used again. */
function identity(pid) {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)
    return `${pid} ${afterName.split(' ')[19]}`
  } catch {
    return String(pid)
  }
}

function isAlive(owner) {
  const pid = parseInt(owner)
  try {
    process.kill(pid, 0)
    return identity(pid) === owner
  } catch (error) {
    return error.code === 'EPERM'
  }
}
