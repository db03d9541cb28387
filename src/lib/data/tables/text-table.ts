/**
 * Tables in text files, as people and spreadsheets write them. Cells are parted by commas, semicolons or tabs; the text
 * is UTF-8 or UTF-16, with or without a byte order mark; lines end in LF, CRLF or CR.
 *
 * The parser of `system/csv` does not fit here: it skips stray quotes without a word and does not count lines.
 */
import { LabError } from '../../system/errors'

/** One record of a table. */
export interface TableRow {
  /** The line of the file where the record starts, from 1; empty lines count. */
  line: number
  /** Without spaces around them; letters are composed (NFC). */
  cells: string[]
}

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

/**
 * Parses a table. The first line names the columns and decides what parts the cells; a first line `sep=;`, as
 * spreadsheets write it, decides too.
 * @param name the file's name, for errors
 * @throws LabError 'bad-argument' naming the line of the file: no text, a stray or unclosed quote, or a record with
 *   more or fewer cells than the header
 * @example parseTable(Buffer.from('name;group\na.png;P1'), 'groups.csv').rows   // line 2: ['a.png', 'P1']
 */
export function parseTable(bytes: Uint8Array, name: string): TextTable {
  const whole = decodeText(bytes, name)
  const [mark, declared] = /^sep=([,;\t])\r?\n/i.exec(whole) ?? []
  const text = mark ? whole.slice(mark.length) : whole
  const separator = (declared ?? mostFrequent(text)) as Separator
  const [header, ...rows] = parseRecords(text, separator, mark ? 2 : 1, name)
    .filter(({ cells }) => cells.some(cell => cell !== ''))
  if (!header) throw wrongLine(name, 1, 'the names of columns', 'nothing', 'Write the names of the columns there')
  const columns = header.cells.length
  for (const { line, cells } of rows)
    if (cells.length !== columns)
      throw wrongLine(name, line, `${count(columns, 'cell')}, as the header has`, count(cells.length, 'cell'),
        `Part the cells by one ${separatorNames[separator]} each, and put quotes around a cell that holds one`)
  return { name, header, rows }
}

/** The error for a line of a table. */
export function wrongLine(name: string, line: number, expected: string, received: string, remedy: string): LabError {
  return new LabError('bad-argument', { expected: `${expected}, in line ${line} of ${name}`, received, remedy })
}

/** A text from the file as an error shows it: in quotes, at most 80 characters. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
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

/** Parses records in one pass over the text. */
function parseRecords(text: string, separator: Separator, firstLine: number, name: string): TableRow[] {
  const records: TableRow[] = []
  /** The end of a cell without quotes: a separator, a line's end, or a quote that should not be there. */
  const cellEnd = new RegExp(`[${separator}\r\n"]`, 'g')
  let line = firstLine, position = 0
  let record: TableRow = { line, cells: [] }

  const quotedCell = (): string => {
    const start = line
    let cell = ''
    for (;;) {
      const close = text.indexOf('"', position + 1)
      if (close < 0) throw wrongLine(name, start, 'a quote that is closed again', 'none', 'Close or remove the quote')
      const piece = text.slice(position + 1, close)
      line += piece.split(/\r\n|\r|\n/).length - 1
      cell += piece
      position = close + 1
      if (text[position] !== '"') break
      cell += '"'
    }
    if (position < text.length && text[position] !== separator && text[position] !== '\r' && text[position] !== '\n')
      throw wrongLine(name, line, 'a separator or the line’s end after a closing quote',
        quoted(text.slice(position, position + 20)), 'Double a quote inside a cell, and put quotes around the whole cell')
    return cell
  }
  const plainCell = (): string => {
    cellEnd.lastIndex = position
    const end = cellEnd.exec(text)?.index ?? text.length
    if (text[end] === '"')
      throw wrongLine(name, line, 'quotes around whole cells only', quoted(text.slice(position, end + 20).split(/[\r\n]/)[0]),
        'Remove the quote, or double it and put quotes around the whole cell')
    const cell = text.slice(position, end)
    position = end
    return cell
  }

  while (position < text.length) {
    record.cells.push((text[position] === '"' ? quotedCell() : plainCell()).trim().normalize('NFC'))
    if (text[position] === separator) {
      position++
      // A separator at the very end of the text is followed by an empty cell.
      if (position < text.length) continue
      record.cells.push('')
    }
    records.push(record)
    position += text.startsWith('\r\n', position) ? 2 : 1
    record = { line: ++line, cells: [] }
  }
  return records
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
