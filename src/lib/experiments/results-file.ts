/** Files of rows: the recorded rows of finished runs in results/tables, and the rows in a run's folder. */
import { existsSync } from 'node:fs'
import { z } from 'zod'
import { fromPlainCell, parseCsv } from '../system/csv'
import { dataTable, toCsv } from '../display/tables'
import { damagedFile } from '../system/errors'
import { readFileCapped, writeFileAtomic } from '../system/files'
import { unknownContent } from '../system/other-version'
import { inProject } from '../system/project-root'

const largestFile = 16 * 1024 * 1024

/** The path of a table of recorded rows. @param name such as 'four-strategies' */
export function resultsFile(name: string): string {
  return inProject('results', 'tables', `${name}.csv`)
}

/** A number that every row has. `writeRows` writes NaN as an empty cell, so an empty cell is read as NaN. */
export const figure = z.union([z.number(), z.literal(Infinity), z.literal(-Infinity), z.null()])
  .transform(value => value ?? NaN)

/**
 * A file's rows, none where there is no file. Before the schema checks a row, its cells are numbers, empty cells null.
 * @param schema what a row must hold
 * @param words the columns that hold text instead
 * @throws LabError 'damaged-file' where the file ends within a line, where a row has more or fewer cells than the
 *   header, a word where a number belongs, or does not match the schema; 'other-version' where an object's schema does
 *   not name a column: whoever writes the rows again would lose it
 */
export async function readRows<Row>(
  path: string, schema: z.ZodType<Row>, words: readonly (string & keyof Row)[],
): Promise<Row[]> {
  if (!existsSync(path)) return []
  const text = (await readFileCapped(path, largestFile)).toString('utf8')
  // Of a number that was cut, a number is left.
  if (text !== '' && !text.endsWith('\n')) throw damagedFile(path, 'an end within the last line')
  const [header = [], ...lines] = parseCsv(text)
  const texts: readonly string[] = words
  const unknown = schema instanceof z.ZodObject ? header.find(key => !Object.hasOwn(schema.shape, key)) : undefined
  if (unknown !== undefined) throw unknownContent(path, `the column '${unknown}'`)
  return lines.map((line, i) => {
    const fault = (what: string) => damagedFile(path, `${what} in line ${i + 2}`)
    if (line.length !== header.length) throw fault(`${line.length} cells under ${header.length} columns`)
    const row = Object.fromEntries(header.map((key, column) => {
      const cell = line[column], number = Number(cell)
      if (texts.includes(key)) return [key, fromPlainCell(cell)]
      if (Number.isNaN(number)) throw fault(`'${cell}' for the number ${key}`)
      return [key, cell ? number : null]
    }))
    const { success, data, error } = schema.safeParse(row)
    if (success) return data
    const [{ path: [column], message }] = error.issues
    throw fault(`${String(column)}: ${message},`)
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
