/** The recorded rows of finished runs in results/tables, which README, docs and notebook 08 quote. */
import { z } from 'zod'
import { damagedFile } from '../../../system/errors'
import { writeFileAtomic } from '../../../system/files'
import { requireKnownKeys } from '../../../system/options'
import { group, sum } from 'd3-array'
import { amount, count, mergedByName, readRecorded, recordAlone, resultsFile, share, unknownOr } from '../../results-file'
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
  split: z.enum(['random', 'blocks']), fold: count.nullable(), seed: count,
  accuracy: share, loss: amount, auc: unknownOr(share), seconds: amount, trainedParameters: count.nullable(),
}) satisfies z.ZodType<StrategyRow>

export const groupSchema = z.object({
  run: z.string().min(1), group: z.string(), label: count, images: count, correct: count,
}).refine(({ images, correct }) => correct <= images, { path: ['correct'], error: 'more than images' }) satisfies
  z.ZodType<GroupCount>

/** A text that is equal for counts of the same group and class of a run only. */
function countName({ run, group, label }: GroupCount): string {
  return JSON.stringify([run, group, label])
}

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
  const recorded = await readRecorded(files.rows, rowSchema, rowWords, runName)
  return withCounts(recorded, await readCounts(files.groups), runName, files.groups)
}

/** The counts of all groups that recorded runs tested. */
export function readCounts(path: string): Promise<GroupCount[]> {
  return readRecorded(path, groupSchema, groupWords, countName)
}

/**
 * Rows, each with its counts by group.
 * @param path of the counts, for errors
 * @throws LabError 'damaged-file' for a run without counts, or whose counts give another accuracy than its row
 */
export function withCounts<Row extends { accuracy: number }>(
  rows: readonly Row[], counts: readonly GroupCount[], nameOf: (row: Row) => string, path: string,
): { row: Row; groups: GroupCount[] }[] {
  const byRun = group(counts, ({ run }) => run)
  return rows.map(row => {
    const groups = byRun.get(nameOf(row)) ?? []
    const accuracy = sum(groups, ({ correct }) => correct) / sum(groups, ({ images }) => images)
    if (Math.abs(accuracy - row.accuracy) < 1e-9) return { row, groups }
    const fault = groups.length ? `counts that give an accuracy of ${accuracy}, not ${row.accuracy}, for` : 'no counts of'
    throw damagedFile(path, `${fault} ${nameOf(row)}`, 'Remove the run’s row, and run the plan again')
  })
}

/** Adds a finished run, or replaces the run of its name. Its row in `rows` marks it as done, and is written last. */
export async function recordStrategyResult(
  result: StrategyResult, files: StrategyFiles = strategyFiles(),
): Promise<void> {
  await recordAlone(files.rows, async () => {
    const results = mergedByName([...await readResults(files), result], ({ row }) => runName(row))
    const groups = results.flatMap(one => one.groups)
    await writeFileAtomic(files.groups, toCsv(dataTable('groups', '', groups, ['run', 'group', 'label', 'images', 'correct'])))
    await writeFileAtomic(files.rows, toCsv(dataTable('rows', '', results.map(({ row }) => row), rowColumns)))
  })
}
