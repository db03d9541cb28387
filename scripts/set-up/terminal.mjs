/** What the user sees while something takes its time. */

const live = process.stdout.isTTY && !process.env.CI

/** Prints a line. */
export function say(line = '') {
  process.stdout.write(`${line}\n`)
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

/**
 * Shows that something goes on: in a terminal a line that is rewritten, elsewhere a new line every quarter minute.
 * @param {string} title
 * @param {() => string} [look] asked at each turn for what to show; without it `update` tells
 * @returns {{ update(detail: string): void, end(outcome?: string): void }}
 */
export function activity(title, look) {
  const started = Date.now()
  let detail = ''
  const elapsed = () => duration((Date.now() - started) / 1000)
  const draw = () => {
    if (look) detail = look()
    const line = `  ${title} · ${elapsed()}${detail && ` · ${detail}`}`
    if (live) process.stdout.write(`\r\x1b[2K${line.slice(0, (process.stdout.columns || 80) - 1)}`)
    else say(line)
  }
  if (live) draw()
  else say(`  ${title} …`)
  const timer = setInterval(draw, live ? 250 : 15_000)
  return {
    update(text) { detail = text },
    end(outcome = 'done') {
      clearInterval(timer)
      if (live) process.stdout.write('\r\x1b[2K')
      say(`  ${title} · ${outcome} in ${elapsed()}`)
    },
  }
}
