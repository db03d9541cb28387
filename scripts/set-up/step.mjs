/**
 * One step of the set-up: skipped when it was done before from the same inputs.
 *
 * A stamp with the inputs' hash lies in the folder that the step makes, so whoever deletes the result deletes the
 * stamp. It is removed before the work and written after it: an interrupted step is done again.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { activity } from '../command/progress.mjs'

/**
 * @typedef {object} Step
 * @property {string} title what it does, for the user
 * @property {string} stamp the stamp's path, inside what the step makes
 * @property {() => string[]} inputs texts and hashes that decide whether the result is still good
 * @property {() => boolean} [sound] whether a result with a good stamp can still be used; default: always
 * @property {(show: { update(detail: string): void }) => Promise<void>} make does the work
 */

/** Whether the step's result is there and was made from its present inputs. @param {Step} step */
export function isDone({ stamp, inputs, sound }) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hash(inputs()) && (sound?.() ?? true)
}

/** Does the step if it needs doing. @param {Step} step @returns {Promise<boolean>} whether it did anything */
export async function perform(step) {
  if (isDone(step)) return false
  const shown = activity(step.title)
  rmSync(step.stamp, { force: true })
  try {
    await step.make(shown)
    // Inputs are hashed after the work: some (the binding's source) are themselves fetched by an earlier step.
    mkdirSync(dirname(step.stamp), { recursive: true })
    writeFileSync(step.stamp, hash(step.inputs()))
  } catch (fault) {
    shown.end('failed')
    throw fault
  }
  shown.end()
  return true
}

/** SHA-256 of texts, told apart from each other. @param {string[]} texts */
export function hash(texts) {
  const sum = createHash('sha256')
  for (const text of texts) sum.update(`${text.length}:${text}`)
  return sum.digest('hex')
}

/** A file's text, empty if it is not there. */
export function textOf(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/** Names and texts, in order, of all files below a folder whose names match. @param {RegExp} ending */
export function textsBelow(folder, ending) {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder, { recursive: true }).map(String).filter(name => ending.test(name)).sort()
  return names.flatMap(name => [name, textOf(join(folder, name))])
}
