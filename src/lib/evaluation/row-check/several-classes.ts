/** Rows of three classes or more: sensitivities and precisions give column totals, which have to add up. */
import { LabError, requireInRange } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import type { Confusion } from '../metrics'
import { readPrinted, type ReadFigure, type Unit } from './printed'
import { ratio } from './ratio'
import { compareToPrint } from './rounding'

/** A row with figures by class. */
export interface ClassesQuestion {
  /** Test images of each class. */
  counts: Readonly<Record<string, number>>
  /** Over all classes, with the digits as printed. */
  accuracy?: string
  /** By class, with the digits as printed; classes may be left out. */
  sensitivity?: Readonly<Record<string, string>>
  precision?: Readonly<Record<string, string>>
  unit?: Unit
}

/** What a row of several classes can be. */
export interface ClassesCheck {
  verdict: 'one matrix' | 'several matrices' | 'impossible as printed' | 'accuracy only'
  /** How many matrices fit; for more than three classes the number of column totals. */
  count: number
  /** For three classes, at most 20 matrices that fit: truth in rows, classes in the order of `counts`. */
  matrices: Confusion[]
  /** How often each class is predicted, in every way that fits; at most 20 ways. */
  predicted: number[][]
  /** The numbers of correct images that print as the accuracy; at most 20. */
  correct: number[]
  words: string[]
}

/** One class: correct images, and images predicted as the class. */
interface ClassChoice {
  correct: number
  predicted: number
}

const listed = 20
/** Pairs of correct and predicted images of one class that are tried, at most. */
const mostChoices = 20_000

/**
 * Checks a row of three classes or more. Each class's sensitivity gives its correct images, and its precision the
 * images predicted as the class; predicted images add up to the test set, correct ones to the accuracy, and the rest
 * has to be possible as mistakes. Figures are rounded half up or half even.
 * @throws LabError 'bad-argument' where too few figures are known to search, or a class is not among the counts
 * @example papers.checkClasses({ counts: { normal: 100, pneumonia: 100, COVID: 31 }, accuracy: '94.4',
 *   sensitivity: { normal: '99.0', pneumonia: '89.0', COVID: '96.8' },
 *   precision: { normal: '91.7', pneumonia: '98.9', COVID: '90.9' } }).words
 */
export function checkClasses(question: ClassesQuestion): ClassesCheck {
  requireKnownKeys('checkClasses', question ?? null,
    { counts: true, accuracy: true, sensitivity: true, precision: true, unit: true })
  const { counts, accuracy, sensitivity = {}, precision = {}, unit } = question
  const labels = Object.keys(counts), sizes = Object.values(counts)
  if (labels.length < 3) throw refused('three classes or more in counts', `${labels.length}`, 'Use checkRow for two classes')
  for (const [label, size] of Object.entries(counts)) requireInRange(`counts.${label}`, size, { low: 1, high: 100_000, whole: true })
  const stated = [sensitivity, precision].flatMap(printed => Object.keys(printed))
  for (const label of stated)
    if (!Object.hasOwn(counts, label)) throw refused(`a class of counts (${labels.join(', ')})`, label, 'Name each class as in counts')
  const total = sizes.reduce((a, b) => a + b, 0)
  const overall = accuracy === undefined ? null : readPrinted({ accuracy }, unit)[0]
  const correct = accuracy === undefined ? [] : correctImages(accuracy, total, unit)
  if (stated.length === 0) return accuracyOnly(correct, total, accuracy)
  const choices = labels.map((label, i) => choicesOf(label, sizes[i], total,
    read('sensitivity', printedOf(sensitivity, label), unit), read('precision', printedOf(precision, label), unit)))
  const found: ClassChoice[][] = []
  combine(choices, total, chosen => {
    if (overall && !fits(sumOf(chosen, 'correct'), total, overall)) return
    if (canBeMistakes(sizes, chosen)) found.push(chosen)
  })
  const matrices = labels.length === 3 ? found.flatMap(chosen => matricesOf(sizes, chosen)) : []
  const count = labels.length === 3 ? matrices.length : found.length
  const predicted = found.slice(0, listed).map(chosen => chosen.map(one => one.predicted))
  return {
    verdict: count === 0 ? 'impossible as printed' : count === 1 ? 'one matrix' : 'several matrices',
    count, matrices: matrices.slice(0, listed), predicted, correct: correct.slice(0, listed),
    words: count === 0
      ? ['No confusion matrix fits: predicted images do not add up to the test set, or correct ones not to the accuracy.',
        'Impossible as printed.']
      : [...(matrices.length === 1 ? [`Exactly one confusion matrix fits: ${matrixRows(matrices[0])}.`]
          : [`${count} ${labels.length === 3 ? 'confusion matrices fit' : 'lists of column totals fit'}.`]),
        ...(found.length === 1
          ? [`Predicted: ${labels.map((label, i) => `${found[0][i].predicted} ${label}`).join(', ')} of ${total}.`] : []),
        'A row that fits is possible; that does not make it true.'],
  }
}

/** What is printed for a class; a class may be called as every object's properties are, such as 'constructor'. */
function printedOf(printed: Readonly<Record<string, string>>, label: string): string | undefined {
  return Object.hasOwn(printed, label) ? printed[label] : undefined
}

