/** The tables in which notebooks show results. Each takes the rows of one function and knows their columns. */
import type { Decision, ValueAtPrevalence } from '../evaluation/decision'
import { atPrevalence } from '../evaluation/decision'
import { measureCalibration } from '../evaluation/calibration/calibration-error'
import { measureReliability } from '../evaluation/calibration/reliability'
import { oneAgainstRest, type Predictions } from '../evaluation/predictions'
import type { Recognition } from '../inference/recognize'
import type { BaselineRow } from '../baselines/baselines'
import type { RepeatedRow } from '../baselines/repeated-baselines'
import { measureReceptiveFields } from '../model/receptive-field'
import type { Model } from '../model/model'
import type { ProbeRow } from '../network/depth-probe'
import type { LateLossRow } from '../training/watched-run'
import type { ProbeResult } from '../training/probe-results'
import type { Recommendation } from '../training/recommend'
import { dataTable, type Column, type Table } from './tables'

const percent = (key: string, title = key): Column => ({ key, title, format: 'percent' })
const decimal = (key: string, title = key): Column => ({ key, title, format: 'decimal' })

/**
 * Baselines with accuracy and 95 % interval, as `evaluateBaselines` gives them.
 * @param name of the table, in kebab-case
 * @example show(tables.baselines('baselines', parts.description, await evaluateBaselines(parts)))
 */
export function baselines(name: string, title: string, rows: readonly BaselineRow[]): Table {
  return dataTable(name, title, rows, ['baseline', percent('accuracy'), percent('low', 'from'), percent('high', 'to')],
    '95 % intervals.')
}

/**
 * Baselines on several splits: mean, worst and best accuracy, as `repeatBaselines` gives them.
 * @param name of the table, in kebab-case
 * @example show(tables.repeatedBaselines('folds', 'Three folds',
 *   await repeatBaselines(['majority class'], { random: [parts] })))
 */
export function repeatedBaselines(name: string, title: string, rows: readonly RepeatedRow[]): Table {
  return dataTable(name, title, rows, ['baseline', 'split', percent('mean'), percent('worst'), percent('best')])
}

/** One run. */
export interface RunRow {
  run: string
  /** Numbers that training could change. */
  trains: number
  epochs: number
  /** Training and validation together. */
  secondsAnEpoch: number
  /** Mean cross-entropy over the part, in nats. */
  loss: number
  /** Over the part, with its 95 % interval (by group where groups are known). */
  accuracy: number
  low: number
  high: number
}

/**
 * Runs as a table.
 * @param name the table's, in kebab-case
 * @example show(tables.runs(await compareRuns(runs, parts.validation), 'depth', 'How much to freeze'))
 */
export function runs(rows: readonly RunRow[], name: string, title: string, note?: string): Table {
  return dataTable(name, title, rows, [
    'run', { key: 'trains', title: 'numbers that train' }, 'epochs',
    { key: 'secondsAnEpoch', title: 'time an epoch', format: 'seconds' },
    { key: 'loss', title: 'loss', format: 'decimal' }, { key: 'accuracy', title: 'accuracy', format: 'percent' },
    { key: 'low', title: 'from', format: 'percent' }, { key: 'high', title: 'to', format: 'percent' },
  ], note)
}

/** A named result. */
export interface ResultRow {
  run: string
  accuracy: number
  low: number
  high: number
  loss?: number
}

/**
 * Results by name: accuracy with its interval, and the loss where there is one.
 * @param rows with `run`, `accuracy`, `low`, `high` and, if known, `loss`
 * @example show(tables.results('runs', 'Two runs', [{ run: 'a', loss: 0.4, accuracy: 0.8, low: 0.7, high: 0.9 }]))
 */
export function results(name: string, title: string, rows: readonly ResultRow[]): Table {
  const loss = rows.some(row => row.loss !== undefined) ? [decimal('loss')] : []
  return dataTable(name, title, rows, ['run', ...loss, percent('accuracy'), percent('low', 'from'), percent('high', 'to')])
}

/**
 * Decisions at several thresholds, as `decideAt` gives them: the four counts, sensitivity and specificity.
 * @param name of the table, in kebab-case
 * @example show(tables.decisions('thresholds', 'Two thresholds', [0.2, 0.5].map(t => decideAt(predictions,
 *   ct.labels[0], t))))
 */
export function decisions(name: string, title: string, decisions: readonly Decision[]): Table {
  return dataTable(name, title, decisions, [
    ...('part' in (decisions[0] ?? {}) ? ['part'] : []), 'threshold', { key: 'truePositives', title: 'found' },
    { key: 'falseNegatives', title: 'missed' }, { key: 'falsePositives', title: 'false alarms' },
    { key: 'trueNegatives', title: 'cleared' }, 'sensitivity', 'specificity',
  ])
}

/**
 * What the same sensitivity and specificity are worth at several prevalences.
 * @param prevalences shares of people who are positive, 0 to 1
 * @example show(tables.prevalences({ sensitivity: 0.9, specificity: 0.9 }, [0.5, 0.01]))
 */
