/** Predictions that students write down before the cell that settles them. */
import { formatNumber } from '../display/format'
import { html } from '../display/html'
import { put } from './output'

/** What one can guess: a number, words, yes or no; undefined while nothing is written. */
export type Guess = number | string | boolean | undefined

const guesses = new Map<string, Guess>()

/**
 * Notes a prediction. Run the cell again to change it.
 * @example writeGuess('numbers that moved in the frozen part', 0)
 */
export function writeGuess(question: string, value: Guess): void {
  guesses.set(question, value)
  say(question, value === undefined ? 'No prediction yet: write yours in the cell above.' : `You predict ${words(value)}.`)
}

/**
 * Shows a prediction beside what came out. Never throws: without a prediction it shows the outcome.
 * @example settleGuess('numbers that moved in the frozen part', 0)
 */
export function settleGuess(question: string, truth: Exclude<Guess, undefined>): void {
  const guessed = guesses.get(question)
  if (guessed === undefined) return say(question, `It is ${words(truth)}. (You had made no prediction.)`)
  const same = guessed === truth
  const off = typeof guessed === 'number' && typeof truth === 'number' && !same
    ? ` Off by ${words(Math.abs(guessed - truth))}.` : ''
  say(question, `You predicted ${words(guessed)}; it is ${words(truth)}.${same ? ' Just so.' : off}`)
}

function say(question: string, sentence: string): void {
  put({
    html: String(html`<div data-guess="${question}" style="border-left:4px solid #E69F00;padding:4px 10px">
<b>${question}</b><br>${sentence}</div>`),
    text: `${question}: ${sentence}`,
  })
}

function words(value: Exclude<Guess, undefined>): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return value
  return formatNumber(value, Number.isInteger(value) ? 'integer' : 'decimal').replace(/\.0+$|(?<=\.\d*[1-9])0+$/, '')
}
