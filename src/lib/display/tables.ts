/** Tables: plain rows with named columns, as text, HTML and CSV. Values keep their full precision. */
import { max } from 'd3-array'
import { formatCsv, toPlainCell } from '../system/csv'
import { LabError } from '../system/errors'
import { counted, withSummary } from '../system/summary'
import { formatOf, fullValue, shownValue, wordsOf, type Cell } from './cells'
import { withoutBreaks, type ColumnFormat } from './format'
import { html } from './html'
import { columnsOf, shortenText, wrapText } from './letters'

/** One column: which property of a row, under which heading. */
export interface Column {
  key: string
  title: string
  /** Default: 'integer' where all numbers are whole, 'decimal' where some are not, else 'text'. */
  format?: ColumnFormat
}

/** Rows under a title. */
export interface Table {
  /** Kebab-case; the CSV file's name. */
  name: string
  title: string
  columns: Column[]
  rows: Record<string, Cell>[]
  /** A sentence beneath the table. */
  note?: string
}

/**
 * A table from rows.
 * @param columns default: every property of the rows, under its own name; a string is a column's key and title
 * @throws LabError 'bad-argument' for rows that are no objects
 * @example show(dataTable('parts', 'Images by part', [{ part: 'test', count: 12 }], ['part', { key: 'count',
 *   title: 'images' }]))
 */
export function dataTable(
  name: string, title: string, rows: readonly object[], columns?: readonly (string | Column)[], note?: string,
): Table {
  checkRows(rows)
  const chosen = columns ?? [...new Set(rows.flatMap(row => Object.keys(row)))]
  const cells = rows.map(row => ({ ...row }) as Record<string, Cell>)
  const columnList = chosen.map(column => (typeof column === 'string' ? { key: column, title: column } : { ...column }))
  return withSummary({ name, title, note, rows: cells, columns: columnList }, describe, 'show(x)')
}

function describe({ name, title, rows, columns }: Table): string {
  const titles = shortenText(columns.map(column => column.title).join(', '), 300)
  return `Table: ${title || name}\n${counted(rows.length, 'row')}; columns: ${titles}`
}

/** Comma-separated values (RFC 4180), headed by the columns' keys; numbers in full precision. */
export function toCsv({ columns, rows }: Table): string {
  const textOf = (value: Cell) => typeof value === 'string' ? toPlainCell(value) : fullValue(value)
  return formatCsv([columns.map(c => toPlainCell(c.key)), ...rows.map(row => columns.map(c => textOf(row[c.key])))])
}

/** A table of more rows than this shows its first rows only. */
const mostRows = 40, firstRows = 20
/** Letters of a word that may be broken, and columns of a terminal that a cell takes. */
const longWord = /\S{25}/, cellColumns = 72
/** A cell of more letters is wide, since among many columns it would be a narrow tower. */
const longText = 60

/**
 * An HTML table; each cell carries its full value in `data-value`, each heading its key in `data-key`. A table of more
 * than 40 rows shows the first 20 and carries the values of the others in `data-more`, a list of rows as JSON.
 */
export function toHtml({ name, title, columns, rows, note }: Table): string {
  const formats = columns.map(column => formatOf(column, rows))
  const styles = formats.map(format => `padding:2px 10px;text-align:${format === 'text' ? 'left' : 'right'}`)
  const style = (i: number, words: string) =>
    styles[i] + (longWord.test(words) ? breakable : words.length > longText ? ';min-width:20em' : '')
  const head = columns.map(({ key, title: words }, i) => html`<th data-key="${key}" style="${style(i, words)}">${words}</th>`)
  const { shown, more, sentence } = firstOf(rows)
  const body = shown.map(row => html`<tr>${columns.map(({ key }, i) => {
    const words = withoutBreaks(shownValue(row[key], formats[i]))
    return html`<td data-value="${fullValue(row[key])}" style="${style(i, words)}">${words}</td>`
  })}</tr>`)
  const values = more.map(row => columns.map(({ key }) => fullValue(row[key])))
  const caption = title && html`<caption style="${captionStyle}">${title}</caption>`
  const foot = sentence && html`<tfoot><tr><td colspan="${Math.max(1, columns.length)}" style="${footStyle}">${
    sentence + (more.length ? '; all are in the CSV that npm start writes.' : '.')}</td></tr></tfoot>`
  const below = note && html`<p data-note="${name}" style="font-size:90%;margin:4px 10px 12px">${note}</p>`
  const rest = more.length > 0 && html` data-more="${JSON.stringify(values)}"`
  return html`<table data-table="${name}"${rest}>${caption}<thead><tr>${head}</tr></thead><tbody>${body}</tbody>${foot}</table>${below}`
    .toString()
}

const breakable = ';overflow-wrap:anywhere;min-width:12em;max-width:32em'
const captionStyle = 'text-align:left;font-weight:bold;padding:4px 10px;overflow-wrap:anywhere'
const footStyle = 'padding:2px 10px;text-align:left;font-style:italic'

/**
 * The table as lines of text, columns aligned; a long cell takes several lines.
 * @param most how many rows are shown whole; of more rows the first 20. Default 40
 */
export function toText({ title, columns, rows, note }: Table, most = mostRows): string {
  const formats = columns.map(column => formatOf(column, rows))
  const { shown, sentence } = firstOf(rows, most)
  const wordsIn = (row: Table['rows'][number]) => columns.map(({ key }, i) => shownValue(row[key], formats[i]))
  const cells = [columns.map(c => c.title), ...shown.map(wordsIn)]
    .map(line => line.map(cell => cell.split(/\r?\n/).flatMap(words => wrapText(words, cellColumns))))
  const widths = columns.map((_, i) => max(cells, line => max(line[i], columnsOf)) ?? 0)
  const lines = cells.flatMap(line => Array.from({ length: Math.max(0, ...line.map(cell => cell.length)) }, (_, l) =>
    line.map((cell, i) => padded(cell[l] ?? '', widths[i], formats[i])).join('  ').trimEnd()))
  return [title, ...lines, sentence && `${sentence}.`, note].filter(Boolean).join('\n')
}

function padded(words: string, width: number, format: ColumnFormat): string {
  const space = ' '.repeat(Math.max(0, width - columnsOf(words)))
  return format === 'text' ? words + space : space + words
}

interface Shown {
  shown: Table['rows']
  more: Table['rows']
  sentence: string
}

/** The rows that are shown, those that are not, and a sentence where some are not or none are there. */
function firstOf(rows: Table['rows'], most = mostRows): Shown {
  if (rows.length === 0) return { shown: [], more: [], sentence: 'No rows' }
  if (rows.length <= most) return { shown: rows, more: [], sentence: '' }
  const sentence = `${firstRows} of ${rows.length.toLocaleString('en-US')} rows`
  return { shown: rows.slice(0, firstRows), more: rows.slice(firstRows), sentence }
}

function checkRows(rows: readonly unknown[]): void {
  const index = rows.findIndex(row => typeof row !== 'object' || row === null)
  if (index >= 0)
    throw new LabError('bad-argument', {
      expected: 'rows that are objects', received: `${wordsOf(rows[index])} as row ${index}`,
      remedy: 'Give each row properties, such as { name: value }',
    })
}
