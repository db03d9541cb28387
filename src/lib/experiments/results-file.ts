/** Files of rows: the recorded rows of finished runs in results/tables, and the rows in a run's folder. */
import { basename, resolve } from 'node:path'
import { z } from 'zod'
import { fromPlainCell, readCsv } from '../system/csv'
import { dataTable, toCsv } from '../display/tables'
import { damagedFile } from '../system/errors'
import { readFileCapped, writeFileAtomic } from '../system/files'
import { isThere } from '../system/is-there'
import { unknownContent } from '../system/other-version'
import { sha256 } from '../system/hash'
import { withLock } from '../system/lock.mjs'
import { inProject } from '../system/project-root'

const largestFile = 16 * 1024 * 1024

/** The path of a table of recorded rows. @param name such as 'four-strategies' */
export function resultsFile(name: string): string {
  return inProject('results', 'tables', `${name}.csv`)
}

/** A number that every row has. `writeRows` writes NaN as an empty cell, so an empty cell is read as NaN. */
export const figure = z.union([z.number(), z.literal(Infinity), z.literal(-Infinity), z.null()])
  .transform(value => value ?? NaN)

/** Numbers as rows hold them: a share such as an accuracy, a whole count or seed, and either of them where unknown. */
export const share = z.number().min(0).max(1)
export const count = z.int().min(0)
export const unknownOr = <Schema extends z.ZodType<number>>(schema: Schema) =>
  z.union([schema, z.null()]).transform(value => value ?? NaN)
/** A loss, or a time: 0 or more, without end where a probability was 0, NaN where unknown. */
export const amount = unknownOr(z.union([z.number().min(0), z.literal(Infinity)]))

/** A number as this project writes it. `Number` alone would take blanks, other bases and more. */
const written = /^(?:-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|-?Infinity)$/i

/**
 * A file's rows, none where there is no file. Before the schema checks a row, its cells are numbers, empty cells null.
 * @param schema what a row must hold
 * @param words the columns that hold text instead
 * @throws LabError 'damaged-file' where the file ends within a line, where a column stands twice, where a row has more
 *   or fewer cells than the header, a word where a number belongs, or does not match the schema; 'other-version' where
 *   an object's schema does not name a column: whoever writes the rows again would lose it
 */
export async function readRows<Row>(
  path: string, schema: z.ZodType<Row>, words: readonly (string & keyof Row)[],
): Promise<Row[]> {
  return (await readLines(path, schema, words)).map(({ row }) => row)
}

/**
 * The rows of a file that is written again with further rows: it must hold nothing else, and nothing twice.
 * @param nameOf a text that is equal for rows of the same run only
 * @throws LabError as `readRows`, and 'damaged-file' for two rows of one run
 */
export async function readRecorded<Row>(
  path: string, schema: z.ZodObject & z.ZodType<Row>, words: readonly (string & keyof Row)[],
  nameOf: (row: Row) => string,
): Promise<Row[]> {
  const lineOf = new Map<string, number>(), rows = await readLines(path, schema, words)
  return rows.map(({ row, line }) => {
    const name = nameOf(row), earlier = lineOf.get(name)
    if (earlier !== undefined)
      throw damagedFile(path, `${name} in line ${earlier} and again in line ${line}`, 'Remove one of the two lines')
    lineOf.set(name, line)
    return row
  })
}

async function readLines<Row>(
  path: string, schema: z.ZodType<Row>, words: readonly string[],
): Promise<{ row: Row; line: number }[]> {
  if (!isThere(path)) return []
  const text = (await readFileCapped(path, largestFile)).toString('utf8')
  // Of a number that was cut, a number is left.
  if (text !== '' && !text.endsWith('\n')) throw damagedFile(path, 'an end within the last line')
  const rows: { row: Row; line: number }[] = []
  let header: string[] | null = null
  for (const { line, cells } of readCsv(text, path)) {
    if (header) rows.push({ row: rowOf(cells, header, schema, words, what => damagedFile(path, `${what} in line ${line}`)), line })
    else checkHeader(path, header = cells, schema)
  }
  return rows
}

function checkHeader(path: string, header: readonly string[], schema: z.ZodType): void {
  const seen = new Set<string>(), doubled = header.find(column => seen.has(column) || !seen.add(column))
  if (doubled !== undefined) throw damagedFile(path, `the column '${doubled.slice(0, 80)}' twice`)
  const unknown = schema instanceof z.ZodObject ? header.find(key => !Object.hasOwn(schema.shape, key)) : undefined
  if (unknown !== undefined) throw unknownContent(path, `the column '${unknown.slice(0, 80)}'`)
}

function rowOf<Row>(
  cells: readonly string[], header: readonly string[], schema: z.ZodType<Row>, words: readonly string[],
  fault: (what: string) => Error,
): Row {
  if (cells.length !== header.length) throw fault(`${cells.length} cells under ${header.length} columns`)
  const entries = header.map((key, column): [string, string | number | null] => {
    const cell = cells[column]
    if (words.includes(key)) return [key, fromPlainCell(cell)]
    if (cell !== '' && !written.test(cell)) throw fault(`'${cell.slice(0, 80)}' for the number ${key}`)
    return [key, cell === '' ? null : Number(cell)]
  })
  const { success, data, error } = schema.safeParse(Object.fromEntries(entries))
  if (success) return data
  const [{ path: [column], message }] = error.issues
  throw fault(`${String(column)}: ${message},`)
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

/**
 * Records in a file of rows while no other process does. Recording reads the file, adds a row and writes the file: two
 * processes that did so at once would lose a row.
 */
export function recordAlone(path: string, record: () => Promise<void>): Promise<void> {
  const name = basename(path), lock = `${name}-${sha256(resolve(path)).slice(0, 8)}.lock`
  return withLock(inProject('.cache', 'experiments', lock), record, { onBusy: 'wait', purpose: `recording in ${name}` })
}
