/** Published rows beside measured ones as a table. */
import { formatEstimate } from '../../../display/format'
import { dataTable, type Table } from '../../../display/tables'
import type { Estimate } from '../../../evaluation/intervals'
import { armNames, type ArmName } from './arms'
import type { Reproduction } from './reproduction'

/** The heading of each arm's column. */
export const armTitles: Readonly<Record<ArmName, string>> = {
  fineTuned: 'all layers trained', headOnly: 'head only', features: 'frozen features, linear head',
  nearestNeighbor: 'one nearest neighbor on pixels', histogram: 'logistic regression on histograms',
  histogramNeighbors: 'five nearest neighbors on histograms',
}

/** How to read the table, with the rule of the verdict. */
export const note = 'Accuracy, with 95 % intervals by group where groups are known; the difference with its 90 % interval. '
  + 'Reproduced: that interval lies within 2 points. Not reproduced: it lies wholly outside. Inconclusive: neither. '
  + 'Approximation: another network, width, start or data set than the paper’s, one that is not known, or an unconfirmed '
  + 'figure, so no verdict.'

/**
 * Published rows beside what was measured here under their protocols, a line for each split and network. What all lines
 * share (data set, network, what differs from the papers) stands beneath the table.
 * @example show(tables.reproductions(await papers.readReproductions('soares-2020')))
 */
export function reproductions(list: readonly Reproduction[]): Table {
  const same = sharedBy(list)
  return dataTable('reproductions', 'Published against measured', list.map(one => ({
    paper: one.citation, data: one.data, method: one.method, printed: one.printed, status: one.status, check: one.check,
    split: one.split, network: one.start && `${one.start}, ${one.width}`, runs: one.runs || null,
    ...Object.fromEntries(armNames.map(arm => [arm, estimateOf(one[arm])])),
    difference: pointsOf(one.difference), verdict: one.verdict,
    reasons: one.reasons.filter(reason => !same.reasons.includes(reason)).join('; ') || null,
  })), [
    'paper', ...(same.data === null ? ['data'] : []), 'method', { key: 'printed', title: 'published' }, 'status',
    { key: 'check', title: 'can it be true?' }, 'split',
    ...(same.network === null ? [{ key: 'network', title: 'start, width' }] : []), 'runs',
    ...armNames.map(arm => ({ key: arm, title: armTitles[arm] })), 'difference', 'verdict', { key: 'reasons', title: 'what differs' },
  ], [note, ...wordsOf(same)].join(' '))
}

/** What all lines share; null, and no reasons, where they share nothing or are fewer than two. */
interface Shared {
  data: string | null
  network: string | null
  reasons: readonly string[]
}

function sharedBy(list: readonly Reproduction[]): Shared {
  if (list.length < 2) return { data: null, network: null, reasons: [] }
  const [first, ...others] = list
  const alike = (of: (one: Reproduction) => string | null) =>
    (others.every(one => of(one) === of(first)) ? of(first) : null)
  return {
    data: alike(one => one.data), network: alike(one => one.start && `${one.start}, ${one.width} width`),
    reasons: first.reasons.filter(reason => others.every(one => one.reasons.includes(reason))),
  }
}

function wordsOf({ data, network, reasons }: Shared): string[] {
  return [
    ...(data === null ? [] : [`The papers’ set: ${data}.`]),
    ...(network === null ? [] : [`The network: ResNet50, ${network}.`]),
    ...(reasons.length === 0 ? [] : [`What differs in all rows: ${reasons.join('; ')}.`]),
  ]
}

/** The same with every number in a column of its own, for results/tables/papers.csv. */
export function reproductionRows(list: readonly Reproduction[]): Table {
  const ends = (key: string, estimate: Estimate | null) => ({
    [key]: estimate?.value ?? null, [`${key}Low`]: estimate?.low ?? null, [`${key}High`]: estimate?.high ?? null,
  })
  return dataTable('papers', 'Published against measured', list.map(({ reasons, difference, ...one }) => ({
    paper: one.paper, data: one.data, modality: one.modality, method: one.method, status: one.status,
    printed: one.printed, published: one.published, check: one.check, split: one.split, start: one.start,
    width: one.width, runs: one.runs,
    ...Object.assign({}, ...armNames.map(arm => ends(arm, one[arm]))), ...ends('difference', difference),
    verdict: one.verdict, reasons: reasons.join('; '),
  })))
}

function estimateOf(estimate: Estimate | null): string | null {
  return estimate && formatEstimate(estimate)
}

function pointsOf(difference: Estimate | null): string | null {
  return difference && formatEstimate(difference, 'points')
}
