/** Predictions that students write down before the cell that settles them. */
import { formatNumber } from '../display/format'
import { html } from '../display/html'
import { listed } from './explanations/explanation'
import { put } from './output'

/** What one can guess: a number, words, yes or no; undefined while nothing is written. */
export type Guess = number | string | boolean | undefined

/** What came out: one answer, several words that are equally true, or the reason why these images have no answer. */
export type Outcome = Exclude<Guess, undefined> | readonly string[] | { missing: string }

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
 * Shows a prediction beside what came out. Never throws: without a prediction it shows the outcome, and where the
 * images at hand have no answer (`missing`, a sentence; or a number that is not defined, NaN) it says so.
 * @example settleGuess('numbers that moved in the frozen part', 0)
 * @example settleGuess('the best depth', ['conv4', 'conv5'])
 * @example settleGuess('times wider by group', { missing: 'Nobody has named the groups of these images.' })
 */
export function settleGuess(question: string, truth: Outcome): void {
  const guessed = guesses.get(question)
  const reason = reasonOf(truth)
  if (reason !== null)
    return say(question, `${guessed === undefined ? 'It' : `You predicted ${words(guessed)}; it`} cannot be measured here. ${reason}`)
  const answer = truth as Exclude<Outcome, { missing: string }>
  if (guessed === undefined) return say(question, `It is ${words(answer)}. (You had made no prediction.)`)
  const right = Array.isArray(answer) ? answer.includes(guessed) : guessed === answer
  const off = typeof guessed === 'number' && typeof answer === 'number' && !right
    ? ` Off by ${words(Math.abs(guessed - answer))}.` : ''
  say(question, `You predicted ${words(guessed)}; it is ${words(answer)}.${right ? ' Just so.' : off}`)
}

/** The reason why there is no answer; null where there is one. */
function reasonOf(truth: Outcome): string | null {
  if (typeof truth === 'number' && Number.isNaN(truth)) return 'The figure is not defined for these images.'
  if (Array.isArray(truth) && truth.length === 0) return 'There is nothing to choose from.'
  return typeof truth === 'object' && 'missing' in truth ? truth.missing : null
}

function say(question: string, sentence: string): void {
  put({
    html: String(html`<div data-guess="${question}" style="border-left:4px solid #E69F00;padding:4px 10px">
<b>${question}</b><br>${sentence}</div>`),
    text: `${question}: ${sentence}`,
  })
}

function words(value: Exclude<Guess, undefined> | readonly string[]): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return value
  if (typeof value !== 'number') return value.length > 1 ? `${listed(value)} alike` : value[0]
  return formatNumber(value, Number.isInteger(value) ? 'integer' : 'decimal').replace(/\.0+$|(?<=\.\d*[1-9])0+$/, '')
}
