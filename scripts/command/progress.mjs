/** What the user sees while a command works. */
import { progressLine } from '../../src/lib/system/progress-line.mjs'
import { duration } from './text.mjs'

/**
 * Shows that work goes on, and for how long: on a terminal in a line that is rewritten four times a second, elsewhere
 * in a new line every 15 seconds.
 * @param {string} title what is being done
 * @param {() => string} [look] is asked for what to show; without it, `update` tells
 * @returns {{ update(detail: string): void, end(outcome?: string): void }}
 */
export function activity(title, look) {
  const line = progressLine()
  const begun = performance.now()
  let detail = ''
  const elapsed = () => duration((performance.now() - begun) / 1000)
  const draw = () => {
    if (look) detail = look()
    const text = `  ${title} · ${elapsed()}${detail && ` · ${detail}`}`
    if (line.inPlace) line.show(text)
    else line.say(text)
  }
  if (line.inPlace) draw()
  else line.say(`  ${title} …`)
  const timer = setInterval(draw, line.inPlace ? 250 : 15_000)
  return {
    update(text) { detail = text },
    end(outcome = 'done') {
      clearInterval(timer)
      line.say(`  ${title} · ${outcome} in ${elapsed()}`)
    },
  }
}

/**
 * Shows stages of work that are counted: on a terminal one line with the share that is done, elsewhere a line a stage.
 * @returns {(stage: string, done: number, total: number | null) => void}
 */
export function stages() {
  const line = progressLine()
  let last = ''
  return (stage, done, total) => {
    const share = total ? `${Math.floor((100 * done) / total)} %` : String(done)
    if (line.inPlace && done !== total) line.show(`${stage} ${share}`)
    else if (line.inPlace) line.say(`${stage} ${share}`)
    else if (stage !== last) line.say(stage)
    last = stage
  }
}
