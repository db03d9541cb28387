/** The table of a row check: what was tried, and which matrices fit. */
import type { RowCheck } from '../evaluation/row-check/row-check'
import type { ClassCounts, Fits } from '../evaluation/row-check/fitting'
import { roundingWords } from '../evaluation/row-check/words'
import { dataTable, type Column, type Table } from './tables'

/** Test sets shown, at most. */
const shownSets = 20

const columns: readonly Column[] = [
  { key: 'reading', title: 'reading' }, { key: 'positives', title: 'positives' }, { key: 'negatives', title: 'negatives' },
  { key: 'matrices', title: 'matrices that fit' }, { key: 'truePositives', title: 'TP' }, { key: 'falseNegatives', title: 'FN' },
  { key: 'falsePositives', title: 'FP' }, { key: 'trueNegatives', title: 'TN' }, { key: 'rounding', title: 'rounding' },
]

/**
 * A check of a published row: one line a reading, or one a test set where class counts were searched, at most 20. A
 * matrix is shown where exactly one fits. The note says in sentences what the check found.
 * @example show(tables.rowCheck(papers.checkRow({ positives: 246, negatives: 250,
 *   printed: { accuracy: '97.38', precision: '99.16', sensitivity: '95.53', f1: '97.31' } })))
 */
export function rowCheck(check: RowCheck): Table {
  const { readings, testSets, figures, verdict, words } = check
  const line = (reading: string, { positives, negatives }: ClassCounts, { count, matrices }: Fits, rounded = true) => {
    const matrix = count === 1 ? matrices[0] : null
    return {
      reading, positives, negatives, matrices: count, truePositives: matrix?.truePositives ?? null,
      falseNegatives: matrix?.falseNegatives ?? null, falsePositives: matrix?.falsePositives ?? null,
      trueNegatives: matrix?.trueNegatives ?? null,
      rounding: matrix && rounded ? roundingWords(matrix, figures) : null,
    }
  }
  const rows = readings.length > 0
    ? readings.map(({ name, classes, fits, meaning, untested }) =>
      line(name, classes, fits, meaning.averaging === 'one class' && untested.length === 0))
    : testSets.slice(0, shownSets).map(set => line('test set', set, set.fits))
  return dataTable('row-check', `Can this row be true? ${verdict}`, rows, columns, words.join(' '))
}
