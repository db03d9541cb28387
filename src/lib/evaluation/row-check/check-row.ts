/**
 * Can a published row be true? Accuracy, precision, sensitivity, specificity and their kin come from whole numbers of
 * images: for a test set of known size only some figures exist.
 */
import { LabError, requireInRange, requireOneOf } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { findContradictions } from './contradictions'
import type { ClassCounts } from './fitting'
import { nearestMiss, oneFigureOff } from './nearest-miss'
import { readPrinted, type PrintedRow, type ReadFigure, type Unit } from './printed'
import { readRow } from './readings'
import type { RowCheck } from './row-check'
import { testSetsOfTotal, testSetsUpTo, type FoundTestSets } from './test-sets'
import { describeCheck } from './words'

/** A row, and what is known of its test set. */
export interface RowQuestion {
  /** The figures with the digits as printed: { accuracy: '94.96', precision: '93.00' }. */
  printed: PrintedRow
  /** Test images of the class that counts as positive. */
  positives?: number
  /** Test images of the other class. */
  negatives?: number
  /** All test images, where the classes are not known; at most 100,000. */
  total?: number
  /** Where nothing is known: the largest test set to look at, at most 3,000. Default 800. */
  upTo?: number
  /** Of all figures, where the print does not tell. */
  unit?: Unit
  /** Tries also whether the figures can be means over so many folds. */
  folds?: number
}

/**
 * Searches the confusion matrices that print as a row's figures: rounded half up or half even, for either class as the
 * positive one, cut off instead of rounded, averaged over the classes, and with one image more or fewer.
 *
 * A row that fits is possible, not true. The AUC is ignored: no matrix gives it.
 * @throws LabError 'bad-argument' for figures that are no numbers in range, and where class counts contradict each
 *   other
 * @example const check = papers.checkRow({ positives: 246, negatives: 250,
 *   printed: { accuracy: '94.96', precision: '93.00', sensitivity: '97.15' } })
 * show(tables.rowCheck(check))
 */
export function checkRow(question: RowQuestion): RowCheck {
  requireKnownKeys('checkRow', question ?? null,
    { printed: true, positives: true, negatives: true, total: true, upTo: true, unit: true, folds: true })
  const { printed, unit, folds, upTo = 800 } = question
  if (unit !== undefined) requireOneOf('unit', unit, ['percent', 'fraction'])
  if (folds !== undefined) requireInRange('folds', folds, { low: 2, high: 100, whole: true })
  const all = readPrinted(printed, unit)
  const figures = all.filter(({ metric }) => metric !== 'auc'), ignored = all.filter(({ metric }) => metric === 'auc')
  const contradictions = findContradictions(figures)
  const known = classesOf(question)
  const found: Omit<RowCheck, 'words'> = {
    verdict: 'nothing to check', figures, ignored, contradictions, readings: [], testSets: [], nearest: null, oneFigureOff: [],
  }
  if (figures.length > 0) Object.assign(found, known ? checkClasses(known, figures, folds)
    : searchTestSets(contradictions.length > 0, () =>
        question.total === undefined ? testSetsUpTo(upTo, figures) : testSetsOfTotal(question.total, figures)))
  return { ...found, words: describeCheck(found, { known, total: question.total, upTo }) }
}

/** Both class counts, where they are known. */
function classesOf({ positives, negatives, total }: RowQuestion): ClassCounts | null {
  const range = { low: 1, high: 100_000, whole: true }
  if (positives !== undefined) requireInRange('positives', positives, range)
  if (negatives !== undefined) requireInRange('negatives', negatives, range)
  if (total !== undefined) requireInRange('total', total, { ...range, low: 2 })
  if (positives === undefined && negatives === undefined) return null
  const whole = total ?? (positives ?? NaN) + (negatives ?? NaN)
  const classes = { positives: positives ?? whole - negatives!, negatives: negatives ?? whole - positives! }
  if (!(classes.positives >= 1) || !(classes.negatives >= 1) || classes.positives + classes.negatives !== whole)
    throw new LabError('bad-argument', {
      expected: 'two class counts, or one of them and a larger total',
      received: `positives ${positives ?? 'not stated'}, negatives ${negatives ?? 'not stated'}, total ${total ?? 'not stated'}`,
      remedy: 'State both class counts',
    })
  return classes
}

function checkClasses(classes: ClassCounts, figures: readonly ReadFigure[], folds?: number): Partial<RowCheck> {
  const readings = readRow(classes, figures, folds)
  const [{ fits }] = readings
  if (fits.count > 0) return { readings, verdict: fits.count === 1 ? 'one matrix' : 'several matrices' }
  return {
    readings, nearest: nearestMiss(classes, figures), oneFigureOff: oneFigureOff(classes, figures),
    verdict: readings.some(reading => reading.fits.count > 0) ? 'another reading' : 'impossible as printed',
  }
}

function searchTestSets(impossible: boolean, search: () => FoundTestSets): Partial<RowCheck> {
  if (impossible) return { verdict: 'impossible as printed' }
  const { sets, complete } = search()
  if (!complete) return { testSets: sets, verdict: 'too many test sets' }
  return { testSets: sets, verdict: sets.length === 0 ? 'no test set' : sets.length === 1 ? 'one test set' : 'several test sets' }
}
