/** Each class against the rest, in a table. */
import type { Evaluation } from '../evaluation/evaluation'
import { dataTable, type Column, type Table } from './tables'

const percent = (key: string, title = key): Column => ({ key, title, format: 'percent' })

/**
 * How well each class is told from the rest: its images, sensitivity with its 95 % interval, specificity, precision, F1
 * and area under the ROC curve.
 * @example show(tables.classes(measurePredictions(predictions)))
 */
export function classes({ perClass, intervalKind }: Evaluation): Table {
  const rows = perClass.map(({ label, count, sensitivity, specificity, precision, f1, auc }) => ({
    class: label, images: count, sensitivity: sensitivity.value, low: sensitivity.low, high: sensitivity.high,
    specificity: specificity.value, precision: precision.value, f1: f1.value, auc: auc.value,
  }))
  return dataTable('classes', 'Each class against the rest', rows, [
    'class', 'images', percent('sensitivity'), percent('low', 'from'), percent('high', 'to'), percent('specificity'),
    percent('precision'), percent('f1', 'F1'), { key: 'auc', title: 'area under the ROC curve', format: 'decimal' },
  ], intervalKind)
}
