/** Errors of the set-up: a code, what was expected, what was received, what to do. */

import { root } from './project.mjs'

/** An error that the user can mend. `runCommand` prints it without a stack trace. */
export class SetUpError extends Error {
  /**
   * @param {string} code the kind of error: 'no-python', 'no-network', …
   * @param {{ expected: string, received: string, remedy: string }} parts phrases without a full stop
   */
  constructor(code, { expected, received, remedy }) {
    super(`${code}\n  expected  ${expected}\n  received  ${received}\n  do        ${remedy}`)
    this.name = 'SetUpError'
    this.code = code
    this.expected = expected
    this.received = received
    this.remedy = remedy
  }
}

/** What programs print, and the error that it means. */
const signs = [
  [/ENOSPC|EDQUOT|No space left on device|Disk quota exceeded/i, 'disk-full', {
    expected: `about 4 GB of free disk in ${root}`, remedy: 'free some disk space and run the same command again',
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
  [/EACCES|EPERM|EROFS|Permission denied|Operation not permitted|Read-only file system/i, 'not-writable', {
    expected: 'a project folder that this user may write to',
    remedy: 'move the project to a folder of your own, or give yourself the right to write there',
  }],
]

/**
 * The error that a failed program's last lines of output point to.
 * @param {string} name what the program was run for
 * @param {string[]} lines the last lines of output
 * @param {string} log the file with the whole output
 */
export function diagnose(name, lines, log) {
  const text = lines.join('\n')
  const sign = signs.find(([pattern]) => pattern.test(text))
  const [pattern, code, parts] = sign ?? [/error|fatal|not found|fail/i, 'command-failed', {
    expected: `${name} to succeed`, remedy: `read ${log}; then run the same command again`,
  }]
  const line = lines.find(one => pattern.test(one)) ?? lines.at(-1) ?? 'no output'
  return new SetUpError(code, { ...parts, received: `“${line.trim().slice(0, 300)}” (whole output: ${log})` })
}
