/**
 * The comparison of four strategies, notebook 08: training from scratch, frozen features, fine-tuning and pre-training
 * without labels, on number blocks and on random splits, beside baselines.
 */
import { baselineNames } from '../../../baselines/baselines'
import type { Width } from '../../../model/architecture'
import type { TrainingDepth } from '../../config'
import type { Plan, PlanResult } from '../../plan'
import { defaultData, type PlanOptions } from '../../plan-options'
import { foldCount, strategyConfig, strategyResult } from './experiment'
import { LabError } from '../../../system/errors'
import { readResults, recordStrategyResult, strategyFiles, type StrategyFiles } from './recorded'
import { armName, featureDepths, runName, trainingDepths, type Arm, type SplitKind, type StrategyRun } from './strategy-run'
import { summarizeRuns } from './summary'
import { summaryTable } from './table'

/** The number of random splits. */
const seedCount = 3

/**
 * The comparison at one width of network. On another data set than notebook 08's, nothing is recorded.
 * @throws LabError 'bad-argument' for a seed: each run of the comparison has its own
 */
export function fourStrategies({ width = 'half', data = defaultData, seed, files }: PlanOptions<StrategyFiles> = {}): Plan {
  if (seed !== undefined)
    throw new LabError('bad-argument', {
      expected: 'four-strategies without a seed', received: String(seed), remedy: 'Leave the seed out: each run has its own',
    })
  const strategyRuns = strategyPlan(width)
  const byName = new Map(strategyRuns.map(run => [runName(run), run]))
  const tables = files ?? (data === defaultData ? strategyFiles() : null)
  const resultOf = ({ run, finished }: PlanResult) => strategyResult(byName.get(run.name)!, finished)
  return {
    name: 'four-strategies', title: 'Four strategies, by number block and on random splits',
    runs: strategyRuns.map(run => ({
      name: runName(run), kind: `${armName(run)}-${run.split}`, config: strategyConfig(run, { data: { name: data } }),
    })),
    files: tables ? [tables.rows, tables.groups] : [],
    recorded: async () => tables
      ? (await readResults(tables)).map(({ row }) => ({ name: runName(row), seconds: row.seconds })) : [],
    record: async result => { if (tables) await recordStrategyResult(resultOf(result), tables) },
    results: async finished =>
      summaryTable(summarizeRuns(tables ? await readResults(tables) : finished.map(resultOf))),
  }
}

/**
 * All runs of a width, the most informative first: the baselines, the comparison that was declared beforehand
 * (`primary`), training from scratch, then the rest.
 */
export function strategyPlan(width: Width): StrategyRun[] {
  const tune = (depth: TrainingDepth): Arm => ({ strategy: 'fine-tuning', weights: 'fractal', width, depth })
  const scratch: Arm = { strategy: 'scratch', weights: 'none', width, depth: 'all' }
  const baselines = baselineNames.map((depth): Arm => ({ strategy: 'baseline', weights: 'none', width: 'none', depth }))
  const frozen = (['fractal', 'fractal-reestimated'] as const).flatMap(weights =>
    featureDepths.map((depth): Arm => ({ strategy: 'frozen-features', weights, width, depth })))
  const unsupervised = (['contrastive', 'fractal-contrastive'] as const)
    .map((weights): Arm => ({ strategy: 'unsupervised', weights, width, depth: 'all' }))
  const between = trainingDepths.filter(depth => depth !== 'head' && depth !== 'all').map(tune)
  return [
    ...runsOf('blocks', baselines), ...runsOf('random', baselines),
    ...runsOf('blocks', [tune('all'), tune('head')]),
    ...runsOf('random', [tune('all')]),
    ...runsOf('blocks', [scratch]),
    ...runsOf('blocks', frozen), ...runsOf('random', frozen),
    ...runsOf('blocks', between), ...runsOf('random', [tune('head'), scratch]),
    ...runsOf('blocks', unsupervised), ...runsOf('random', [...between, ...unsupervised]),
  ]
}

/** Fold by fold or seed by seed, so that comparisons are complete as early as possible. */
function runsOf(split: SplitKind, arms: readonly Arm[]): StrategyRun[] {
  const splits = split === 'blocks'
    ? Array.from({ length: foldCount }, (_, i) => ({ split, fold: i + 1, seed: 1 }))
    : Array.from({ length: seedCount }, (_, i) => ({ split, fold: null, seed: i + 1 }))
  return splits.flatMap(images => arms.map(arm => ({ ...arm, ...images })))
}
