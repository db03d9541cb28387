/** The classifiers of an audit, in a table. */
import type { AnotherSetScores } from '../audit/another-set'
import type { ArmScores } from '../audit/arms'
import { formatEstimate } from './format'
import { dataTable, type Table } from './tables'

/**
 * Every classifier that an audit scored, with what it read and how images were shared out.
 * @param scores of `scoreArms`, or of `scoreOnAnother`
 * @example show(tables.auditScores(scores))
 */
export function auditScores({ arms }: Pick<ArmScores, 'arms'> | Pick<AnotherSetScores, 'arms'>): Table {
  const rows = arms.map(({ accuracy, balancedAccuracy, auc, ...arm }) => ({
    ...arm, accuracy: formatEstimate(accuracy), 'balanced accuracy': formatEstimate(balancedAccuracy),
    auc: formatEstimate(auc, 'decimal'),
  }))
  const kinds = [...new Set(arms.map(({ intervalKind }) => intervalKind))]
  return dataTable('audit-scores', 'What classifiers of the audit are right for', rows, [
    'question', 'input', 'labels', 'classifier', 'split', 'images',
    { key: 'chance', title: 'most common class', format: 'percent' }, 'accuracy', 'balanced accuracy',
    { key: 'auc', title: 'area under the ROC curve' },
  ], [...kinds, 'Each image was predicted by a classifier that had not seen it'].join('. ') + '.')
}