/** The numbers of correct images among `total` that print as an accuracy. */
export function correctImages(accuracy: string, total: number, unit?: Unit): number[] {
  const [figure] = readPrinted({ accuracy }, unit)
  return wholeNumbers(0, total, whole => fits(whole, total, figure))
}

/** Such as '1040', '1110 or 1111', '1403 to 1417'. */
export function numberWords(numbers: readonly number[]): string {
  return numbers.length > 3 ? `${numbers[0]} to ${numbers[numbers.length - 1]}` : numbers.join(' or ')
}

/** Such as '99, 1, 0 / 8, 89, 3 / 1, 0, 30'. */
export function matrixRows(matrix: Confusion): string {
  return matrix.map(row => row.join(', ')).join(' / ')
}

function accuracyOnly(correct: number[], total: number, print?: string): ClassesCheck {
  const verdict = correct.length === 0 ? 'impossible as printed' : 'accuracy only'
  const words = print === undefined ? ['Nothing is left to check.'] : correct.length === 0
    ? [`No number of correct images among ${total} prints as ${print}.`, 'Impossible as printed.']
    : [`Accuracy ${print} is ${numberWords(correct)} of ${total} images. Nothing else is known, so nothing else is checked.`]
  return { verdict, count: correct.length, matrices: [], predicted: [], correct: correct.slice(0, listed), words }
}

/** A class's figure on a scale of its own; undefined where it is not printed. */
function read(metric: 'sensitivity' | 'precision', print: string | undefined, unit?: Unit): ReadFigure | undefined {
  return print === undefined ? undefined : readPrinted({ [metric]: print }, unit)[0]
}

function fits(part: number, whole: number, figure: ReadFigure): boolean {
  return compareToPrint(ratio(part, whole), figure, 'nearest') === 0
}

function wholeNumbers(low: number, high: number, holds: (whole: number) => boolean): number[] {
  return Array.from({ length: high - low + 1 }, (_, i) => low + i).filter(holds)
}

/** All that a class can be. */
function choicesOf(
  label: string, size: number, total: number, sensitivity: ReadFigure | undefined, precision: ReadFigure | undefined,
): ClassChoice[] {
  const correct = wholeNumbers(0, size, whole => !sensitivity || fits(whole, size, sensitivity))
  const tried = correct.length * (total - size + 1)
  if (!precision && tried > mostChoices)
    throw refused(`sensitivity and precision of ${label}`, sensitivity ? 'sensitivity only' : 'neither',
      'State both for every class, or none of them and the accuracy')
  const fitting = (each: number) => (predicted: number) => !precision || fits(each, predicted, precision)
  return correct.flatMap(each => wholeNumbers(each, each + total - size, fitting(each))
    .map(predicted => ({ correct: each, predicted })))
}

/** Calls `use` with one choice for each class, where predicted images add up to the test set. */
function combine(choices: readonly ClassChoice[][], total: number, use: (chosen: ClassChoice[]) => void): void {
  const last = choices.length - 1
  const byPredicted = new Map<number, ClassChoice[]>()
  for (const choice of choices[last])
    byPredicted.set(choice.predicted, [...byPredicted.get(choice.predicted) ?? [], choice])
  const go = (k: number, left: number, chosen: ClassChoice[]): void => {
    if (k === last) return (byPredicted.get(left) ?? []).forEach(choice => use([...chosen, choice]))
    for (const choice of choices[k])
      if (choice.predicted <= left) go(k + 1, left - choice.predicted, [...chosen, choice])
  }
  go(0, total, [])
}

/** Whether mistakes of each row and column can be shared out off the diagonal. */
function canBeMistakes(sizes: readonly number[], chosen: readonly ClassChoice[]): boolean {
  const all = sizes.reduce((sum, size, k) => sum + size - chosen[k].correct, 0)
  return chosen.every(({ correct, predicted }, k) => (sizes[k] - correct) + (predicted - correct) <= all)
}

/** The matrices of three classes with given diagonal and column totals: one mistake decides all others. */
function matricesOf(sizes: readonly number[], chosen: readonly ClassChoice[]): Confusion[] {
  const rows = sizes.map((size, k) => size - chosen[k].correct)
  const columns = chosen.map(one => one.predicted - one.correct)
  return wholeNumbers(0, rows[0], () => true).map((first): Confusion => {
    const thirdToSecond = columns[1] - first, thirdToFirst = rows[2] - thirdToSecond
    const secondToFirst = columns[0] - thirdToFirst
    return [
      [chosen[0].correct, first, rows[0] - first],
      [secondToFirst, chosen[1].correct, rows[1] - secondToFirst],
      [thirdToFirst, thirdToSecond, chosen[2].correct],
    ]
  }).filter(matrix => matrix.flat().every(count => count >= 0))
}

function sumOf(chosen: readonly ClassChoice[], key: keyof ClassChoice): number {
  return chosen.reduce((sum, choice) => sum + choice[key], 0)
}

function refused(expected: string, received: string, remedy: string): LabError {
  return new LabError('bad-argument', { expected, received, remedy })
}
