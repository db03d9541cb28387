/** Answers to notebook 08's questions about the recorded runs of four strategies. */
import { dataTable, type Table } from '../../../display/tables'
import type { StrategyResult } from './strategy-run'
import { comparePaired, selectRuns, type StrategySummary } from './summary'

/** All answers are about the recorded runs. */
const note = 'Recorded on the SARS-CoV-2 CT-scan set.'

/** How far apart the two splits are. */
export interface SplitGap {
  /** A strategy's name, or a baseline's. */
  method: string
  /** Accuracy on random splits minus accuracy on number blocks, as a share. */
  gap: number
}

/**
 * Accuracy on random splits minus accuracy on number blocks: for fine-tuning all layers, and for one nearest neighbor.
 * @example strategies.compareSplits(strategies.summarizeRuns(await strategies.readResults()))[0].gap
 */
export function compareSplits(summaries: readonly StrategySummary[]): SplitGap[] {
  const kinds = { 'fine-tuning, all layers': fineTuned, 'one nearest neighbor': nearestNeighbor }
  return Object.entries(kinds).map(([method, isKind]) => {
    const accuracy = (split: string) => summaries.find(one => isKind(one) && one.split === split)?.accuracy ?? NaN
    return { method, gap: accuracy('random') - accuracy('blocks') }
  })
}

/** Fine-tuning all layers, compared with another kind of run on the same folds. */
export interface Advantage {
  strategy: string
  weights: string
  depth: string
  /** Difference in accuracy, as a share, with its 95 % interval. Positive: fine-tuning is better. */
  value: number
  low: number
  high: number
}

/**
 * Fine-tuning all layers minus every other kind of run, paired by fold, on number blocks.
 * @param results recorded runs of one width
 * @example strategies.compareWithOthers(results, strategies.summarizeRuns(results))
 */
export function compareWithOthers(
  results: readonly StrategyResult[], summaries: readonly StrategySummary[],
): Advantage[] {
  const best = selectRuns(results, { strategy: 'fine-tuning', depth: 'all', split: 'blocks' })
  return summaries.filter(one => one.split === 'blocks' && !fineTuned(one)).map(({ strategy, weights, depth }) => ({
    strategy, weights, depth, ...comparePaired(selectRuns(results, { strategy, weights, depth, split: 'blocks' }), best).mean,
  }))
}

/**
 * The comparisons of `compareWithOthers` as a table, in points.
 * @example show(strategies.advantageTable(strategies.compareWithOthers(results, strategies.summarizeRuns(results))))
 */
export function advantageTable(rows: readonly Advantage[]): Table {
  const points = (key: string, title: string) => ({ key, title, format: 'points' as const })
  return dataTable('against-others', 'Fine-tuning all layers minus …', rows,
    ['strategy', 'weights', 'depth', points('value', 'difference'), points('low', 'from'), points('high', 'to')], note)
}

/** One number block, and how two methods do on it. */
export interface HardBlock {
  block: string
  images: number
  /** Share that the fine-tuned network gets right. */
  network: number
  /** Share that logistic regression on histograms gets right; NaN where it was not recorded. */
  histograms: number
}

/**
 * The number blocks that fine-tuning all layers gets wrong most often, beside logistic regression on histograms.
 * @param count how many blocks. Default 6
 * @example strategies.findHardestBlocks(results, 3).map(row => row.block)
 */
export function findHardestBlocks(results: readonly StrategyResult[], count = 6): HardBlock[] {
  const groups = (runs: readonly StrategyResult[]) => runs.flatMap(run => run.groups)
  const plain = groups(selectRuns(results, { depth: 'histogram, logistic regression', split: 'blocks' }))
  const network = groups(selectRuns(results, { strategy: 'fine-tuning', depth: 'all', split: 'blocks' }))
  const rows = network.map(({ group, images, correct }) => {
    const other = plain.find(one => one.group === group)
    return { block: group, images, network: correct / images, histograms: other ? other.correct / other.images : NaN }
  })
  return rows.sort((a, b) => a.network - b.network).slice(0, count)
}

/**
 * The blocks of `findHardestBlocks` as a table.
 * @example show(strategies.blockTable(strategies.findHardestBlocks(results)))
 */
export function blockTable(rows: readonly HardBlock[]): Table {
  return dataTable('hardest', `The ${rows.length} blocks that the network gets wrong most often`, rows, [
    'block', 'images', { key: 'network', title: 'network', format: 'percent' },
    { key: 'histograms', title: 'histograms', format: 'percent' },
  ], note)
}

/**
 * The goals set before any run, beside what fine-tuning all layers reached.
 * @example show(strategies.goalTable(strategies.summarizeRuns(results)))
 */
export function goalTable(summaries: readonly StrategySummary[]): Table {
  const of = (split: string) => summaries.find(one => fineTuned(one) && one.split === split)
  const random = of('random'), blocks = of('blocks')
  return dataTable('goals', 'Fine-tuning all layers, half width', [
    { figure: 'accuracy, random splits', goal: 'at least 0.98', reached: random?.accuracy ?? NaN },
    { figure: 'loss, random splits', goal: 'at most 0.08', reached: random?.loss ?? NaN },
    { figure: 'minutes of training, random splits', goal: 'at most 6', reached: (random?.seconds ?? NaN) / 60 },
    { figure: 'accuracy, number blocks', goal: 'at least 0.92', reached: blocks?.accuracy ?? NaN },
  ], undefined, note)
}

function fineTuned({ strategy, depth }: StrategySummary): boolean {
  return strategy === 'fine-tuning' && depth === 'all'
}

function nearestNeighbor({ depth }: StrategySummary): boolean {
  return depth === 'pixels, one nearest neighbour'
}
