/** Processes of this machine by their numbers. Plain JavaScript: the set-up runs before anything is installed. */
import { readFileSync } from 'node:fs'

/**
 * Whether a process runs, this user's or another's.
 * @param {number} id the process's number
 * @returns {boolean}
 */
export function isRunning(id) {
  try {
    // Signal 0 ends nothing: it asks whether the process exists.
    return process.kill(id, 0)
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

/**
 * A text that names one process. It holds the process's number and, where the system tells it (Linux does), its
 * starting time: systems give the numbers of ended processes to new ones.
 * @param {number} id the process's number
 * @returns {string} such as '4711 123456789'
 */
export function processIdentity(id) {
  try {
    const afterName = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ').at(-1) ?? ''
    return `${id} ${afterName.split(' ')[19]}`
  } catch {
    return String(id)
  }
}
