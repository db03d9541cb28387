/** What finished runs have left in results/tables: committed, and quoted by README and notebook. */
import { writeFileAtomic } from '../../../system/files'
import { group } from 'd3-array'
import { mergedByName, readRows, resultsFile } from '../../results-file'
import { dataTable, toCsv } from '../../../display/tables'
import { runName, type GroupCount, type StrategyResult, type StrategyRow } from './strategy-run'

/** The order of four-strategies.csv. */
const rowColumns: readonly (keyof StrategyRow)[] = [
  'strategy', 'weights', 'width', 'depth', 'split', 'fold', 'seed', 'accuracy', 'loss', 'auc', 'seconds',
  'trainedParameters',
]
const rowWords: readonly (keyof StrategyRow)[] = ['strategy', 'weights', 'width', 'depth', 'split']
const groupWords: readonly (keyof GroupCount)[] = ['run', 'group']

/** Where results lie: one line a run, and beside them one line for each group that a run tested. */
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
  const counts = group(await readRows<GroupCount>(files.groups, groupWords), ({ run }) => run)
  const recorded = await readRows<StrategyRow>(files.rows, rowWords)
  return recorded.map(row => ({ row, groups: counts.get(runName(row)) ?? [] }))
}

/** Adds a finished run, or replaces the one of its name. Its line in `rows`, which says that it is done, comes last. */
export async function recordStrategyResult(
  result: StrategyResult, files: StrategyFiles = strategyFiles(),
): Promise<void> {
  const results = mergedByName([...await readResults(files), result], ({ row }) => runName(row))
  const groups = results.flatMap(one => one.groups)
  await writeFileAtomic(files.groups, toCsv(dataTable('groups', '', groups, ['run', 'group', 'label', 'images', 'correct'])))
  await writeFileAtomic(files.rows, toCsv(dataTable('rows', '', results.map(({ row }) => row), rowColumns)))
}
