/** The numbers that a run found, read from the tables and figures that its notebooks show. */
import { greatest } from 'd3-array'
import type { Table } from '../display/tables'
import type { Estimate } from '../evaluation/intervals'
import { notebookNumber, type Collected, type CollectedFigure, type CollectedGallery } from './collect'

/** An estimate with the name of the method that reached it. */
export interface NamedEstimate {
  name: string
  estimate: Estimate
}

/** One method on a random split and on a split by group. */
export interface SplitEffect {
  method: string
  random: { split: string; accuracy: Estimate }
  grouped: { split: string; accuracy: Estimate }
}

/** The network beside the classifiers without a network, all on the same test images. */
export interface Comparison {
  network: NamedEstimate
  best: NamedEstimate
  /** The classifier that names the larger class always; null where the figure does not show it. */
  majority: NamedEstimate | null
  /** Data set, split and kind of interval, in the words of the figure. */
  conditions: string
}

/** Everything that the top of the report says; null for what the notebooks do not show. */
export interface Findings {
  /** Images and groups by class, the last row for all. */
  data: Table | null
  /** The method that does best on the random split, on both splits. */
  splitEffect: SplitEffect | null
  comparison: Comparison | null
  /** Measures on the test images with their intervals. */
  evaluation: Table | null
  /** Mistakes by group, the group with the largest share first. */
  mistakes: Table | null
}

/** The tables, figures and galleries of a run, by their names. */
export interface Shown {
  table(name: string): Table | null
  figure(name: string): CollectedFigure | null
  gallery(name: string): CollectedGallery | null
}

/** Looks up tables, figures and galleries of a run by names such as '06-evaluation'. */
export function shownIn(collected: Iterable<Collected>): Shown {
  const all = [...collected]
  const tables = new Map(all.flatMap(one => one.tables).map(({ table }) => [table.name, table]))
  const figures = new Map(all.flatMap(one => one.figures).map(figure => [figure.name, figure]))
  const galleries = new Map(all.flatMap(one => one.galleries).map(gallery => [gallery.name, gallery]))
  return {
    table: name => tables.get(name) ?? null, figure: name => figures.get(name) ?? null,
    gallery: name => galleries.get(name) ?? null,
  }
}

/** The findings of a run. */
export function findingsOf(shown: Shown): Findings {
  const numbers = (name: string) => ['01', '02', '05', '06', '08', '10'].map(notebook => shown.table(`${notebook}-${name}`))
  return {
    data: numbers('data-set').find(Boolean) ?? null,
    splitEffect: splitEffect(shown.table('02-baselines-random'), shown.table('02-baselines-group')),
    comparison: comparison(shown.figure('06-beside-baselines') ?? shown.figure('10-beside-baselines')),
    evaluation: shown.table('06-evaluation') ?? shown.table('10-evaluation'),
    mistakes: shown.table('06-groups'),
  }
}

/** A table's cell as a number; NaN where it is empty or no number. */
export function numberIn(row: Table['rows'][number] | undefined, key: string): number {
  const value = row?.[key]
  return value === null || value === undefined || value === '' ? NaN : Number(value)
}

/** The estimate in the columns `value` (or another), `low` and `high` of a row. */
export function estimateIn(row: Table['rows'][number] | undefined, key = 'value'): Estimate {
  return { value: numberIn(row, key), low: numberIn(row, 'low'), high: numberIn(row, 'high') }
}

/** The numbers of the notebooks that a run ran to their end. */
export function completed(notebooks: readonly { name: string; failure: unknown }[]): Set<string> {
  return new Set(notebooks.filter(({ failure }) => failure === null).map(({ name }) => notebookNumber(name)))
}

function splitEffect(random: Table | null, grouped: Table | null): SplitEffect | null {
  if (!random || !grouped) return null
  const pairs = random.rows.flatMap(row => {
    const other = grouped.rows.find(({ baseline }) => baseline === row.baseline)
    return other ? [{
      method: String(row.baseline),
      random: { split: random.title, accuracy: estimateIn(row, 'accuracy') },
      grouped: { split: grouped.title, accuracy: estimateIn(other, 'accuracy') },
    }] : []
  })
  return greatest(pairs, ({ random }) => random.accuracy.value) ?? null
}

/** The last bar is the network's, the others are the baselines'. */
function comparison(figure: CollectedFigure | null): Comparison | null {
  const bars = (figure?.numbers?.rows ?? []).map(({ label, value, low, high }) =>
    ({ name: label, estimate: { value: value ?? NaN, low: low ?? NaN, high: high ?? NaN } }))
  const network = bars.at(-1), baselines = bars.slice(0, -1)
  const best = greatest(baselines, ({ estimate }) => estimate.value)
  if (!figure?.numbers || !network || !best) return null
  const majority = baselines.find(({ name }) => name.startsWith('majority')) ?? null
  return { network, best, majority, conditions: figure.numbers.subtitle }
}
