/** Rows of one table: can they all come from the same test images? */
import { LabError } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { checkRow } from './check-row'
import type { ClassCounts } from './fitting'
import type { PrintedRow, Unit } from './printed'
import { countWords } from './readings'
import type { RowCheck } from './row-check'

/** A table's rows by name, and what is known of the test set that they should share. */
export interface TableQuestion {
  rows: Readonly<Record<string, PrintedRow>>
  /** All test images. */
  total?: number
  /** Where nothing is known: the largest test set to look at. Default 800. */
  upTo?: number
  unit?: Unit
}

/** Whether a table's rows can share a test set. */
export interface TableCheck {
  verdict: 'one test set' | 'several test sets' | 'different test sets' | 'nothing fits'
  rows: { name: string; check: RowCheck }[]
  /** The class counts that fit every row that fits at all. */
  shared: ClassCounts[]
  words: string[]
}

/**
 * Searches class counts that give every row of a table. Rows that fit no test set are named and left out. Where the
 * other rows share none, they were tested on different images.
 * @throws LabError 'bad-argument' for fewer than two rows, and as `checkRow`
 * @example papers.checkTable({ total: 219, rows: {
 *   AlexNet: { accuracy: '.7900', sensitivity: '.8100', specificity: '.7731' },
 *   'ResNet-50': { accuracy: '.7717', sensitivity: '.6250', specificity: '.8862' } } }).words
 */
export function checkTable(question: TableQuestion): TableCheck {
  requireKnownKeys('checkTable', question ?? null, { rows: true, total: true, upTo: true, unit: true })
  const { rows: printed, ...known } = question
  const names = Object.keys(printed ?? {})
  if (names.length < 2)
    throw new LabError('bad-argument', { expected: 'two rows or more', received: `${names.length}`, remedy: 'Use checkRow for one row' })
  const rows = names.map(name => ({ name, check: checkRow({ ...known, printed: printed[name] }) }))
  const fitting = rows.filter(({ check }) => check.testSets.length > 0)
  const failed = rows.filter(row => !fitting.includes(row))
  const [first, ...rest] = fitting
  const shared = (first?.check.testSets ?? []).filter(({ positives, negatives }) => rest.every(({ check }) =>
    check.testSets.some(set => set.positives === positives && set.negatives === negatives)))
  const verdict = fitting.length === 0 ? 'nothing fits' : shared.length === 0 ? 'different test sets'
    : shared.length === 1 ? 'one test set' : 'several test sets'
  return {
    verdict, rows, shared: shared.map(({ positives, negatives }) => ({ positives, negatives })),
    words: [
      ...fitting.map(({ name, check }) => `${name}: ${check.testSets.slice(0, 3).map(countWords).join('; ')}`
        + `${check.testSets.length > 3 ? `, and ${check.testSets.length - 3} more` : ''}.`),
      ...failed.map(({ name }) => `${name}: no test set fits.`),
      verdict === 'different test sets'
        ? 'No test set fits all of these rows: they were tested on different images, so that their order tells little.'
        : verdict === 'nothing fits' ? 'No row fits a test set.'
          : `All rows that fit can share a test set: ${shared.slice(0, 3).map(countWords).join('; ')}. `
            + 'That is possible; it does not make it true.',
    ],
  }
}
