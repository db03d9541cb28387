/**
 * Progress in a terminal: one line that is rewritten in place. Where output goes to a pipe or a file, lines stay, so
 * only those that are meant to stay are written. Plain JavaScript: the set-up runs before anything is installed.
 */
import { plainText } from './plain-text.mjs'

/**
 * @typedef {object} ProgressLine
 * @property {boolean} inPlace whether the line is rewritten; false for pipes, files and continuous integration
 * @property {(text: string) => void} show rewrites the line; writes nothing where lines cannot be rewritten
 * @property {(text: string) => void} say writes a line that stays, above whatever is shown next
 */

/** @returns {ProgressLine} on standard output */
export function progressLine() {
  const { stdout } = process
  const inPlace = Boolean(stdout.isTTY) && !process.env.CI
  const clear = '\r\x1b[2K'
  let shown = false
  const say = text => {
    if (shown) stdout.write(clear)
    shown = false
    console.log(plainText(text))
  }
  return {
    inPlace, say,
    show(text) {
      if (!inPlace) return
      // A longer line would wrap, and a wrapped line cannot be rewritten.
      stdout.write(clear + plainText(text).replaceAll('\n', ' ').slice(0, (stdout.columns || 80) - 1))
      shown = true
    },
  }
}
