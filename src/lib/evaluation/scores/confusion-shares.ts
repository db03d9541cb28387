/** A confusion matrix as shares instead of counts. */
import { requireOneOf } from '../../system/errors'
import type { Confusion } from '../metrics'

/** What a share is a share of: a row (one true class), a column (one predicted class), or all images. */
export type ConfusionWhole = 'row' | 'column' | 'all'

/**
 * Divides a confusion matrix by its rows, its columns or its total. The diagonal holds sensitivities by row and
 * precisions by column.
 * @param confusion `confusion[truth][predicted]`, in images
 * @param whole 'row': shares of a true class; 'column': shares of a predicted class; 'all': shares of all images
 *   ('true', 'pred' and 'all' of scikit-learn's `confusion_matrix`)
 * @returns shares, 0 to 1; NaN in a row or column without images, where scikit-learn has 0
 * @throws LabError 'bad-argument' for another `whole`
 * @example statistics.normalizeConfusion(evaluation.confusion, 'row')
 */
export function normalizeConfusion(confusion: Confusion, whole: ConfusionWhole): Confusion {
  requireOneOf('whole', whole, ['row', 'column', 'all'])
  const rows = confusion.map(row => row.reduce((a, b) => a + b, 0))
  const columns = confusion.map((_, k) => confusion.reduce((total, row) => total + row[k], 0))
  const all = rows.reduce((a, b) => a + b, 0)
  return confusion.map((row, i) => row.map((count, k) => count / (whole === 'row' ? rows[i] : whole === 'column' ? columns[k] : all)))
}
