/** Tables of what `statistics` finds: scores, operating points, thresholds, subgroups, declared comparisons. */
import { shortThreshold } from '../evaluation/call'
import type { DeclaredResult } from '../evaluation/comparison/declared'
import type { OperatingResult } from '../evaluation/operating-point'
import { positiveOf, type Predictions } from '../evaluation/predictions'
import type { Scores } from '../evaluation/scores/scores'
import type { MetricName } from '../evaluation/scores/metric'
import type { SubgroupEstimate } from '../evaluation/subgroups'
import { decideAt } from '../evaluation/thresholds'
import { f1 } from '../evaluation/metrics'
import { requireInRange } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { counted } from '../system/summary'
import { formatEstimate } from './format'
import { metricWords } from './metric-words'
import { dataTable, type Column, type Table } from './tables'

const decimal = (key: string, title = key): Column => ({ key, title, format: 'decimal' })
const percent = (key: string, title = key): Column => ({ key, title, format: 'percent' })

const overall = ['accuracy', 'balancedAccuracy', 'matthews', 'kappa', 'brier', 'logLoss'] as const
const ofClass = ['precision', 'sensitivity', 'specificity', 'negativePredictiveValue', 'f1', 'auc'] as const

/**
 * Every score, as `statistics.scorePredictions` gives them: of all images together, of each class against the rest, and
 * the three means over classes. – where a score is not defined, or where there is no such mean.
 * @example show(tables.scores(statistics.scorePredictions(predictions)))
 */
export function scores(scores: Scores): Table {
  const { images, perClass, micro, macro, weighted, oneVsOne } = scores
  const cells = (score: (typeof ofClass)[number] | 'averagePrecision') =>
    Object.fromEntries(perClass.map((one, k) => [`class ${k}`, one[score]]))
  const rows = [
    ...overall.map(score => ({ score: metricWords[score], all: scores[score] })),
    ...ofClass.map(score => ({
      score: metricWords[score], ...cells(score), micro: micro[score], macro: macro[score], weighted: weighted[score],
    })),
    { score: metricWords.averagePrecision, ...cells('averagePrecision') },
    { score: metricWords.oneVsOneAuc, macro: oneVsOne.macro, weighted: oneVsOne.weighted },
  ]
  const classes = perClass.map(({ label, images: count }, k) =>
    decimal(`class ${k}`, `${label} (${counted(count, 'image')})`))
  return dataTable('scores', `Every score, of ${counted(images, 'image')}`, rows, [
    'score', decimal('all', 'all images'), ...classes, decimal('micro'), decimal('macro', 'mean over classes (macro)'),
    decimal('weighted', 'mean weighted by images'),
  ], 'Without intervals: statistics.estimate gives any of these scores with one. Brier score and log loss are better when low.')
}

/**
 * What thresholds do on images that did not choose them, as `statistics.judgeOperatingPoint` gives it; shares with 95 %
 * intervals.
 * @param results of one operating point, or of several
 * @example
 * const point = statistics.chooseOperatingPoint(await predict(trained.model, parts.validation),
 *   { positive: ct.labels[0], rule: { name: 'youden' } })
 * show(tables.operatingPoints([statistics.judgeOperatingPoint(point, predictions)]))
 */
export function operatingPoints(results: readonly OperatingResult[]): Table {
  const shares = ['sensitivity', 'specificity', 'precision', 'negativePredictiveValue', 'accuracy'] as const
  const rows = results.map(result => ({
    positive: result.positive, rule: result.rule, threshold: shortThreshold(result.threshold),
    found: result.decision.truePositives, missed: result.decision.falseNegatives,
    alarmed: result.decision.falsePositives,
    ...Object.fromEntries(shares.map(share => [share, formatEstimate(result[share])])),
  }))
  const notes = results.flatMap(({ intervalKind, warnings }) => [intervalKind, ...warnings])
  return dataTable('operating-points', 'Thresholds, on images that did not choose them', rows, [
    'positive', { key: 'rule', title: 'chosen for' }, 'threshold', 'found', 'missed', { key: 'alarmed', title: 'false alarms' },
    ...shares.map(share => ({ key: share, title: metricWords[share] })),
  ], [...new Set(notes)].map(note => `${note}.`).join(' '))
}

/** Which thresholds are tabled. */
export interface ThresholdTableOptions {
  /** The class that the test looks for. Default: the one that the predictions name. */
  positive?: string
  /** 0 to 1. Default .05, .15, …, .95. */
  thresholds?: readonly number[]
}

