/** How every command of the project runs: errors become messages, Ctrl-C stops, the exit status tells the outcome. */
import { plainText } from '../../src/lib/system/plain-text.mjs'
import { faultSentence, systemFault } from '../../src/lib/system/system-fault.mjs'
import { HelpRequest } from './options.mjs'

/**
 * One press of Ctrl-C may arrive twice within this time, from the terminal and from `npm run`, and so may any signal to
 * a whole group of processes. Milliseconds.
 */
const samePress = 300

/** The signals that ask a process to end, and the exit status after each: 128 and the signal's number. */
const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }

/**
 * Runs a command to its end. Errors that tell the user what to do (those with a `remedy`) and faults of the machine (no
 * right to write, a full disk) are printed without a stack trace; any other error is a fault of the program and is
 * thrown. The exit status is 0 for success, 1 for an error, and 130 after an interrupt that ended the command.
 *
 * Ctrl-C ends the command at once. With `savesOnInterrupt`, the first Ctrl-C fires the signal instead, so that the work
 * can save its state and return; a second one ends the command. SIGTERM, which batch systems and containers send, and
 * SIGHUP, which a closed terminal sends, do the same; the status is then 143 or 129, also after the work was saved.
 * @param {(words: string[], signal: AbortSignal) => Promise<number | void>} work gets the words behind the command;
 *   returns the exit status, 0 if nothing
 * @param {{ savesOnInterrupt?: boolean }} [options]
 */
export async function runCommand(work, { savesOnInterrupt = false } = {}) {
  printPlainly()
  const interrupt = new AbortController()
  let pressed = -Infinity, statusAfterwards
  const end = (signal, status) => {
    if (performance.now() - pressed < samePress) return
    pressed = performance.now()
    // Nobody reads what a closed terminal gets, and writing to it fails.
    if (signal === 'SIGHUP') for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
    if (savesOnInterrupt && !interrupt.signal.aborted) {
      console.log('\nStopping. A second Ctrl-C ends the command at once.')
      if (signal !== 'SIGINT') statusAfterwards = status
      return interrupt.abort()
    }
    console.error('\nInterrupted. Run the same command again to go on.')
    process.exit(status)
  }
  for (const [signal, status] of Object.entries(signals)) process.on(signal, () => end(signal, status))
  // Streams report their faults as events, which no caller can catch.
  process.on('uncaughtException', error => {
    // Whoever read the output has gone, as `head` goes after some lines: the status is that of SIGPIPE.
    if (error.code === 'EPIPE') process.exit(141)
    if (!tell(error)) console.error(error)
    process.exit(1)
  })
  try {
    const status = await work(process.argv.slice(2), interrupt.signal)
    process.exitCode = statusAfterwards ?? status ?? 0
  } catch (error) {
    if (error instanceof HelpRequest) return console.log(error.message)
    process.exitCode = 1
    if (!tell(error)) throw error
  }
}

/** What a command prints may hold names of files and texts of models: a terminal must show them, not obey them. */
function printPlainly() {
  for (const method of ['log', 'warn', 'error']) {
    const print = console[method]
    console[method] = (...parts) => print.apply(console, parts.map(part => typeof part === 'string' ? plainText(part) : part))
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
