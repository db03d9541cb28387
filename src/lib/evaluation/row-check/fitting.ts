/** Which confusion matrices of a test set print as a row's figures. */
import type { Counts } from '../metrics'
import { metricOf, type Averaging } from './matrix-metrics'
import type { ReadFigure } from './printed'
import { compareToPrint, roundingsOf, widestRange, type Rounding } from './rounding'
import { toNumber } from './ratio'

/** The classes' sizes: images of the class that counts as positive, and of the other one. */
export interface ClassCounts {
  positives: number
  negatives: number
}

/** The matrices that fit. */
export interface Fits {
  count: number
  /** The first of them, at most `listed`. */
  matrices: Counts[]
}

/** How the figures are meant. */
export interface Meaning {
  rounding: Rounding
  averaging: Averaging
}

/** How many matrices are listed; all are counted. */
export const listed = 20

export const asPrinted: Meaning = { rounding: 'nearest', averaging: 'one class' }

/**
 * The matrices whose figures print as the row's. For each number of true positives the false positives that fit are one
 * interval, since every metric falls as false positives are added: its ends are found by halving, not by trying all.
 */
export function fittingMatrices(
  { positives, negatives }: ClassCounts, figures: readonly ReadFigure[], meaning: Meaning = asPrinted,
): Fits {
  const fits: Fits = { count: 0, matrices: [] }
  const [lowest, highest] = truePositiveRange(positives, figures, meaning.averaging)
  for (let truePositives = lowest; truePositives <= highest; truePositives++) {
    const [low, high] = falsePositiveRange(truePositives, { positives, negatives }, figures, meaning)
    fits.count += Math.max(0, high - low + 1)
    for (let falsePositives = low; falsePositives <= high && fits.matrices.length < listed; falsePositives++)
      fits.matrices.push(matrixOf({ positives, negatives }, truePositives, falsePositives))
  }
  return fits
}

/** The true positives that a row leaves possible: a little too many, never too few. */
export function truePositiveRange(
  positives: number, figures: readonly ReadFigure[], averaging: Averaging = 'one class',
): [low: number, high: number] {
  const [low, high] = averaging === 'one class' ? sensitivityRange(figures) : [0, 1]
  return [Math.max(0, Math.floor(low * positives)), Math.min(positives, Math.ceil(high * positives))]
}

/**
 * The sensitivities that a row leaves possible: as printed, or as precision and F1 imply. [0, 1] where nothing is
 * known.
 */
export function sensitivityRange(figures: readonly ReadFigure[]): readonly [low: number, high: number] {
  const range = (metric: ReadFigure['metric']) => {
    const figure = figures.find(one => one.metric === metric)
    return figure && widestRange(figure)
  }
  const printed = range('sensitivity'), precision = range('precision'), f1 = range('f1')
  if (printed) return printed
  if (!precision || !f1 || precision[0] <= 0 || f1[0] <= 0) return [0, 1]
  // F1 = 2 / (1 / precision + 1 / sensitivity)
  const low = 2 / f1[0] - 1 / precision[1], high = 2 / f1[1] - 1 / precision[0]
  return [low > 0 ? Math.min(1, 1 / low) : 0, high > 0 ? Math.min(1, 1 / high) : 1]
}

/** The false positives that fit beside a number of true positives; empty where the second is below the first. */
export function falsePositiveRange(
  truePositives: number, classes: ClassCounts, figures: readonly ReadFigure[], { rounding, averaging }: Meaning,
): [low: number, high: number] {
  let low = 0, high = classes.negatives
  for (const figure of figures) {
    const compare = (falsePositives: number) => {
      const matrix = matrixOf(classes, truePositives, falsePositives)
      return compareToPrint(metricOf(matrix, figure.metric, averaging), figure, rounding)
    }
    low = firstWhere(low, high, falsePositives => compare(falsePositives) <= 0)
    high = firstWhere(low, high, falsePositives => compare(falsePositives) < 0) - 1
    if (low > high) return [0, -1]
  }
  return [low, high]
}

/**
 * The first whole number from `low` to `high` for which a condition holds, that holds from there on; `high + 1` if
 * none.
 */
export function firstWhere(low: number, high: number, holds: (value: number) => boolean): number {
  if (low > high || holds(low)) return low
  let without = low, within = high + 1
  while (within - without > 1) {
    const middle = Math.floor((without + within) / 2)
    if (holds(middle)) within = middle
    else without = middle
  }
  return within
}

export function matrixOf(
  { positives, negatives }: ClassCounts, truePositives: number, falsePositives: number,
): Counts {
  return {
    truePositives, falseNegatives: positives - truePositives, falsePositives, trueNegatives: negatives - falsePositives,
  }
}

/** The roundings by which a matrix prints as the row's figures. */
export function roundingsOfMatrix(matrix: Counts, figures: readonly ReadFigure[], averaging: Averaging = 'one class') {
  return roundingsOf(figures.map(({ metric }) => metricOf(matrix, metric, averaging)), figures)
}

/** One figure of a matrix beside the printed one. */
export interface FigureOfMatrix {
  figure: ReadFigure
  /** The matrix's value, as a fraction. */
  value: number
  agrees: boolean
}

/** A matrix's figures beside the printed ones, rounded half up or half even. */
export function compareWithPrint(
  matrix: Counts, figures: readonly ReadFigure[], averaging: Averaging = 'one class',
): FigureOfMatrix[] {
  return figures.map(figure => {
    const value = metricOf(matrix, figure.metric, averaging)
    return { figure, value: toNumber(value), agrees: compareToPrint(value, figure, 'nearest') === 0 }
  })
}