/**
 * What each of ten thresholds would give: who is called, found and missed, and the four measures of
 * `figures.thresholdExplorer`. For looking: a threshold is chosen on the validation part, by
 * `statistics.chooseOperatingPoint`.
 * @throws LabError 'bad-argument' without a positive class, or for a threshold outside 0 to 1
 * @example show(tables.thresholds(await predict(trained.model, parts.validation), { positive: ct.labels[0] }))
 */
export function thresholds(predictions: Predictions, options: ThresholdTableOptions = {}): Table {
  requireKnownKeys('thresholds', options, { positive: true, thresholds: true })
  const { thresholds: list = Array.from({ length: 10 }, (_, i) => (10 * i + 5) / 100) } = options
  list.forEach(threshold => requireInRange('a threshold', threshold, { low: 0, high: 1 }))
  const positive = positiveOf(predictions, options.positive)
  const rows = list.map(threshold => {
    const decision = decideAt(predictions, positive, threshold)
    return { ...decision, called: decision.truePositives + decision.falsePositives, f1: f1(decision) }
  })
  return dataTable('thresholds', `What each threshold gives: ${positive}, ${counted(predictions.labels.length, 'image')}`, rows, [
    { key: 'threshold', title: 'threshold' }, { key: 'called', title: 'called positive' }, { key: 'truePositives', title: 'found' },
    { key: 'falseNegatives', title: 'missed' }, { key: 'falsePositives', title: 'false alarms' },
    percent('sensitivity'), percent('specificity'), percent('precision'), decimal('f1', 'F1'),
  ], 'Without intervals, and too good for the threshold that somebody chooses here: judge it on other images.')
}

/** Metrics that are shown in percent. */
const proportions: readonly MetricName[] =
  ['accuracy', 'balancedAccuracy', 'precision', 'sensitivity', 'specificity', 'negativePredictiveValue']

/**
 * A metric in each subgroup with its 95 % interval, as `statistics.estimateBySubgroup` gives it; a warning where a
 * subgroup is too small to say much.
 * @example
 * const halves = predictions.names.map((_, i) => (i % 2 ? 'odd' : 'even'))
 * show(tables.subgroups(statistics.estimateBySubgroup(predictions, halves, 'accuracy')))
 */
export function subgroups(rows: readonly SubgroupEstimate[]): Table {
  const metrics = [...new Set(rows.map(({ metric }) => metric))], [metric] = metrics, one = metrics.length === 1
  const kind = one && proportions.includes(metric) ? percent : decimal
  const cells = rows.map(row => ({ ...row, metric: metricWords[row.metric] }))
  const kinds = [...new Set(rows.map(({ intervalKind }) => intervalKind))]
  const independence = kinds.some(words => words.includes('as if each')) ? 'Intervals take images as independent: too narrow '
    + 'if they share patients.' : 'Intervals go by group.'
  return dataTable('subgroups', one ? `${capital(metricWords[metric])} by subgroup` : 'Scores by subgroup', cells, [
    'subgroup', 'images', { key: 'units', title: 'independent units' }, 'positives', ...(one ? [] : ['metric']),
    kind('value', one ? metricWords[metric] : 'value'), kind('low', 'from'), kind('high', 'to'),
    { key: 'warning', title: 'says little, because' },
  ], rows.length === 0 ? undefined : `${independence} Subgroups also differ by chance: whoever looks for the worst of many `
    + `finds one.${rows.some(({ warning }) => warning) ? ' Rows with a warning are too small to be compared.' : ''}`)
}

/**
 * Declared comparisons with their p-values, as `statistics.judgeDeclared` gives them.
 * @example
 * const declared = { primary: 'all', family: 'depths', secondary: ['conv5', 'conv4'] }
 * show(tables.declared(statistics.judgeDeclared(declared, { all: 0.01, conv5: 0.02, conv4: 0.04 })))
 */
export function declared(results: readonly DeclaredResult[]): Table {
  const family = results.filter(({ role }, i) => i > 0 || role !== 'primary')
  return dataTable('declared', 'Comparisons declared beforehand', results, [
    'comparison', 'role', decimal('pValue', 'p'), decimal('adjusted', 'p, adjusted'),
  ], family.length === 0 ? 'The p of a primary comparison is not adjusted.'
    : `The p of the primary comparison is not adjusted. Those of the family ${family[0].role} (${counted(family.length, 'comparison')}) `
      + 'are adjusted together by Holm’s method: each below .05 is a finding.')
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1)
}
