/** The recorded rows of finished reproductions, in results/tables. */
import { writeFileAtomic } from '../../../system/files'
import { mergedByName, readRecorded, recordAlone, resultsFile } from '../../results-file'
import { toCsv, type Table } from '../../../display/tables'
import { publishedRow, referenceTable, rowSchema, wordColumns, type ReferenceRow } from './row'

/** The path of the recorded rows. */
export function referenceFile(): string {
  return resultsFile('reference-notebook')
}

/** The published row, then all recorded rows. */
export async function readReferenceRows(path: string = referenceFile()): Promise<ReferenceRow[]> {
  return mergeRows(await readRecorded(path, rowSchema, wordColumns, rowName), [])
}

/** Adds a row, which replaces the row of the same run. */
export async function recordReferenceRow(row: ReferenceRow, path: string = referenceFile()): Promise<void> {
  await recordAlone(path, async () =>
    writeFileAtomic(path, toCsv(referenceTable(mergeRows(await readReferenceRows(path), [row])))))
}

/**
 * The published and the recorded rows as a table.
 * @example show(await readReferenceResults())
 */
export async function readReferenceResults(): Promise<Table> {
  return referenceTable(await readReferenceRows())
}

/** The published row, then all others; a new row replaces an older row of the same run. */
export function mergeRows(old: readonly ReferenceRow[], fresh: readonly ReferenceRow[]): ReferenceRow[] {
  return mergedByName([publishedRow, ...old, ...fresh], rowName)
}

/** A text that is equal for rows of the same run only. */
export function rowName(
  { start, width, epochs, seed, engine }: Pick<ReferenceRow, 'start' | 'width' | 'epochs' | 'seed' | 'engine'>,
): string {
  return [start, width, epochs, seed, engine].join(' ')
}
