/** The recorded runs behind the table of papers, in results/tables. */
import { z } from 'zod'
import { dataTable, toCsv } from '../../../display/tables'
import { referencePaper, referenceRecipe } from '../../../papers/reference-notebook'
import { writeFileAtomic } from '../../../system/files'
import { defaultData } from '../../plan-options'
import { mergedByName, readRecorded, recordAlone, resultsFile } from '../../results-file'
import {
  readCounts, readResults, rowColumns, rowSchema, rowWords, strategyFiles, withCounts, type StrategyFiles,
} from '../four-strategies/recorded'
import type { StrategyResult } from '../four-strategies/strategy-run'
import { readReferenceRows, referenceFile } from '../reference-notebook/recorded'
import type { ReferenceRow } from '../reference-notebook/row'
import { armsOf } from './arms'
import { paperRunName, type PaperResult } from './paper-run'

const empty = z.string().transform(text => text || null)
const paperRowSchema = rowSchema.extend({
  split: z.enum(['random', 'blocks', 'listed', 'given']), data: z.string(), recipe: empty, list: empty,
}) satisfies z.ZodType<PaperResult['row']>
const paperColumns: readonly (keyof PaperResult['row'])[] = ['data', 'recipe', 'list', ...rowColumns]
const paperWords: readonly (keyof PaperResult['row'])[] = ['data', 'recipe', 'list', ...rowWords]

/** Where the rows come from: the table's own runs, and those of the two other plans that ran the same experiments. */
export interface PaperFiles extends StrategyFiles {
  strategies: StrategyFiles
  reference: string
}

export function paperFiles(): PaperFiles {
  return {
    rows: resultsFile('papers-runs'), groups: resultsFile('papers-groups'), strategies: strategyFiles(),
    reference: referenceFile(),
  }
}

/**
 * All recorded runs that stand beside published rows. The comparison of strategies and the reference notebook's plan
 * carry out some of the same experiments: their rows count, and nothing runs twice.
 */
export async function readPaperResults(files: PaperFiles = paperFiles()): Promise<PaperResult[]> {
  const compared = (await readResults(files.strategies)).map(ofStrategy)
  const reference = (await readReferenceRows(files.reference)).flatMap(ofReference)
  return mergedByName([...reference, ...compared, ...await readOwnResults(files)], ({ row }) => paperRunName(row))
}

async function readOwnResults({ rows, groups }: StrategyFiles): Promise<PaperResult[]> {
  // Rows are written last, so they are read first: a run that is being recorded has its counts already.
  const recorded = await readRecorded(rows, paperRowSchema, paperWords, row => paperRunName(row))
  return withCounts(recorded, await readCounts(groups), row => paperRunName(row), groups)
}

/** Adds a finished run, or replaces the run of its name. Its row marks the run as done, and is written last. */
export async function recordPaperResult(result: PaperResult, files: StrategyFiles): Promise<void> {
  await recordAlone(files.rows, async () => {
    const results = mergedByName([...await readOwnResults(files), result], ({ row }) => paperRunName(row))
    const groups = results.flatMap(one => one.groups)
    await writeFileAtomic(files.groups, toCsv(dataTable('groups', '', groups, ['run', 'group', 'label', 'images', 'correct'])))
    await writeFileAtomic(files.rows, toCsv(dataTable('rows', '', results.map(({ row }) => row), paperColumns)))
  })
}

function ofStrategy({ row, groups }: StrategyResult): PaperResult {
  return { row: { ...row, data: defaultData, recipe: null, list: null }, groups }
}

const referenceStarts: ReadonlyMap<string, 'none' | 'fractal'> = new Map([['random', 'none'], ['fractal', 'fractal']])

/**
 * The reference notebook's recorded runs of all its epochs, each with the nearest neighbor on the same split. They hold
 * no counts by group.
 */
function ofReference(reference: ReferenceRow): PaperResult[] {
  const { start, width, epochs, seed, accuracy, loss, auc, minutes, threads, nearestNeighbour } = reference
  const weights = referenceStarts.get(start)
  if (threads === null || weights === undefined || epochs !== referenceRecipe.training.epochs) return []
  const shared = {
    data: defaultData, recipe: referencePaper.id, list: null, split: 'random' as const, fold: null, seed, trainedParameters: null,
  }
  const network: PaperResult = { groups: [], row: {
    ...shared, strategy: weights === 'none' ? 'scratch' : 'fine-tuning', weights, width: width as PaperResult['row']['width'],
    depth: 'all', accuracy, loss, auc: auc ?? NaN, seconds: 60 * minutes,
  } }
  const neighbor = armsOf(weights, 'full').nearestNeighbor
  if (nearestNeighbour === null) return [network]
  const unknown = { loss: NaN, auc: NaN, seconds: NaN }
  return [network, { groups: [], row: { ...shared, ...neighbor, ...unknown, accuracy: nearestNeighbour } }]
}
