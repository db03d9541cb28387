/** Processes of this machine by their numbers. Plain JavaScript: the set-up runs before anything is installed. */
import { readFileSync } from 'node:fs'

/**
 * Whether a process runs, this user's or another's. A stopped process runs; one that has ended does not, even where its
 * parent never asks how: in containers, nobody asks about orphans.
 * @param {number} id the process's number
 * @returns {boolean}
 */
export function isRunning(id) {
  try {
    // Signal 0 ends nothing: it asks whether the process exists.
    process.kill(id, 0)
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EPERM') return false
  }
  return statusOf(id)?.[0] !== 'Z'
}

/**
 * A text that names one process. It holds the process's number and, where the system tells it (Linux does), its
 * starting time: systems give the numbers of ended processes to new ones.
 * @param {number} id the process's number
 * @returns {string} such as '4711 123456789'
 */
export function processIdentity(id) {
  const status = statusOf(id)
  return status ? `${id} ${status[19]}` : String(id)
}

/**
 * What Linux tells of a process, behind its name: its state, its parent and so on; null on other systems, and where
 * there is no such process.
 * @param {number} id
 * @returns {string[] | null}
 */
function statusOf(id) {
  try {
    return readFileSync(`/proc/${id}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? null
  } catch {
    return null
  }
}
