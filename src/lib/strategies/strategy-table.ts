/** The comparison of strategies as a table: a line for each kind of run, its two splits side by side. */
import { formatEstimate, table, type Table } from '../tables'
import { armName, featureDepths, trainingDepths, type SplitKind, type StartWeights, type Strategy } from './strategy-run'
import type { StrategySummary } from './strategy-summary'

const strategies: readonly Strategy[] = ['baseline', 'scratch', 'frozen-features', 'fine-tuning', 'unsupervised']
const starts: readonly StartWeights[] = ['none', 'fractal', 'fractal-reestimated', 'contrastive', 'fractal-contrastive']

/** Summaries as a table: by strategy, start and depth, whatever their order. */
export function strategyTable(summaries: readonly StrategySummary[]): Table {
  const kinds = new Map<string, StrategySummary[]>()
  for (const summary of [...summaries].sort(byPlace)) {
    const name = armName(summary)
    kinds.set(name, [...kinds.get(name) ?? [], summary])
  }
  return table('four-strategies', 'Strategies side by side', [...kinds.values()].map(lineOf), [
    'strategy', { key: 'weights', title: 'start' }, 'width', { key: 'depth', title: 'trains, or reads' },
    { key: 'runs', title: 'runs, blocks + random' },
    { key: 'blocks', title: 'accuracy, blocks' }, { key: 'random', title: 'accuracy, random' },
    { key: 'blocksLoss', title: 'loss, blocks', format: 'decimal' },
    { key: 'randomLoss', title: 'loss, random', format: 'decimal' },
    { key: 'blocksAuc', title: 'AUC, blocks', format: 'decimal' },
    { key: 'randomAuc', title: 'AUC, random', format: 'decimal' },
    { key: 'seconds', title: 'time a run', format: 'seconds' },
    { key: 'trainedParameters', title: 'numbers trained', format: 'integer' },
  ], 'Test parts; means over runs, with 95 % intervals by bootstrap over the groups tested.')
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

function byPlace(a: StrategySummary, b: StrategySummary): number {
  return strategies.indexOf(a.strategy) - strategies.indexOf(b.strategy)
    || starts.indexOf(a.weights) - starts.indexOf(b.weights) || depthPlace(a) - depthPlace(b)
}

function depthPlace({ strategy, depth }: StrategySummary): number {
  const depths: readonly string[] = strategy === 'frozen-features' ? featureDepths : trainingDepths
  return depths.indexOf(depth)
}
