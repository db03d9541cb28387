/** Output of notebooks: HTML under tslab's kernel, text in a terminal. */
import { createRequire } from 'node:module'
import type * as Tslab from 'tslab'
import { sendAtOnce } from './kernel-socket'

/** One output, for a browser and for a terminal. */
export interface Shown {
  html: string
  text: string
  /** Where it is given, notebooks render it in place of the HTML. */
  markdown?: string
}

/** A part of a cell's output that each update replaces. */
export interface LiveOutput {
  update(shown: Shown): void
}

/** Whether the program runs in a notebook, as against a terminal or a test. */
export function inNotebook(): boolean {
  return process.argv[2] === 'kernel' && /tslab(\.js)?$/.test(process.argv[1] ?? '')
}

/** Shows something once. */
export function put({ html, text, markdown }: Shown): void {
  if (!inNotebook()) console.log(text)
  else if (markdown !== undefined) tslab().display.markdown(markdown)
  else tslab().display.html(html)
}

/** An output that can be updated. It works under tslab only; `progress.ts` handles terminals. */
export function liveOutput(): LiveOutput {
  const display = tslab().newDisplay()
  return { update: shown => display.html(shown.html) }
}

/** tslab, which is loaded only where its kernel runs: it contains a whole TypeScript compiler. */
function tslab(): typeof Tslab {
  sendAtOnce()
  return createRequire(__filename)('tslab') as typeof Tslab
}
