import { expect, test } from 'vitest'
import { yourOwnImages } from '../../src/lib/notebook/exercises/your-own-images'
import { verdict } from '../../src/lib/notebook/check'

type Call = (probabilities: number[], positive: number, threshold: number) => number
const likeliest: Call = probabilities => probabilities.indexOf(Math.max(...probabilities))
const withThreshold: Call = (probabilities, positive, threshold) =>
  probabilities[positive] >= threshold ? positive
  : likeliest(probabilities.map((p, k) => (k === positive ? -1 : p)), 0, 0)

test.each([
  ['the patient in a file name', 'person(\\d+)_'],
  ['the patient in a file name', '^person(\\d+)'],
  ['the patient in a file name', 'person\\d+'],
  ['no mistake in thirty', 0.095],
  ['no mistake in thirty', 3 / 30],
  ['called with a threshold', withThreshold],
])('%s: %s is right', (name, answer) => {
  expect(verdict(yourOwnImages, name, answer)).toEqual({ state: 'right', message: 'Right.' })
})

test.each([
  ['the patient in a file name', 'person(\\d)', /different people for one, “2”/],
  ['the patient in a file name', '(.*)', /two images of person 23 for two people/],
  ['the patient in a file name', 'person(\\d+)_bacteria', /does not match person230/],
  ['the patient in a file name', 'person(', /regular expression/],
  ['no mistake in thirty', 0.05, /Too low/],
  ['no mistake in thirty', 1 / 3, /Too high/],
  ['called with a threshold', likeliest, /low threshold/],
  ['called with a threshold', ((p, positive, threshold) => (p[positive] >= threshold ? positive : likeliest(p, 0, 0))) as Call, /below the threshold/],
  ['called with a threshold', ((p, positive, threshold) => (p[positive] > threshold ? positive : withThreshold(p, positive, 2))) as Call, /exactly the threshold/],
])('%s: %s gets a hint', (name, answer, hint) => {
  expect(verdict(yourOwnImages, name, answer)).toEqual({ state: 'wrong', message: expect.stringMatching(hint) })
})
