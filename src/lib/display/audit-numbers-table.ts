/** The figures of an audit, in a table. */
import type { Audit } from '../audit/audit'
import type { Question } from '../audit/finding'
import { dataTable, type Table } from './tables'

/**
 * Every figure behind an audit's findings. Accuracies, areas under the ROC curve and their differences are shares of 1.
 * @param questions those whose figures are shown; default all
 * @example show(tables.auditNumbers(await auditDataset(ct, { questions: ['patients'] })))
 */
export function auditNumbers({ set, numbers }: Audit, questions?: readonly Question[]): Table {
  const rows = numbers.filter(({ question }) => !questions || questions.includes(question)).map(number =>
    (number.measure === 'count' ? { ...number, count: number.value, value: null } : { ...number, count: null }))
  return dataTable('audit-numbers', `Figures of the audit of ${set.title}`, rows, [
    'question', 'what', 'measure', { key: 'count', title: 'count', format: 'integer' },
    { key: 'value', title: 'value', format: 'decimal' },
    { key: 'low', title: 'from', format: 'decimal' }, { key: 'high', title: 'to', format: 'decimal' },
    { key: 'images', title: 'images', format: 'integer' },
  ], '95 % intervals, by group where groups are known.')
}
