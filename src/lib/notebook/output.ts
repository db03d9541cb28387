/** Where what notebooks show goes: into the notebook under tslab's kernel, else as text to the terminal. */
import { createRequire } from 'node:module'
import type * as Tslab from 'tslab'
import { sendAtOnce } from './kernel-socket'

/** The same thing for a browser and for a terminal. */
export interface Shown {
  html: string
  text: string
}

/** A place in a cell's output whose content is replaced with each update. */
export interface LiveOutput {
  update(shown: Shown): void
}

/** Whether the program runs in a notebook, as against a terminal or a test. */
export function inNotebook(): boolean {
  return process.argv[2] === 'kernel' && /tslab(\.js)?$/.test(process.argv[1] ?? '')
}

/** Shows something once. */
export function put({ html, text }: Shown): void {
  if (inNotebook()) tslab().display.html(html)
  else console.log(text)
}

/** A place for something that changes. Under tslab only: see `progress.ts` for terminals. */
export function liveOutput(): LiveOutput {
  const display = tslab().newDisplay()
  return { update: shown => display.html(shown.html) }
}

/** tslab brings a whole TypeScript compiler: it is loaded only where it runs already. */
function tslab(): typeof Tslab {
  sendAtOnce()
  return createRequire(__filename)('tslab') as typeof Tslab
}
