/** Finished runs side by side: the settings that differ, the metrics, and paired differences on the same images. */
import { learningCurves } from '../display/figures/learning-curves'
import type { Figure } from '../display/figures/figure'
import { formatEstimate } from '../display/format'
import { dataTable, type Table } from '../display/tables'
import { areSameImages, comparePredictions } from '../evaluation/significance'
import type { FinishedRun } from './run-folder'

export interface RunComparison {
  /** A row a setting, a column a run; settings that all runs share are left out. */
  settings: Table
  /** A row a run. */
  metrics: Table
  /** Each run's accuracy minus the first one's, where both judged the same images. */
  differences: Table
  /** Validation curves of all runs that trained step by step; null where none did. */
  curves: Figure | null
}

export function compareFinished(runs: readonly FinishedRun[]): RunComparison {
  const trained = runs.filter(({ history }) => history.length)
  return {
    settings: settingsTable(runs), metrics: metricsTable(runs), differences: differencesTable(runs),
    curves: trained.length ? learningCurves(Object.fromEntries(trained.map(({ name, history }) => [name, history])), {
      name: 'compared-runs', title: 'Validation curves',
    }) : null,
  }
}

function settingsTable(runs: readonly FinishedRun[]): Table {
  const all = runs.map(({ config, environment: { engine, threads, data, weights } }) => flattened({
    ...config, environment: { engine, threads, images: data.hash.slice(0, 8), weights: weights?.slice(0, 8) },
  }))
  const names = [...new Set(all.flatMap(settings => [...settings.keys()]))]
  const differing = names.sort().filter(name => new Set(all.map(settings => settings.get(name))).size > 1)
  const columns = runs.map((_, i) => ({ key: `run ${i + 1}`, title: `run ${i + 1}`, format: 'text' as const }))
  return dataTable('settings', 'Settings that differ', differing.map(setting => ({
    setting, ...Object.fromEntries(columns.map(({ key }, i) => [key, all[i].get(setting) ?? '–'])),
  })), ['setting', ...columns])
}

/** Values by their paths, such as 'training.optimizer.rate', without those that are null or undefined. */
function flattened(value: unknown, path = ''): Map<string, string> {
  if (value === null || value === undefined) return new Map()
  if (typeof value !== 'object' || Array.isArray(value)) return new Map([[path, String(value)]])
  return new Map(Object.entries(value).flatMap(([key, part]) => [...flattened(part, path ? `${path}.${key}` : key)]))
}

function metricsTable(runs: readonly FinishedRun[]): Table {
  return dataTable('metrics', 'Metrics', runs.map(({ name, metrics }, i) => ({
    run: `${i + 1}  ${name}`, part: metrics.part, images: metrics.images, accuracy: formatEstimate(metrics.accuracy),
    auc: formatEstimate(metrics.auc, 'decimal'), loss: metrics.loss, seconds: metrics.seconds,
  })), [
    'run', 'part', 'images', 'accuracy', { key: 'auc', title: 'AUC' }, { key: 'loss', title: 'loss', format: 'decimal' },
    { key: 'seconds', title: 'time', format: 'seconds' },
  ], runs[0]?.metrics.intervals)
}

function differencesTable([first, ...others]: readonly FinishedRun[]): Table {
  const rows = others.map((run, i) => {
    const [before, after] = [first, run].map(({ evaluation }) => evaluation.predictions)
    const comparable = areSameImages(before, after)
    return {
      runs: `${i + 2} minus 1`,
      difference: comparable ? formatEstimate(comparePredictions(before, after).difference, 'points')
        : 'not comparable: the runs judged different images',
    }
  })
  return dataTable('differences', 'Accuracy, on the same images', rows, [
    'runs', { key: 'difference', title: 'difference' },
  ], '95 % intervals by bootstrap: the same groups (or images, where no groups are known) are drawn for both runs.')
}
