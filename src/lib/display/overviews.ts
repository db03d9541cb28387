/** The tables as which data sets, splits and evaluations are shown. */
import type { Dataset } from '../data/dataset'
import type { Evaluation } from '../evaluation/evaluation'
import type { Estimate } from '../evaluation/intervals'
import type { Part, Split } from '../data/split/split'
import { dataTable, type Table } from './tables'

/** Images and groups a class. */
export function datasetOverview(dataset: Dataset): Table {
  const { labels, items, grouping, title, notice } = dataset
  const all = items.map((_, i) => i)
  const rows = [...labels.map((label, k) => ({ label, of: all.filter(i => items[i].label === k) })), { label: 'all', of: all }]
  const unit = `${grouping}s`
  return dataTable('data-set', title, rows.map(({ label, of }) => ({
    class: label, images: of.length, ...(grouping === 'none' ? {} : { [unit]: groupCount(dataset, of) }),
  })), undefined, notice)
}

/** Images a part and class, groups a part; what is to be known about the split beneath. */
export function splitOverview(split: Split): Table {
  const { dataset, train, validation, test, purged, description, warning } = split
  const { labels, items, grouping } = dataset
  const row = (part: string, indices: readonly number[]) => ({
    part, images: indices.length,
    ...Object.fromEntries(labels.map((label, k) => [label, indices.filter(i => items[i].label === k).length])),
    ...(grouping === 'none' ? {} : { [`${grouping}s`]: groupCount(dataset, indices) }),
  })
  const parts: [string, Part][] = validation === test
    ? [['train', train], ['validation = test', test]]
    : [['train', train], ['validation', validation], ['test', test]]
  const rows = parts.map(([name, part]) => row(name, part.indices))
  if (purged.length) rows.push(row('left out: near-duplicates', purged))
  return dataTable('split', description, rows, undefined, warning ? `Warning: ${warning}` : undefined)
}

/** Every figure with its 95 % interval; for several classes, a row a class as well. */
export function evaluationOverview(evaluation: Evaluation): Table {
  const { positive, perClass, intervalKind, predictions } = evaluation
  const row = (measure: string, { value, low, high }: Estimate) => ({ measure, value, low, high })
  const of = positive === null ? ', mean over classes' : ` (positive: ${positive})`
  const rows = [
    row('accuracy', evaluation.accuracy),
    row('balanced accuracy', evaluation.balancedAccuracy),
    row('precision', evaluation.precision),
    row('sensitivity', evaluation.sensitivity),
    row('specificity', evaluation.specificity),
    row('F1', evaluation.f1),
    row('area under the ROC curve', evaluation.auc),
    { measure: 'loss (cross-entropy, nats)', value: evaluation.loss, low: null, high: null },
    ...(positive === null ? perClass.map(one => row(`sensitivity, ${one.label}`, one.sensitivity)) : []),
  ]
  return dataTable('evaluation', `${predictions.labels.length} images${of}`, rows, [
    'measure', { key: 'value', title: 'value', format: 'decimal' },
    { key: 'low', title: 'from', format: 'decimal' }, { key: 'high', title: 'to', format: 'decimal' },
  ], intervalKind)
}

function groupCount({ items }: Dataset, indices: readonly number[]): number {
  return new Set(indices.map(i => items[i].group ?? i)).size
}
