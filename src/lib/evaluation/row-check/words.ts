/** A check of a row in sentences. */
import type { Counts } from '../metrics'
import { named } from './contradictions'
import { compareWithPrint, roundingsOfMatrix, type ClassCounts } from './fitting'
import { likePrint, metricNames, type ReadFigure } from './printed'
import { countWords, type Reading } from './readings'
import type { RowCheck } from './row-check'

/** What was known of the test set. */
interface Known {
  known: ClassCounts | null
  total?: number
  upTo: number
}

/** How many test sets are named. */
const namedSets = 5

/** Sentences for the command and the table's note: what was read, what fits, and what a fit is worth. */
export function describeCheck(check: Omit<RowCheck, 'words'>, known: Known): string[] {
  const { verdict, figures, ignored, contradictions, nearest } = check
  return [
    ...describeUnits(figures),
    ...ignored.map(figure => `${named(figure)} is ignored: no confusion matrix gives it.`),
    ...(verdict === 'nothing to check' ? ['Nothing is left to check.'] : []),
    ...contradictions,
    ...(known.known ? describeReadings(check.readings) : describeSearch(check, known)),
    ...(nearest ? [describeNearest(nearest.matrix, figures)] : []),
    ...check.oneFigureOff.map(({ figure, matrix, value }) => `Without ${named(figure)} exactly one matrix fits: `
      + `${matrixWords(matrix)}; it gives ${likePrint(value, figure)}. A misprint would explain the row.`),
    ...(isPossible(check) ? ['A row that fits is possible; that does not make it true.'] : []),
    ...(verdict === 'impossible as printed' ? [impossibleWords(check)] : []),
  ]
}

/** Such as 'TP 239, FN 7, FP 18, TN 232'. */
export function matrixWords({ truePositives, falseNegatives, falsePositives, trueNegatives }: Counts): string {
  return `TP ${truePositives}, FN ${falseNegatives}, FP ${falsePositives}, TN ${trueNegatives}`
}

function isPossible({ readings, testSets }: Omit<RowCheck, 'words'>): boolean {
  return readings.some(({ fits }) => fits.count > 0) || testSets.length > 0
}

function describeUnits(figures: readonly ReadFigure[]): string[] {
  const of = (unit: ReadFigure['unit']) => figures.filter(figure => figure.unit === unit)
  const percents = of('percent'), fractions = of('fraction')
  if (percents.length > 0 && fractions.length > 0)
    return [`Read as percent: ${percents.map(named).join(', ')}; as fractions: ${fractions.map(named).join(', ')}.`]
  return figures.length === 0 ? [] : [`All figures are read as ${percents.length > 0 ? 'percent' : 'fractions'}.`]
}

function describeReadings(readings: readonly Reading[]): string[] {
  if (readings.length === 0) return []
  const [printed, ...alternatives] = readings
  const fitting = alternatives.filter(({ fits }) => fits.count > 0)
  const failed = alternatives.filter(({ name }) => fitting.every(reading => reading.name !== name))
  return [
    describeFits(printed, `As printed, ${printed.description}`),
    // Where many matrices fit as printed, those of other readings tell nothing more.
    ...(printed.fits.count > 1 ? [] : fitting).map(reading => describeFits(reading, capital(reading.description))),
    ...(failed.length > 0 && printed.fits.count === 0
      ? [`Tried without a fit: ${[...new Set(failed.map(({ name }) => name))].join('; ')}.`] : []),
  ]
}

function describeFits({ fits: { count, matrices }, meaning, untested }: Reading, start: string): string {
  const tested = untested.length > 0 ? `, as far as can be tested (not ${untested.map(metric => metricNames[metric]).join(', ')})` : ''
  if (count === 0) return `${start}: no confusion matrix fits.`
  if (count > 1) return `${start}: ${count} confusion matrices fit${tested}.`
  const [matrix] = matrices
  return `${start}: exactly one confusion matrix fits${tested}: ${matrixWords(matrix)}`
    + `${meaning.averaging === 'one class' ? '' : ' (the first class counted as positive)'}.`
}

function describeSearch({ verdict, testSets }: Omit<RowCheck, 'words'>, { total, upTo }: Known): string[] {
  if (!verdict.endsWith('test set') && !verdict.endsWith('test sets')) return []
  if (verdict === 'too many test sets')
    return ['The search stopped: the figures say too little about the test set. State the class counts, or more figures.']
  const among = total === undefined ? `test sets of up to ${upTo} images` : `test sets of ${total} images`
  if (testSets.length === 0) return [`No matrix fits among all ${among}.`]
  const sets = testSets.slice(0, namedSets).map(set => {
    const { count, matrices: [matrix] } = set.fits
    return `${countWords(set)} (${count === 1 ? matrixWords(matrix) : `${count} matrices`})`
  })
  const more = testSets.length > namedSets ? `, and ${testSets.length - namedSets} more` : ''
  return [`Among all ${among}, ${testSets.length === 1 ? 'one fits' : `${testSets.length} fit`}: ${sets.join('; ')}${more}.`]
}

function describeNearest(matrix: Counts, figures: readonly ReadFigure[]): string {
  const wrong = compareWithPrint(matrix, figures).filter(({ agrees }) => !agrees)
    .map(({ figure, value }) => `${metricNames[figure.metric]} ${likePrint(value, figure)} where ${figure.print} is printed`)
  return `The nearest matrix as printed is ${matrixWords(matrix)}: ${wrong.join(', ')}.`
}

function impossibleWords({ contradictions }: Omit<RowCheck, 'words'>): string {
  return contradictions.length > 0 ? 'Impossible as printed: the figures contradict each other.'
    : 'Impossible as printed: a misprint, means over runs or unequal folds, or another test set may explain the row.'
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1)
}

/** By which roundings a matrix gives a row: 'half up, half even'. */
export function roundingWords(matrix: Counts, figures: readonly ReadFigure[]): string {
  return roundingsOfMatrix(matrix, figures).join(', ') || 'none for all figures at once'
}
