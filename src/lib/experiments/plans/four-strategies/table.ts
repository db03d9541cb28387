/** The comparison of strategies as a table: a line for each kind of run, its two splits side by side. */
import { group } from 'd3-array'
import { formatEstimate } from '../../../display/format'
import { dataTable, type Table } from '../../../display/tables'
import { armName, type SplitKind } from './strategy-run'
import type { StrategySummary } from './summary'

/**
 * Summaries as a table, in their order. It has a column for the width where the widths differ.
 * @example show(strategies.summaryTable(strategies.summarizeRuns(results)))
 */
export function summaryTable(summaries: readonly StrategySummary[]): Table {
  const kinds = group(summaries, armName)
  const ofNetworks = new Set(summaries.map(({ width }) => width).filter(width => width !== 'none'))
  return dataTable('four-strategies', 'Strategies side by side', [...kinds.values()].map(lineOf), [
    'strategy', { key: 'weights', title: 'start' }, ...(ofNetworks.size > 1 ? ['width'] : []),
    { key: 'depth', title: 'trains, or reads' }, 'runs',
    { key: 'blocks', title: 'accuracy, blocks' }, { key: 'random', title: 'accuracy, random' },
    { key: 'blocksLoss', title: 'loss, blocks', format: 'decimal' },
    { key: 'randomLoss', title: 'loss, random', format: 'decimal' },
    { key: 'blocksAuc', title: 'AUC, blocks', format: 'decimal' },
    { key: 'randomAuc', title: 'AUC, random', format: 'decimal' },
    { key: 'seconds', title: 'time a run', format: 'seconds' },
    { key: 'trainedParameters', title: 'numbers trained', format: 'integer' },
  ], 'Test parts; means over runs (on blocks + on random splits), with 95 % intervals by bootstrap over the groups tested.')
}

function lineOf(summaries: readonly StrategySummary[]) {
  const [{ strategy, weights, width, depth, trainedParameters }] = summaries
  const of = (kind: SplitKind) => summaries.find(({ split }) => split === kind)
  const blocks = of('blocks'), random = of('random')
  const runs = [blocks, random].map(summary => summary?.runs ?? 0)
  const seconds = summaries.reduce((sum, one) => sum + one.runs * one.seconds, 0) / (runs[0] + runs[1])
  return {
    strategy, weights, width, depth, runs: runs.join(' + '), blocks: accuracyOf(blocks), random: accuracyOf(random),
    blocksLoss: blocks?.loss ?? null, randomLoss: random?.loss ?? null,
    blocksAuc: blocks?.auc ?? null, randomAuc: random?.auc ?? null, seconds, trainedParameters,
  }
}

function accuracyOf(summary: StrategySummary | undefined): string {
  return summary ? formatEstimate({ ...summary, value: summary.accuracy }) : '–'
}
