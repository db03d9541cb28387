/** Files in results/tables: rows that finished runs leave there, committed and quoted by README and notebooks. */
import { existsSync } from 'node:fs'
import { parseCsv } from '../system/csv'
import { readFileCapped } from '../system/files'
import { inProject } from '../system/project-root'

const largestFile = 16 * 1024 * 1024

/** Where a table's rows lie. @param name such as 'four-strategies' */
export function resultsFile(name: string): string {
  return inProject('results', 'tables', `${name}.csv`)
}

/**
 * A file's rows, none where there is no file. Cells are numbers, empty ones null.
 * @param words the columns that hold text instead
 */
export async function readRows<Row extends object>(path: string, words: readonly (keyof Row)[]): Promise<Row[]> {
  if (!existsSync(path)) return []
  const [header, ...lines] = parseCsv((await readFileCapped(path, largestFile)).toString('utf8'))
  const texts: readonly PropertyKey[] = words
  const value = (key: string, cell = '') => texts.includes(key) ? cell : cell ? Number(cell) : null
  return lines.map(line => Object.fromEntries(header.map((key, i) => [key, value(key, line[i])])) as Row)
}

/** Rows by name, each once, in the order in which a name first came; a later row takes an earlier one's place. */
export function mergedByName<Row>(rows: readonly Row[], nameOf: (row: Row) => string): Row[] {
  return [...new Map(rows.map(row => [nameOf(row), row])).values()]
}
