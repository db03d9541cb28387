/** The lines that finished reproductions have left in results/tables: committed, and quoted by README and notebooks. */
import { existsSync } from 'node:fs'
import { parseCsv } from '../datasets/groups-table'
import { readFileCapped, writeFileAtomic } from '../files'
import { inProject } from '../project-root'
import { toCsv, type Table } from '../tables'
import { mergeRows, publishedRow, referenceRow, referenceTable, type ReferenceRow } from './reference-row'

/** Where the lines lie. */
export function referenceFile(): string {
  return inProject('results', 'tables', 'reference-notebook.csv')
}

/** All recorded lines, the published one first; it alone where nothing has been recorded. */
export async function readReferenceRows(path: string = referenceFile()): Promise<ReferenceRow[]> {
  if (!existsSync(path)) return [publishedRow]
  const [header, ...lines] = parseCsv((await readFileCapped(path, 1024 * 1024)).toString('utf8'))
  const rows = lines.map(line => referenceRow(Object.fromEntries(header.map((key, i) => [key, line[i] ?? '']))))
  return mergeRows(rows, [])
}

/** Adds a line; one of the same run is replaced. */
export async function recordReferenceRow(row: ReferenceRow, path: string = referenceFile()): Promise<void> {
  await writeFileAtomic(path, toCsv(referenceTable(mergeRows(await readReferenceRows(path), [row]))))
}

/** The recorded lines as a table, ready to show. */
export async function referenceResults(): Promise<Table> {
  return referenceTable(await readReferenceRows())
}
