/** Tables that show data sets, splits and evaluations. */
import { range } from 'd3-array'
import type { Dataset } from '../data/dataset'
import { countKnownGroups, countWithoutGroup } from '../data/groups'
import type { Part, Split } from '../data/split/split'
import { absentClasses } from '../evaluation/absent-classes'
import type { Evaluation } from '../evaluation/evaluation'
import type { Estimate } from '../evaluation/intervals'
import { listed } from './letters'
import { dataTable, type Table } from './tables'

/** Images and groups of each class. */
export function datasetOverview(dataset: Dataset): Table {
  const { labels, items, title, notice } = dataset
  const all = range(items.length)
  const classes = labels.map((label, k) => ({ label, indices: all.filter(i => items[i].label === k) }))
  const rows = [...classes, { label: 'all', indices: all }].map(({ label, indices }) => ({
    class: label, images: indices.length, ...groupCell(dataset, indices),
  }))
  return dataTable('data-set', title, rows, undefined, notice)
}

/** Images of each part by class, and groups of each part; the split's warning beneath. */
export function splitOverview(split: Split): Table {
  const { dataset, train, validation, test, purged, description, warning } = split
  const { labels, items } = dataset
  const row = (part: string, indices: readonly number[]) => ({
    part, images: indices.length,
    ...Object.fromEntries(labels.map((label, k) => [keyOf(label), indices.filter(i => items[i].label === k).length])),
    ...groupCell(dataset, indices),
  })
  // A class may be called as one of the other columns.
  const keyOf = (label: string) => `class ${label}`
  const columns = ['part', 'images', ...labels.map(label => ({ key: keyOf(label), title: label })),
    ...Object.keys(groupCell(dataset, []))]
  const parts: [string, Part][] = validation === test
    ? [['train', train], ['validation = test', test]]
    : [['train', train], ['validation', validation], ['test', test]]
  const rows = parts.map(([name, part]) => row(name, part.indices))
  if (purged.length) rows.push(row('left out: near-duplicates', purged))
  return dataTable('split', description, rows, columns, warning ? `Warning: ${warning}` : undefined)
}

/** Every measure with its 95 % interval; for several classes, the sensitivity of each class as well. */
export function evaluationOverview(evaluation: Evaluation): Table {
  const { positive, perClass, intervalKind, predictions } = evaluation
  const row = (measure: string, { value, low, high }: Estimate) => ({ measure, value, low, high })
  const absent = absentClasses(predictions)
  const scope = positive === null ? ', mean over classes' : ` (positive: ${positive})`
  const rows = [
    row('accuracy', evaluation.accuracy),
    row('balanced accuracy', evaluation.balancedAccuracy),
    row('precision', evaluation.precision),
    row('sensitivity', evaluation.sensitivity),
    row('specificity', evaluation.specificity),
    row('F1', evaluation.f1),
    row('area under the ROC curve', evaluation.auc),
    { measure: 'loss (cross-entropy, nats)', value: evaluation.loss, low: null, high: null },
    ...(positive === null ? perClass.flatMap(one => [
      row(`sensitivity, ${one.label}`, one.sensitivity), row(`specificity, ${one.label}`, one.specificity),
      row(`area under the ROC curve, ${one.label} against the rest`, one.auc),
    ]) : []),
  ]
  const count = predictions.labels.length
  return dataTable('evaluation', `${count} ${count === 1 ? 'image' : 'images'}${scope}`, rows, [
    'measure', { key: 'value', title: 'value', format: 'decimal' },
    { key: 'low', title: 'from', format: 'decimal' }, { key: 'high', title: 'to', format: 'decimal' },
  ], [intervalKind, ...absent.length && count ? [`There are no images of ${listed(absent)}: measures that need them are not defined (–)`] : [],
    ...(positive === null && perClass.length === 2 ? [noPositive] : [])].join('. '))
}

/** Said where two classes are judged and nobody has named the one that the test looks for. */
const noPositive = 'No class is named as positive, so that the figures are means over both: name it with `positive`'

/**
 * How many groups the images come from, under the grouping's name, such as `patients`, and how many images have no
 * known group where the set has such images; no cell without a grouping.
 */
function groupCell(dataset: Dataset, indices: readonly number[]): Record<string, number> {
  const { grouping } = dataset
  if (grouping === 'none') return {}
  return {
    [`${grouping}s`]: countKnownGroups(dataset, indices),
    ...(countWithoutGroup(dataset) > 0 ? { [`images of unknown ${grouping}`]: countWithoutGroup(dataset, indices) } : {}),
  }
}
