/** Comma-separated values (RFC 4180) as this project writes them: their reader and writer. */
import { csvFormatRow } from 'd3-dsv'
import { csvRecords, type CsvRecord } from './csv-records'
import { damagedFile } from './errors'

/** Which characters end a line. */
export interface CsvFormat {
  /** '\r\n' is what RFC 4180 asks for, '\n' what git prefers in files that people read. Default '\r\n'. */
  lineEnd?: '\r\n' | '\n'
}

/**
 * Parses CSV text into rows of cells. A cell in quotes may hold commas, line ends and doubled quotes. Lines may end in
 * LF or CRLF. A byte order mark at the start and empty lines are skipped.
 * @param where the text comes from, for errors
 * @returns every row, the header's first; rows may differ in length
 * @throws LabError 'damaged-file' naming the line with a quote that is not closed, or where no quote may stand
 * @example const [header, ...rows] = parseCsv('name,group\none.png,a\n')   // header: ['name', 'group']
 */
export function parseCsv(text: string, where = 'the CSV text'): string[][] {
  return Array.from(readCsv(text, where), ({ cells }) => cells)
}

/** The rows that `parseCsv` gives, one after another, with the lines where they stand. */
export function readCsv(text: string, where: string): Generator<CsvRecord> {
  return csvRecords(text.replace(/^\ufeff/, ''), {
    separator: ',', refuse: ({ line, expected, received }) => damagedFile(where, `${received} in line ${line}, not ${expected}`),
  })
}

/** What spreadsheets take for the beginning of a formula, and texts that already carry the mark against it. */
const formula = /^'*\s*[=+\-@\t\r＝＋－＠]/

/**
 * A text as a cell that no spreadsheet takes for a formula: names of images and classes come from other people's files.
 * A text like a formula gets an apostrophe in front, as spreadsheets write it; `fromPlainCell` takes it away.
 * @example toPlainCell('=1+1.png')   // "'=1+1.png"
 */
export function toPlainCell(text: string): string {
  return formula.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text
}

/** The text of a cell that `toPlainCell` made. */
export function fromPlainCell(cell: string): string {
  return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell
}

/**
 * Writes rows of cells as CSV text. Cells that hold commas, quotes or line ends are quoted; every row ends its line.
 * @param rows the header first
 * @example formatCsv([['name', 'group'], ['one.png', 'a, b']])   // 'name,group\r\none.png,"a, b"\r\n'
 */
export function formatCsv(rows: readonly (readonly string[])[], { lineEnd = '\r\n' }: CsvFormat = {}): string {
  return rows.map(cells => csvFormatRow([...cells]) + lineEnd).join('')
}
