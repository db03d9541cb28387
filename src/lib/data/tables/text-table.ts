/**
 * Tables in text files, as people and spreadsheets write them. Cells are parted by commas, semicolons or tabs; the text
 * is UTF-8 or UTF-16, with or without a byte order mark; lines end in LF, CRLF or CR.
 */
import { csvRecords, quoted, type CsvFault, type CsvRecord } from '../../system/csv-records'
import { LabError } from '../../system/errors'

export { quoted }

/** One record of a table. Its cells have no spaces around them; letters are composed (NFC). Empty lines count. */
export type TableRow = CsvRecord

/** A table whose records all have as many cells as its header. */
export interface TextTable {
  /** The file's name, for errors. */
  name: string
  header: TableRow
  /** Records in order, without those whose cells are all empty. */
  rows: TableRow[]
}

const separatorNames = { ',': 'comma', ';': 'semicolon', '\t': 'tab' }
type Separator = keyof typeof separatorNames
/** Records of a table: twice as many as the largest set that is kept has images. */
const mostRows = 2_000_000

/**
 * Parses a table. The first line names the columns and decides what parts the cells; a first line `sep=;`, as
 * spreadsheets write it, decides too.
 * @param name the file's name, for errors
 * @param checkHeader looks at the header before the records are read
 * @throws LabError 'bad-argument' naming the line of the file: no text, a stray or unclosed quote, or a record with
 *   more or fewer cells than the header; whatever `checkHeader` throws
 * @example parseTable(Buffer.from('name;group\na.png;P1'), 'groups.csv').rows   // line 2: ['a.png', 'P1']
 */
export function parseTable(
  bytes: Uint8Array, name: string, checkHeader?: (header: TableRow) => void,
): TextTable {
  const records = tableRecords(bytes, name)
  const header = records.next().value as TableRow
  checkHeader?.(header)
  return { name, header, rows: [...records] }
}

/**
 * The header of a table, which every table has, and then its records one after another: who needs only the cells of a
 * long table does not store its lines.
 * @throws the errors of `parseTable`, each when its line is reached
 */
export function* tableRecords(bytes: Uint8Array, name: string): Generator<TableRow> {
  const whole = decodeText(bytes, name)
  const [mark, declared] = /^sep=([,;\t])\r?\n/i.exec(whole) ?? []
  const text = mark ? whole.slice(mark.length) : whole
  const separator = (declared ?? mostFrequent(text)) as Separator
  const refuse = ({ line, expected, received, remedy }: CsvFault) => wrongLine(name, line, expected, received, remedy)
  let columns = 0, rows = 0
  for (const { line, cells: written } of csvRecords(text, { separator, firstLine: mark ? 2 : 1, refuse })) {
    const cells = written.map(cell => cell.trim().normalize('NFC'))
    if (cells.every(cell => cell === '')) continue
    columns ||= cells.length
    if (cells.length !== columns)
      throw wrongLine(name, line, `${count(columns, 'cell')}, as the header has`, count(cells.length, 'cell'),
        `Part the cells by one ${separatorNames[separator]} each, and put quotes around a cell that holds one`)
    if (rows++ > mostRows) throw wrongLine(name, line, `at most ${mostRows} lines`, 'more', 'Check that it is the table you meant')
    yield { line, cells }
  }
  if (!columns) throw wrongLine(name, 1, 'the names of columns', 'nothing', 'Write the names of the columns there')
}

/** The error for a line of a table. */
export function wrongLine(name: string, line: number, expected: string, received: string, remedy: string): LabError {
  return new LabError('bad-argument', { expected: `${expected}, in line ${line} of ${name}`, received, remedy })
}

function decodeText(bytes: Uint8Array, name: string): string {
  const encoding = encodingOf(bytes)
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    throw new LabError('bad-argument', {
      expected: `${name} to be text in UTF-8 or UTF-16`, received: `bytes that are not ${encoding.toUpperCase()}`,
      remedy: 'Save the table as “CSV UTF-8”',
    })
  }
}

/** By the byte order mark; without one, a Latin letter in UTF-16 shows as a zero beside it. */
function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if ((first === 0xff && second === 0xfe) || (first > 0 && second === 0)) return 'utf-16le'
  if ((first === 0xfe && second === 0xff) || (first === 0 && second > 0)) return 'utf-16be'
  return 'utf-8'
}

/** The most frequent separator in the first line that is not empty, outside quotes; a comma where there is none. */
function mostFrequent(text: string): Separator {
  const line = /[^\r\n]+/.exec(text)?.[0].slice(0, 10_000).replace(/"[^"]*"/g, '') ?? ''
  const counts = (Object.keys(separatorNames) as Separator[]).map(separator => ({
    separator, count: line.split(separator).length,
  }))
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).separator
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
