/** The lines that finished reproductions have left in results/tables. */
import { writeFileAtomic } from '../../../system/files'
import { mergedByName, readRows, resultsFile } from '../../results-file'
import { toCsv, type Table } from '../../../display/tables'
import { publishedRow, referenceTable, wordColumns, type ReferenceRow } from './row'

/** Where the lines lie. */
export function referenceFile(): string {
  return resultsFile('reference-notebook')
}

/** All recorded lines, the published one first; it alone where nothing has been recorded. */
export async function readReferenceRows(path: string = referenceFile()): Promise<ReferenceRow[]> {
  return mergeRows(await readRows<ReferenceRow>(path, wordColumns), [])
}

/** Adds a line; one of the same run is replaced. */
export async function recordReferenceRow(row: ReferenceRow, path: string = referenceFile()): Promise<void> {
  await writeFileAtomic(path, toCsv(referenceTable(mergeRows(await readReferenceRows(path), [row]))))
}

/**
 * The recorded lines as a table, ready to show.
 * @example show(await readReferenceResults())
 */
export async function readReferenceResults(): Promise<Table> {
  return referenceTable(await readReferenceRows())
}

/** Rows with the published one first; a new row takes the place of an older one of the same run. */
export function mergeRows(old: readonly ReferenceRow[], fresh: readonly ReferenceRow[]): ReferenceRow[] {
  return mergedByName([publishedRow, ...old, ...fresh], rowName)
}

/** What tells a row apart from all others. */
export function rowName(
  { start, width, epochs, seed, engine }: Pick<ReferenceRow, 'start' | 'width' | 'epochs' | 'seed' | 'engine'>,
): string {
  return [start, width, epochs, seed, engine].join(' ')
}
