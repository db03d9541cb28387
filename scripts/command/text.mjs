/** Numbers and lines as commands print them. */
import { plainText } from '../../src/lib/system/plain-text.mjs'

/** Prints a line. */
export function say(line = '') {
  process.stdout.write(`${plainText(line)}\n`)
}

/** Seconds as 7 s or 2 min 5 s. */
export function duration(seconds) {
  const whole = Math.round(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/** Bytes as 12 MB or 1.3 GB. */
export function size(bytes) {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}
