/** The recorded rows of finished runs in results/tables, which README, docs and notebook 08 quote. */
import { z } from 'zod'
import { writeFileAtomic } from '../../../system/files'
import { requireKnownKeys } from '../../../system/options'
import { group } from 'd3-array'
import { figure, mergedByName, readRows, resultsFile } from '../../results-file'
import { dataTable, toCsv } from '../../../display/tables'
import { widths, type Width } from '../../../model/architecture'
import {
  runName, startWeights, strategies, type GroupCount, type StrategyResult, type StrategyRow,
} from './strategy-run'

/** The order of four-strategies.csv. */
export const rowColumns: readonly (keyof StrategyRow)[] = [
  'strategy', 'weights', 'width', 'depth', 'split', 'fold', 'seed', 'accuracy', 'loss', 'auc', 'seconds',
  'trainedParameters',
]
export const rowWords: readonly (keyof StrategyRow)[] = ['strategy', 'weights', 'width', 'depth', 'split']
export const groupWords: readonly (keyof GroupCount)[] = ['run', 'group']

export const rowSchema = z.object({
  strategy: z.enum(strategies), weights: z.enum(startWeights),
  width: z.enum(['none', ...Object.keys(widths) as Width[]]), depth: z.string(),
  split: z.enum(['random', 'blocks']), fold: z.number().nullable(), seed: z.number(),
  accuracy: figure, loss: figure, auc: figure, seconds: figure, trainedParameters: z.number().nullable(),
}) satisfies z.ZodType<StrategyRow>

export const groupSchema = z.object({
  run: z.string(), group: z.string(), label: z.number(), images: z.number(), correct: z.number(),
}) satisfies z.ZodType<GroupCount>

/** The paths of two files: one with a row for each run, one with a row for each group that a run tested. */
export interface StrategyFiles {
  rows: string
  groups: string
}

export function strategyFiles(): StrategyFiles {
  return { rows: resultsFile('four-strategies'), groups: resultsFile('four-strategies-groups') }
}

/**
 * All recorded runs; none where nothing has been recorded.
 * @example (await strategies.readResults()).length
 */
export async function readResults(files: StrategyFiles = strategyFiles()): Promise<StrategyResult[]> {
  requireKnownKeys('readResults', files, { rows: true, groups: true })
  // Rows are written last, so they are read first: a run that is being recorded has its counts already.
  const recorded = await readRows(files.rows, rowSchema, rowWords)
  const counts = group(await readRows(files.groups, groupSchema, groupWords), ({ run }) => run)
  return recorded.map(row => ({ row, groups: counts.get(runName(row)) ?? [] }))
}

/** Adds a finished run, or replaces the run of its name. Its row in `rows` marks it as done, and is written last. */
export async function recordStrategyResult(
  result: StrategyResult, files: StrategyFiles = strategyFiles(),
): Promise<void> {
  const results = mergedByName([...await readResults(files), result], ({ row }) => runName(row))
  const groups = results.flatMap(one => one.groups)
  await writeFileAtomic(files.groups, toCsv(dataTable('groups', '', groups, ['run', 'group', 'label', 'images', 'correct'])))
  await writeFileAtomic(files.rows, toCsv(dataTable('rows', '', results.map(({ row }) => row), rowColumns)))
}
