/** Files in results/tables: rows that finished runs leave there, committed and quoted by README and notebooks. */
import { existsSync } from 'node:fs'
import { parseCsv } from '../system/csv'
import { dataTable, toCsv } from '../display/tables'
import { damagedFile } from '../system/errors'
import { readFileCapped, writeFileAtomic } from '../system/files'
import { inProject } from '../system/project-root'

const largestFile = 16 * 1024 * 1024

/** Where a table's rows lie. @param name such as 'four-strategies' */
export function resultsFile(name: string): string {
  return inProject('results', 'tables', `${name}.csv`)
}

/**
 * A file's rows, none where there is no file. Cells are numbers, empty ones null.
 * @param words the columns that hold text instead
 * @throws LabError 'damaged-file' where a row has more or fewer cells than the header, or a word where a number belongs
 */
export async function readRows<Row extends object>(path: string, words: readonly (keyof Row)[]): Promise<Row[]> {
  if (!existsSync(path)) return []
  const [header, ...lines] = parseCsv((await readFileCapped(path, largestFile)).toString('utf8'))
  const texts: readonly PropertyKey[] = words
  return lines.map((line, i) => {
    const fault = (what: string) => damagedFile(path, `${what} in line ${i + 2}`)
    if (line.length !== header.length) throw fault(`${line.length} cells under ${header.length} columns`)
    return Object.fromEntries(header.map((key, column) => {
      const cell = line[column], number = Number(cell)
      if (texts.includes(key)) return [key, cell]
      if (Number.isNaN(number)) throw fault(`'${cell}' for the number ${key}`)
      return [key, cell ? number : null]
    })) as Row
  })
}

/**
 * Writes rows as a file that `readRows` reads, whole or not at all.
 * @param columns their order; default: that of the first row
 */
export function writeRows(path: string, rows: readonly object[], columns?: readonly string[]): Promise<void> {
  return writeFileAtomic(path, toCsv(dataTable('rows', '', rows, columns)))
}

/** One row for each name, in the order of first appearance; a later row replaces an earlier one of the same name. */
export function mergedByName<Row>(rows: readonly Row[], nameOf: (row: Row) => string): Row[] {
  return [...new Map(rows.map(row => [nameOf(row), row])).values()]
}
