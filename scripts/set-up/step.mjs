/**
 * A step of the set-up. A step is skipped if it has been done with the same inputs.
 *
 * Each step leaves a stamp, a file with the hash of its inputs, in the folder that it makes: deleting the folder
 * deletes the stamp. The stamp is removed before the work and written after it, so an interrupted step is done again.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { withLock } from '../../src/lib/system/lock.mjs'
import { activity } from '../command/progress.mjs'
import { say } from '../command/text.mjs'
import { requireRoom } from './disk.mjs'

/**
 * @typedef {object} Step
 * @property {string} title what the user sees
 * @property {string} stamp the stamp's path, in the folder that the step makes
 * @property {string} [from] what the inputs are, in words, such as 'package-lock.json'
 * @property {() => string[]} inputs texts and hashes; if they change, the step is done again
 * @property {number} [disk] bytes on disk that the work needs; default: few
 * @property {() => boolean} [isUsable] whether the result can still be used although its inputs are the same;
 *   default: always
 * @property {(show: { update(detail: string): void }) => Promise<void>} make does the work
 */

/** Whether the step has been done with its present inputs. @param {Step} step */
export function isDone({ stamp, inputs, isUsable }) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hash(inputs()) && (isUsable?.() ?? true)
}

/**
 * A sentence that names the steps which had been done, and are done again because their inputs have changed, as after
 * `git pull`; null where there is none.
 * @param {Step[]} steps
 */
export function whatChanged(steps) {
  const again = steps.filter(step => existsSync(step.stamp) && !isDone(step))
  if (!again.length) return null
  return `Changed since the last set-up, and made again: ${again.map(({ title, from }) => from ? `${title} (${from})` : title).join(', ')}.`
}

/** Does the step, unless it is done. @param {Step} step @returns {Promise<boolean>} whether the step was done now */
export async function perform(step) {
  if (isDone(step)) return false
  requireRoom(step.disk ?? 0)
  const shown = activity(step.title)
  rmSync(step.stamp, { force: true })
  try {
    await step.make(shown)
    // Inputs are hashed after the work, because the step itself may install some of them.
    mkdirSync(dirname(step.stamp), { recursive: true })
    writeFileSync(step.stamp, hash(step.inputs()))
  } catch (error) {
    shown.end('failed')
    throw error
  }
  shown.end()
  return true
}

/**
 * Does the steps that are not done, one after the other. A second process that does so at the same time waits for the
 * first, and says so.
 * @param {() => Step[]} steps is asked under the lock: what another process has done changes them
 * @param {string} lock the lock file
 */
export async function doSteps(steps, lock) {
  const doAll = async () => {
    for (const step of steps()) await perform(step)
  }
  await withLock(lock, doAll, { onBusy: 'wait', purpose: 'setting up', say })
}

/** SHA-256 of a list of texts; where one text ends and the next begins counts, too. @param {string[]} texts */
export function hash(texts) {
  const sum = createHash('sha256')
  for (const text of texts) sum.update(`${text.length}:${text}`)
  return sum.digest('hex')
}

/** A file's text; empty if the file does not exist. */
export function textOf(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/** Names and texts, in order, of all files below a folder whose names match. @param {RegExp} ending */
export function textsBelow(folder, ending) {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder, { recursive: true }).map(String).filter(name => ending.test(name)).sort()
  return names.flatMap(name => [name, textOf(join(folder, name))])
}
