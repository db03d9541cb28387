import { expect, test } from 'vitest'
import { papers } from '../../src/lib/index'
import { reproduceThePapers } from '../../src/lib/notebook/exercises/reproduce-the-papers'
import { verdict } from '../../src/lib/notebook/check'

const judged = (name: string, answer: unknown) => verdict(reproduceThePapers, name, answer)
const matrix = { truePositives: 379, falseNegatives: 11, falsePositives: 35, trueNegatives: 199 }

test.each<[string, unknown, unknown, RegExp]>([
  ['accuracy from sensitivity and specificity', (s: number, t: number, p: number, n: number) => (s * p + t * n) / (p + n),
    (s: number, t: number) => (s + t) / 2, /ten ill and ninety well/],
  ['the impossible row', 'C', 'A', /54 of 60/],
  ['the impossible row', ' c', 'E', /one of the letters/],
  ['the matrix behind two figures', matrix, { ...matrix, falsePositives: 36 }, /are 235, not 234/],
  ['the matrix behind two figures', matrix, { ...matrix, truePositives: 380 }, /are 391, not 390/],
  ['the matrix behind two figures', matrix, { ...matrix, truePositives: 378, falseNegatives: 12 }, /sensitivity 96\.92/],
  ['the matrix behind two figures', matrix, { ...matrix, falsePositives: 34, trueNegatives: 200 }, /accuracy 92\.79/],
  ['the matrix behind two figures', matrix, [379, 11, 35, 199], /whole numbers/],
  ['ten images that only one gets right', 1, 2, /more often/],
  ['ten images that only one gets right', 1, 0, /One more/],
  ['ten images that only one gets right', 1, 9, /from 0 to 5/],
])('%s', (name, right, wrong, hint) => {
  expect(judged(name, right).state).toBe('right')
  expect(judged(name, wrong)).toMatchObject({ state: 'wrong', message: expect.stringMatching(hint) as string })
})

test('the row check finds what the exercises ask for', () => {
  const verdicts = Object.entries({
    A: ['90.0', '90.0', '90.0'], B: ['93.0', '95.0', '90.0'], C: ['95.0', '96.7', '95.0'], D: ['88.0', '91.7', '82.5'],
  }).map(([row, [accuracy, sensitivity, specificity]]) =>
    [row, papers.checkRow({ positives: 60, negatives: 40, printed: { accuracy, sensitivity, specificity } }).verdict])
  expect(verdicts).toEqual([['A', 'one matrix'], ['B', 'one matrix'], ['C', 'impossible as printed'], ['D', 'one matrix']])
  const [{ fits }] = papers.checkRow({ positives: 390, negatives: 234, printed: { accuracy: '92.63', sensitivity: '97.18' } }).readings
  expect(fits.matrices).toEqual([matrix])
})
