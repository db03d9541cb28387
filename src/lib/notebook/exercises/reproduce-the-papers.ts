/** The exercises of 09-reproduce-the-papers. */
import { exercise, exerciseFunction, type Exercises } from './exercise'

/** Of rows A to D of the notebook, those that fit: 60 ill, 40 well. */
const fitting: Record<string, string> = {
  A: 'A fits: 54 of 60 found, 36 of 40 left alone, 90 of 100 right.',
  B: 'B fits: 57 of 60 found, 36 of 40 left alone, 93 of 100 right.',
  D: 'D fits: 55 of 60 found, 33 of 40 left alone, 88 of 100 right.',
}

/** The published row of exercise 3. */
const pneumonia = 390, normal = 234, accuracy = '92.63', sensitivity = '97.18'

export const reproduceThePapers: Exercises = {
  'accuracy from sensitivity and specificity': exerciseFunction([
    { given: [1, 0.5, 50, 50], expected: 0.75, about: 'as many ill as well' },
    { given: [0.9, 0.6, 10, 90], expected: 0.63, about: 'ten ill and ninety well' },
    { given: [0.8, 0.8, 390, 234], expected: 0.8, about: 'a sensitivity that is the specificity' },
    { given: [0, 1, 3, 97], expected: 0.97, about: 'a classifier that calls nobody ill' },
  ]),
  'the impossible row': exercise('string', answer => {
    const row = answer.trim().toUpperCase()
    return row === 'C' || (fitting[row] ?? 'Write one of the letters A, B, C and D.')
  }),
  'the matrix behind two figures': exercise('object', answer => judgeMatrix(answer as Record<string, unknown>)),
  'ten images that only one gets right': exercise('number', answer => {
    if (!Number.isInteger(answer) || answer < 0 || answer > 5) return 'Expected: a whole number from 0 to 5, the smaller share of ten.'
    if (answer === 1) return true
    return answer > 1 ? 'A fair coin shares ten out as unevenly as that more often than once in twenty times.' : 'One more would still do.'
  }),
}

function judgeMatrix(matrix: Record<string, unknown>): boolean | string {
  const names = ['truePositives', 'falseNegatives', 'falsePositives', 'trueNegatives']
  const counts = names.map(name => matrix[name])
  if (!counts.every(count => Number.isInteger(count) && (count as number) >= 0))
    return `Expected: whole numbers ${names.join(', ')}, 0 or more.`
  const [found, missed, alarms, alone] = counts as number[]
  if (found + missed !== pneumonia) return `Found and missed together are ${found + missed}, not ${pneumonia}.`
  if (alarms + alone !== normal) return `False alarms and those left alone together are ${alarms + alone}, not ${normal}.`
  const print = (share: number) => (100 * share).toFixed(2)
  if (print(found / pneumonia) !== sensitivity) return `It prints as sensitivity ${print(found / pneumonia)}, not ${sensitivity}.`
  const correct = (found + alone) / (pneumonia + normal)
  return print(correct) === accuracy || `It prints as accuracy ${print(correct)}, not ${accuracy}.`
}
