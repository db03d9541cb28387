/** What can go wrong before anything is installed: a code, what was expected, what came, what to do. */

/** A fault that the user can mend. Shown without a stack trace. */
export class SetUpFault extends Error {
  /**
   * @param {string} code names the kind of fault: 'no-python', 'no-network', …
   * @param {{ expected: string, received: string, remedy: string }} parts phrases without a full stop
   */
  constructor(code, { expected, received, remedy }) {
    super(`${code}\n  expected  ${expected}\n  received  ${received}\n  do        ${remedy}`)
    this.name = 'SetUpFault'
    this.code = code
    this.received = received
  }
}

/**
 * Runs a command of the project to its end: faults become messages, and the exit status tells what happened
 * (0 well, 1 a fault, 130 interrupted).
 * @param {() => Promise<number | void>} main gives the exit status, 0 if nothing
 */
export async function runMain(main) {
  process.on('SIGINT', () => {
    console.error('\nInterrupted. The same command goes on where this one stopped.')
    process.exit(130)
  })
  try {
    process.exitCode = (await main()) ?? 0
  } catch (fault) {
    if (!(fault instanceof SetUpFault)) throw fault
    console.error(`\n${fault.message}`)
    process.exitCode = 1
  }
}

const signs = [
  [/ENOSPC|No space left on device|Disk quota exceeded/i, 'disk-full', {
    expected: 'about 4 GB of free disk', remedy: 'free some disk space and run the same command again',
  }],
  [/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|Network is unreachable|name resolution|Connection (refused|reset|aborted|broken)|Read timed out|ConnectTimeout|NewConnectionError|ProxyError/i,
    'no-network', {
      expected: 'the npm and Python package registries to answer',
      remedy: 'check the network (and the proxy settings, if you need one) and run the same command again; '
        + 'after the first set-up no network is needed',
    }],
  [/DO NOT MATCH THE HASHES|EINTEGRITY/i, 'package-changed', {
    expected: 'packages with the checksums of the lock files',
    remedy: 'do not trust that registry or mirror; delete .cache and run the same command again, or use another mirror',
  }],
  [/EACCES|Permission denied|Read-only file system/i, 'not-writable', {
    expected: 'a project folder that this user may write to',
    remedy: 'move the project to a folder of your own, or give yourself the right to write there',
  }],
]

/**
 * The fault behind a program's last words.
 * @param {string} name what the program was to do
 * @param {string[]} lines its last lines of output
 * @param {string} log where all of them are
 */
export function diagnose(name, lines, log) {
  const text = lines.join('\n')
  const sign = signs.find(([pattern]) => pattern.test(text))
  const [pattern, code, parts] = sign ?? [/error|fatal|not found|fail/i, 'command-failed', {
    expected: `${name} to succeed`, remedy: `read ${log}; then run the same command again`,
  }]
  const line = lines.find(one => pattern.test(one)) ?? lines.at(-1) ?? 'no output'
  return new SetUpFault(code, { ...parts, received: `“${line.trim().slice(0, 300)}” (all of it: ${log})` })
}