export function prevalences(
  decision: Pick<Decision, 'sensitivity' | 'specificity'>, prevalences: readonly number[],
): Table {
  const rows: ValueAtPrevalence[] = prevalences.map(prevalence => atPrevalence(decision, prevalence))
  return dataTable('prevalence', 'The same network at other prevalences', rows, [
    percent('prevalence'), percent('positivePredictiveValue', 'called positive, rightly'),
    percent('negativePredictiveValue', 'called negative, rightly'), percent('accuracy'),
    percent('accuracyOfAlwaysNegative', 'accuracy of calling everyone negative'),
  ])
}

/**
 * Mean score beside the observed share of positives, for ranges of scores: how well calibrated the probabilities are.
 * Intervals go by group where groups are known, else they are Wilson's.
 * @param positive the class that the test looks for
 * @throws LabError 'bad-argument' if `positive` is not one of the classes
 * @example show(tables.calibration(predictions, ct.labels[0]))
 */
export function calibration(predictions: Predictions, positive: string): Table {
  const { positives, scores } = oneAgainstRest(predictions, positive), grouped = predictions.grouping !== 'none'
  const measured = grouped ? measureCalibration(predictions, { positive, ranges: 5 }) : null
  return dataTable('reliability', 'Mean score beside the share of positives', measured?.rows ?? measureReliability(positives, scores), [
    { key: 'from', title: 'score from' }, 'to', 'images', percent('meanScore', 'mean score'),
    percent('observedShare', 'positive'), percent('low', 'from'), percent('high', 'to'),
  ], measured ? `${measured.intervalKind}.` : 'Intervals as if each image came from another patient: too narrow if not.')
}

/**
 * What one pixel of each stage's output sees of the image: width of the output, distance between its pixels, and
 * receptive field, all in pixels of the image.
 * @example show(tables.receptiveFields(network))
 */
export function receptiveFields({ architecture, size }: Model): Table {
  const rows = measureReceptiveFields(architecture)
    .filter(({ layer }) => /^(conv1_conv|pool1_pool|conv._block._out)$/.test(layer))
  return dataTable('receptive-field', `What one position sees of an image ${size} pixels wide`, rows, [
    'layer', { key: 'side', title: 'positions a side' }, { key: 'step', title: 'pixels from position to position' },
    { key: 'field', title: 'pixels that one position sees' },
  ])
}

/**
 * How much of the signal reaches the last layer of stacks of untrained layers, and how much of the gradient the first.
 * @param probes what `anatomy.probeDepth` measured, by the name of the stack
 * @example show(tables.depthProbes({ plain: anatomy.probeDepth(pixelsOfFew, { depth: 4 }) }))
 */
export function depthProbes(probes: Readonly<Record<string, readonly ProbeRow[]>>): Table {
  const depth = Math.max(0, ...Object.values(probes).map(rows => rows.length))
  const rows = Object.entries(probes).map(([network, layers]) =>
    ({ network, signal: layers.at(-1)?.signal ?? NaN, gradient: layers[0]?.gradient ?? NaN }))
  return dataTable('depth', `${depth} untrained layers; the last layer's gradient is 1`, rows, [
    'network', { key: 'signal', title: 'signal at the last layer' }, { key: 'gradient', title: 'gradient at the first layer' },
  ])
}

/**
 * Training losses at the end of watched runs, as `tables.listLateLosses` gives them; further columns keep their own
 * names.
 * @param name of the table, in kebab-case
 * @example show(tables.losses('two', 'Two networks', [{ network: 'a', loss: 0.4 }, { network: 'b', loss: 0.6 }]))
 */
export function losses(name: string, title: string, rows: readonly LateLossRow[]): Table {
  const more = Object.keys(rows[0] ?? {}).filter(key => key !== 'network' && key !== 'loss')
  return dataTable(name, title, rows, ['network', ...more, { key: 'loss', title: 'training loss at the end' }],
    'Mean over the last sixth of the steps.')
}

/**
 * Linear heads on frozen features, as `fitProbes` gives them.
 * @example show(tables.probes(strategies.fitProbes(features)))
 */
export function probes(probes: readonly ProbeResult[]): Table {
  return dataTable('probes', 'A linear head on frozen features', probes, [
    'reads', 'features', 'penalty', decimal('validationLoss', 'validation loss'), percent('accuracy', 'validation accuracy'),
  ])
}

/**
 * The settings that `recommend` tried, the lowest validation loss first.
 * @example
 * const options = { weights: 'none', width: 'quarter', sizes: [32], steps: 1 } as const
 * show(tables.recommendations(await recommend(parts, options)))
 */
export function recommendations({ rows, advice }: Recommendation): Table {
  return dataTable('recommendation', 'Cheap settings on the validation part', rows, [
    'setting', decimal('loss', 'validation loss'), percent('accuracy', 'validation accuracy'), percent('low', 'from'),
    percent('high', 'to'),
  ], `${advice} The best of several is too good: judge it once on the test part.`)
}

/**
 * The likeliest classes of a picture, as `recognize` gives them.
 * @example show(tables.recognitions([{ name: 'tabby', probability: 0.7 }]))
 */
export function recognitions(recognitions: readonly Recognition[]): Table {
  return dataTable('recognized', 'The likeliest of 1,000 things', recognitions, [{ key: 'name', title: 'thing' }, percent('probability')])
}
