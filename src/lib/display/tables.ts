/** Tables: plain rows with named columns, as text, HTML and CSV. Values keep their full precision. */
import { formatCsv } from '../system/csv'
import { formatNumber, withoutBreaks, type ColumnFormat } from './format'
import { html } from './html'

/** The content of a cell; null (or NaN) where there is no value. */
export type Cell = string | number | null

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
 * @param columns default: every property of the first row, under its own name; a string is a column's key and title
 * @example show(dataTable('parts', 'Images by part', [{ part: 'test', count: 12 }], ['part', { key: 'count',
 *   title: 'images' }]))
 */
export function dataTable(
  name: string, title: string, rows: readonly object[], columns?: readonly (string | Column)[], note?: string,
): Table {
  const chosen = columns ?? Object.keys(rows[0] ?? {})
  const cells = rows.map(row => ({ ...row }) as Record<string, Cell>)
  return {
    name, title, note, rows: cells,
    columns: chosen.map(column => (typeof column === 'string' ? { key: column, title: column } : { ...column })),
  }
}

/** Comma-separated values (RFC 4180), headed by the columns' keys; numbers in full precision. */
export function toCsv({ columns, rows }: Table): string {
  return formatCsv([columns.map(c => c.key), ...rows.map(row => columns.map(c => fullValue(row[c.key])))])
}

/** An HTML table; each cell carries its full value in `data-value`, each heading its key in `data-key`. */
export function toHtml({ name, title, columns, rows, note }: Table): string {
  const formats = columns.map(column => formatOf(column, rows))
  const styles = formats.map(format => `padding:2px 10px;text-align:${format === 'text' ? 'left' : 'right'}`)
  const head = columns.map((column, i) => html`<th data-key="${column.key}" style="${styles[i]}">${column.title}</th>`)
  const body = rows.map(row => html`<tr>${columns.map(({ key }, i) =>
    html`<td data-value="${fullValue(row[key])}" style="${styles[i]}">${withoutBreaks(shown(row[key], formats[i]))}</td>`,
  )}</tr>`)
  const caption = title && html`<caption style="text-align:left;font-weight:bold;padding:4px 10px">${title}</caption>`
  const below = note && html`<p data-note="${name}" style="font-size:90%;margin:4px 10px 12px">${note}</p>`
  return html`<table data-table="${name}">${caption}<thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>${below}`
    .toString()
}

/** The table as lines of text, columns aligned. */
export function toText({ title, columns, rows, note }: Table): string {
  const formats = columns.map(column => formatOf(column, rows))
  const cells = [columns.map(c => c.title), ...rows.map(row => columns.map((c, i) => shown(row[c.key], formats[i])))]
  const widths = columns.map((_, i) => Math.max(...cells.map(line => line[i].length)))
  const lines = cells.map(line => line.map((cell, i) =>
    (formats[i] === 'text' ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ').trimEnd())
  return [title, ...lines, note].filter(Boolean).join('\n')
}

function formatOf(column: Column, rows: Table['rows']): ColumnFormat {
  if (column.format) return column.format
  const values = rows.map(row => row[column.key]).filter(value => value !== null && value !== undefined)
  if (!values.every(value => typeof value === 'number')) return 'text'
  return values.every(value => Number.isInteger(value)) ? 'integer' : 'decimal'
}

function shown(value: Cell | undefined, format: ColumnFormat): string {
  return typeof value === 'string' ? value : formatNumber(value ?? null, format)
}

/** A value in full precision; nothing for null and NaN. */
function fullValue(value: Cell | undefined): string {
  return value === null || value === undefined || Number.isNaN(value) ? '' : String(value)
}
