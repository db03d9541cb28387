/** What a row's figures could mean: as printed, and the alternatives that explain rows which fit no matrix. */
import { asPrinted, fittingMatrices, type ClassCounts, type Fits, type Meaning } from './fitting'
import type { PrintedMetric, ReadFigure } from './printed'

/** One reading of a row, and the matrices that fit under it. */
export interface Reading {
  name: 'as printed' | 'the other class is positive' | 'cut off' | 'macro averages' | 'weighted averages' | 'one image more or fewer'
    | 'mean of folds'
  /** In words: 'with 250 positives and 246 negatives', 'the digits are cut off, not rounded'. */
  description: string
  classes: ClassCounts
  meaning: Meaning
  fits: Fits
  /** Figures that this reading cannot test, since a mean over folds gives no whole numbers for them. */
  untested: PrintedMetric[]
}

/** A mean over folds of equal class counts is the whole's value for these only. */
const linear: readonly PrintedMetric[] = ['accuracy', 'sensitivity', 'specificity', 'balancedAccuracy']

/**
 * The readings of a row, as printed first. One image more or fewer in a class is tried only where nothing else fits; a
 * mean over folds only where the number of folds is known and divides both classes.
 */
export function readRow(classes: ClassCounts, figures: readonly ReadFigure[], folds?: number): Reading[] {
  const { positives, negatives } = classes
  const read = (name: Reading['name'], description: string, of = classes, meaning = asPrinted, tested = figures): Reading => ({
    name, description, classes: of, meaning, fits: fittingMatrices(of, tested, meaning),
    untested: figures.filter(figure => !tested.includes(figure)).map(({ metric }) => metric),
  })
  const readings = [
    read('as printed', `with ${countWords(classes)}, figures rounded`),
    ...(positives === negatives ? [] : [
      read('the other class is positive', `with the other class as the positive one: ${countWords(swapped(classes))}`, swapped(classes)),
    ]),
    read('cut off', 'if digits were cut off instead of rounded', classes, { ...asPrinted, rounding: 'truncated' }),
    ...(averaged(figures) ? [
      read('macro averages', 'if precision, sensitivity, specificity and F1 are means over both classes', classes,
        { ...asPrinted, averaging: 'macro' }),
      read('weighted averages', 'if they are means over both classes, weighted by the classes’ sizes', classes,
        { ...asPrinted, averaging: 'weighted' }),
    ] : []),
    ...(folds !== undefined && positives % folds === 0 && negatives % folds === 0 ? [
      read('mean of folds', `if figures are means over ${folds} folds of equal class counts`, classes, asPrinted,
        figures.filter(({ metric }) => linear.includes(metric))),
    ] : []),
  ]
  if (readings.some(({ fits }) => fits.count > 0)) return readings
  const near = [[1, 0], [-1, 0], [0, 1], [0, -1]]
    .map(([a, b]) => ({ positives: positives + a, negatives: negatives + b }))
  return [...readings, ...near.filter(of => of.positives > 0 && of.negatives > 0)
    .map(of => read('one image more or fewer', `with one image more or fewer: ${countWords(of)}`, of))]
}

/** Such as '246 positives and 250 negatives'. */
export function countWords({ positives, negatives }: ClassCounts): string {
  return `${positives} positive${positives === 1 ? '' : 's'} and ${negatives} negative${negatives === 1 ? '' : 's'}`
}

function swapped({ positives, negatives }: ClassCounts): ClassCounts {
  return { positives: negatives, negatives: positives }
}

/** Whether any figure differs where it is averaged over the classes. */
function averaged(figures: readonly ReadFigure[]): boolean {
  return figures.some(({ metric }) => ['precision', 'sensitivity', 'specificity', 'f1'].includes(metric))
}
