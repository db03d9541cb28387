/** Records of comma-separated values, with the lines where they stand: what the readers of CSV text share. */

/** One record. */
export interface CsvRecord {
  /** The line of the text where the record starts. */
  line: number
  cells: string[]
}

/** What is wrong with a line, and what to do. */
export interface CsvFault {
  line: number
  expected: string
  received: string
  remedy: string
}

/** How records are parted. */
export interface RecordFormat {
  /** One character between cells. */
  separator: string
  /** The number of the first line. Default 1. */
  firstLine?: number
  /** Makes the error for a quote that is not closed, or that stands where no quote may. */
  refuse(fault: CsvFault): Error
}

/**
 * Reads records in one pass, one after another. A cell in quotes may hold separators, line ends and doubled quotes.
 * Lines end in LF, CRLF or CR. Empty lines are left out.
 * @throws what `refuse` makes
 */
export function* csvRecords(text: string, { separator, firstLine = 1, refuse }: RecordFormat): Generator<CsvRecord> {
  /** The end of a cell without quotes: a separator, a line's end, or a quote that should not be there. */
  const cellEnd = new RegExp(`[${separator}\r\n"]`, 'g')
  let line = firstLine, position = 0

  const quotedCell = (): string => {
    const start = line
    let cell = ''
    for (;;) {
      const close = text.indexOf('"', position + 1)
      if (close < 0)
        throw refuse({ line: start, expected: 'a quote that is closed again', received: 'none', remedy: 'Close or remove the quote' })
      const piece = text.slice(position + 1, close)
      line += piece.split(/\r\n|\r|\n/).length - 1
      cell += piece
      position = close + 1
      if (text[position] !== '"') break
      cell += '"'
    }
    if (position < text.length && text[position] !== separator && !isLineEnd(text[position]))
      throw refuse({
        line, expected: 'a separator or the line’s end after a closing quote', received: quoted(text.slice(position, position + 20)),
        remedy: 'Double a quote inside a cell, and put quotes around the whole cell',
      })
    return cell
  }
  const plainCell = (): string => {
    cellEnd.lastIndex = position
    const end = cellEnd.exec(text)?.index ?? text.length
    if (text[end] === '"')
      throw refuse({
        line, expected: 'quotes around whole cells only',
        received: quoted(text.slice(Math.max(position, end - 80), end + 20).split(/[\r\n]/)[0]),
        remedy: 'Remove the quote, or double it and put quotes around the whole cell',
      })
    const cell = text.slice(position, end)
    position = end
    return cell
  }

  let record: CsvRecord = { line, cells: [] }
  while (position < text.length) {
    record.cells.push(text[position] === '"' ? quotedCell() : plainCell())
    if (text[position] === separator) {
      position++
      // A separator at the very end of the text is followed by an empty cell.
      if (position < text.length) continue
      record.cells.push('')
    }
    if (record.cells.length > 1 || record.cells[0] !== '') yield record
    position += text.startsWith('\r\n', position) ? 2 : 1
    record = { line: ++line, cells: [] }
  }
}

/** A text from a file as an error shows it: in quotes, at most 80 characters. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}

function isLineEnd(character: string): boolean {
  return character === '\r' || character === '\n'
}
