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

/** The recorded lines as a table, ready to show. */
export async function readReferenceResults(): Promise<Table> {
  return referenceTable(await readReferenceRows())
}

/** Lines with the published one first; a new line takes the place of an older one of the same run. */
export function mergeRows(old: readonly ReferenceRow[], fresh: readonly ReferenceRow[]): ReferenceRow[] {
  const name = ({ start, width, epochs, seed, engine }: ReferenceRow) => [start, width, epochs, seed, engine].join(' ')
  return mergedByName([publishedRow, ...old, ...fresh], name)
}
