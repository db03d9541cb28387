import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { allExercises } from '../../src/lib/notebook/exercises/all'
import { exercise, exerciseFunction, exerciseNear, type Exercises } from '../../src/lib/notebook/exercises/exercise'
import { checkAnswer, verdict } from '../../src/lib/notebook/check'
import { writeGuess, settleGuess } from '../../src/lib/notebook/guess'

const exercises: Exercises = {
  'a small share': exercise('number', share => share < 0.5 || 'That is half or more.'),
  'mean': exerciseNear(12, 0.5, { low: 'Too dark: did you leave pixels out?', high: 'Too bright.' }),
  'relu': exerciseFunction([
    { given: [[1, -2, 0.5]], expected: [1, 0, 0.5], about: 'a negative number between positive ones' },
    { given: [[]], expected: [], about: 'nothing at all' },
  ]),
}
const judged = (name: string, answer: unknown) => verdict(exercises, name, answer)

describe('an exercise', () => {
  it('is unanswered, right, or wrong with a hint', () => {
    expect(judged('a small share', undefined).state).toBe('unanswered')
    expect(judged('a small share', 0.2)).toEqual({ state: 'right', message: 'Right.' })
    expect(judged('a small share', 0.7)).toEqual({ state: 'wrong', message: 'That is half or more.' })
  })

  it('says on which side of the truth a number lies, not where the truth is', () => {
    expect(judged('mean', 12.4).state).toBe('right')
    expect(judged('mean', 3).message).toMatch(/Too dark/)
    expect(judged('mean', 200).message).toBe('Too bright.')
  })

  it('tries functions on cases and names the one that fails', () => {
    expect(judged('relu', (values: number[]) => values.map(v => Math.max(0, v))).state).toBe('right')
    expect(judged('relu', (values: number[]) => Float32Array.from(values, v => Math.max(0, v))).state).toBe('right')
    expect(judged('relu', (values: number[]) => values.map(Math.abs)).message)
      .toBe('Wrong for a negative number between positive ones: yours gives [1, 2, 0.5].')
  })

  it('keeps its cases whole when an answer changes what it is given', () => {
    const greedy = (values: number[]) => values.splice(0).map(v => Math.max(0, v))
    expect(judged('relu', greedy).state).toBe('right')
    expect(judged('relu', greedy).state).toBe('right')
  })

  it('does not stop the notebook when an answer is of the wrong kind or throws', () => {
    expect(judged('mean', 'twelve').message).toBe('Expected: a number. Yours is a string.')
    expect(judged('mean', null).message).toBe('Expected: a number. Yours is null.')
    expect(judged('mean', NaN).message).toMatch(/NaN/)
    expect(judged('relu', () => { throw new Error('no such layer') }).message).toBe('Yours stops with: no such layer')
  })

  it('is named with the nearest names where it is not there', () => {
    expect(() => judged('maen', 1)).toThrow(/bad-argument: expected an exercise's name, such as mean/)
  })
})

describe('the exercises of all notebooks', () => {
  it('run through unanswered, and no nonsense is right or throws', () => {
    for (const [name, { kind }] of Object.entries(allExercises)) {
      expect(verdict(allExercises, name, undefined).state).toBe('unanswered')
      expect(verdict(allExercises, name, kind === 'string' ? 'nonsense' : 'not of this kind').state, name).toBe('wrong')
    }
  })
})

describe('in a notebook without a notebook', () => {
  let lines: string[]
  beforeEach(() => {
    lines = []
    vi.spyOn(console, 'log').mockImplementation(line => void lines.push(line))
  })
  afterEach(() => vi.restoreAllMocks())

  it('a prediction is noted, then shown beside the truth', () => {
    writeGuess('moved', 100)
    settleGuess('moved', 0)
    writeGuess('better', true)
    settleGuess('better', true)
    expect(lines).toEqual([
      'moved: You predict 100.', 'moved: You predicted 100; it is 0. Off by 100.',
      'better: You predict yes.', 'better: You predicted yes; it is yes. Just so.',
    ])
  })

  it.each([[14.4, '14.4'], [-12.5, '-12.5'], [0.99999, '1'], [0.1234, '0.123'], [100, '100'], [4e-10, '4.0e-10']])(
    'the number %d is said as %s', (truth, said) => {
      settleGuess('unasked', truth)
      expect(lines).toEqual([`unasked: It is ${said}. (You had made no prediction.)`])
    })

  it('a prediction is settled by one of several equal answers, or by the reason why there is none', () => {
    writeGuess('best', 'conv4')
    settleGuess('best', ['conv4', 'conv5'])
    writeGuess('best', 'stem')
    settleGuess('best', ['conv4', 'conv5'])
    settleGuess('best', ['stem'])
    writeGuess('wider', 3)
    settleGuess('wider', { missing: 'No groups are known.' })
    settleGuess('wider', NaN)
    settleGuess('never asked', { missing: 'No groups are known.' })
    expect(lines.filter(line => !line.includes('You predict '))).toEqual([
      'best: You predicted conv4; it is conv4 and conv5 alike. Just so.',
      'best: You predicted stem; it is conv4 and conv5 alike.', 'best: You predicted stem; it is stem. Just so.',
      'wider: You predicted 3; it cannot be measured here. No groups are known.',
      'wider: You predicted 3; it cannot be measured here. The figure is not defined for these images.',
      'never asked: It cannot be measured here. No groups are known.',
    ])
  })

  it('a prediction that was never made does no harm', () => {
    writeGuess('later', undefined)
    settleGuess('later', 0.25)
    settleGuess('never asked', 'conv4')
    expect(lines).toEqual([
      'later: No prediction yet: write yours in the cell above.', 'later: It is 0.25. (You had made no prediction.)',
      'never asked: It is conv4. (You had made no prediction.)',
    ])
  })

  it('a check says that nothing is answered yet', () => {
    for (const name of Object.keys(allExercises)) checkAnswer(name, undefined)
    expect(lines).toEqual(Object.keys(allExercises).map(name => `○ ${name}: Not answered yet.`))
  })
})
