/** How every command of the project runs: errors become messages, Ctrl-C stops, the exit status tells the outcome. */
import { faultSentence, systemFault } from '../../src/lib/system/system-fault.mjs'
import { HelpRequest } from './options.mjs'

/** One press of Ctrl-C may arrive twice, from the terminal and from `npm run`, within this time. Milliseconds. */
const samePress = 300

/**
 * Runs a command to its end. Errors that tell the user what to do (those with a `remedy`) and faults of the machine (no
 * right to write, a full disk) are printed without a stack trace; any other error is a fault of the program and is
 * thrown. The exit status is 0 for success, 1 for an error, and 130 after an interrupt that ended the command.
 *
 * Ctrl-C ends the command at once. With `savesOnInterrupt`, the first Ctrl-C fires the signal instead, so that the work
 * can save its state and return; a second one ends the command.
 * @param {(words: string[], signal: AbortSignal) => Promise<number | void>} work gets the words behind the command;
 *   returns the exit status, 0 if nothing
 * @param {{ savesOnInterrupt?: boolean }} [options]
 */
export async function runCommand(work, { savesOnInterrupt = false } = {}) {
  const interrupt = new AbortController()
  let pressed = -Infinity
  process.on('SIGINT', () => {
    if (performance.now() - pressed < samePress) return
    pressed = performance.now()
    if (savesOnInterrupt && !interrupt.signal.aborted) {
      console.log('\nStopping. A second Ctrl-C ends the command at once.')
      return interrupt.abort()
    }
    console.error('\nInterrupted. Run the same command again to go on.')
    process.exit(130)
  })
  // Streams report their faults as events, which no caller can catch.
  process.on('uncaughtException', error => {
    if (!tell(error)) console.error(error)
    process.exit(1)
  })
  try {
    process.exitCode = (await work(process.argv.slice(2), interrupt.signal)) ?? 0
  } catch (error) {
    if (error instanceof HelpRequest) return console.log(error.message)
    process.exitCode = 1
    if (!tell(error)) throw error
  }
}

/**
 * Prints an error that the user can mend: the error's message, or a fault of the machine in words.
 * @param {unknown} error
 * @returns {boolean} false for any other error
 */
function tell(error) {
  const fault = systemFault(error)
  const message = fault ? faultSentence(fault) : typeof error?.remedy === 'string' ? error.message : null
  if (message !== null) console.error(message)
  return message !== null
}
