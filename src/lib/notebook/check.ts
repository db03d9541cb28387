/** Checking a student's answer to an exercise. */
import { LabError, nearest } from '../system/errors'
import { allExercises } from './exercises/all'
import type { Exercises } from './exercises/exercise'
import { html } from '../display/html'
import { put } from './output'

/** What a check found. */
export interface Verdict {
  state: 'right' | 'wrong' | 'unanswered'
  /** A sentence for the student. */
  message: string
}

const looks = {
  right: { sign: '✓', color: '#009E73' },
  wrong: { sign: '✗', color: '#D55E00' },
  unanswered: { sign: '○', color: '#888888' },
} as const

/**
 * Says whether an answer is right, and if not, what is wrong with it. Leave the answer undefined to go on without it:
 * a notebook runs through with nothing answered.
 * @throws LabError 'bad-argument' for an exercise that is not there, naming the nearest
 * @example checkAnswer('at most a million numbers train', freeze(network, { through: 'conv5' }))
 */
export function checkAnswer(name: string, answer: unknown): void {
  const { state, message } = verdict(allExercises, name, answer)
  const { sign, color } = looks[state]
  put({
    html: String(html`<div data-exercise="${name}" data-state="${state}" style="border-left:4px solid ${color};padding:4px 10px">
<b>${sign} ${name}</b><br>${message}</div>`),
    text: `${sign} ${name}: ${message}`,
  })
}

/** The verdict on an answer to one of `exercises`. */
export function verdict(exercises: Exercises, name: string, answer: unknown): Verdict {
  const found = Object.hasOwn(exercises, name) ? exercises[name] : undefined
  if (!found)
    throw new LabError('bad-argument', {
      expected: `an exercise's name, such as ${nearest(name, Object.keys(exercises)).join('; ')}`,
      received: name, remedy: 'Copy the name from the exercise',
    })
  if (answer === undefined) return { state: 'unanswered', message: 'Not answered yet.' }
  if (typeof answer !== found.kind)
    return { state: 'wrong', message: `Expected: a ${found.kind}. Yours is ${answer === null ? 'null' : `a ${typeof answer}`}.` }
  if (typeof answer === 'number' && Number.isNaN(answer)) return { state: 'wrong', message: 'Yours is not a number (NaN).' }
  try {
    const judgement = found.judge(answer)
    return judgement === true ? { state: 'right', message: 'Right.' } : { state: 'wrong', message: judgement }
  } catch (error) {
    return { state: 'wrong', message: `Yours stops with: ${error instanceof Error ? error.message : String(error)}` }
  }
}
