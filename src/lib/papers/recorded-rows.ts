/** The lines that finished reproductions have left in results/tables. */
import { writeFileAtomic } from '../files'
import { readRows, resultsFile } from '../results-file'
import { toCsv, type Table } from '../tables'
import { mergeRows, referenceTable, wordColumns, type ReferenceRow } from './reference-row'

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

/** The recorded lines as a table, ready to show. */
export async function referenceResults(): Promise<Table> {
  return referenceTable(await readReferenceRows())
}
