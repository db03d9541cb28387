/** Tables: plain rows with named columns, as text, HTML and CSV. Values keep their full precision. */
import type { Estimate } from '../evaluation/intervals'

/** What a cell holds; null (or NaN) where there is no value. */
export type Cell = string | number | null

/** How a column's numbers are shown. 'percent' and 'points', a difference of percents, take shares: 0.5 is 50. */
export type ColumnFormat = 'text' | 'integer' | 'decimal' | 'percent' | 'points' | 'seconds'

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
 * @example table('split', 'Images by part', rows, ['part', { key: 'count', title: 'images' }])
 */
export function table(
  name: string, title: string, rows: readonly object[], columns?: readonly (string | Column)[], note?: string,
): Table {
  const chosen = columns ?? Object.keys(rows[0] ?? {})
  const cells = rows.map(row => ({ ...row }) as Record<string, Cell>)
  return {
    name, title, note, rows: cells,
    columns: chosen.map(column => (typeof column === 'string' ? { key: column, title: column } : { ...column })),
  }
}

/** A number as it is read: 1,234; 0.912; 91.2 %; 3.5 points; 75 s or 2 min 5 s; – where there is none. */
export function formatNumber(value: number | null, format: ColumnFormat = 'decimal'): string {
  if (value === null || Number.isNaN(value)) return '–'
  if (format === 'percent' || format === 'points') return `${rounded(100 * value, 1)} ${format === 'percent' ? '%' : format}`
  if (format === 'integer') return Math.round(value).toLocaleString('en-US')
  if (format === 'seconds') return duration(value)
  if (format === 'text') return String(value)
  return Math.abs(value) >= 1e-3 || value === 0 ? rounded(value, 3) : value.toExponential(1)
}

/** Nothing is less than nothing: 0.0, not -0.0. */
function rounded(value: number, digits: number): string {
  const text = value.toFixed(digits)
  return Number(text) === 0 ? text.replace('-', '') : text
}

/** A number with its interval: 91.2 % (88.0 to 93.9), 3.5 points (0.8 to 6.5), or 0.950 (0.912 to 0.977). */
export function formatEstimate(
  { value, low, high }: Estimate, format: 'percent' | 'points' | 'decimal' = 'percent',
): string {
  const bare = (number: number) => formatNumber(number, format).split(' ')[0]
  const range = Number.isNaN(low) || Number.isNaN(high) ? '' : ` (${bare(low)} to ${bare(high)})`
  return `${formatNumber(value, format)}${range}`
}

/** Comma-separated values (RFC 4180), headed by the columns' keys; numbers in full precision. */
export function toCsv({ columns, rows }: Table): string {
  const quoted = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)
  const lines = [columns.map(c => c.key), ...rows.map(row => columns.map(c => plain(row[c.key])))]
  return lines.map(line => line.map(quoted).join(',') + '\r\n').join('')
}

/** An HTML table; each cell carries its full value in `data-value`, each heading its key in `data-key`. */
export function toHtml({ name, title, columns, rows, note }: Table): string {
  const formats = columns.map(column => formatOf(column, rows))
  const align = (c: number) => `padding:2px 10px;text-align:${formats[c] === 'text' ? 'left' : 'right'}`
  const head = columns.map((c, i) => `<th data-key="${escapeHtml(c.key)}" style="${align(i)}">${escapeHtml(c.title)}</th>`)
  const body = rows.map(row => '<tr>' + columns.map((c, i) =>
    `<td data-value="${escapeHtml(plain(row[c.key]))}" style="${align(i)}">${escapeHtml(unbroken(shown(row[c.key], formats[i])))}</td>`,
  ).join('') + '</tr>')
  const caption = title && `<caption style="text-align:left;font-weight:bold;padding:4px 10px">${escapeHtml(title)}</caption>`
  const table = `<table data-table="${escapeHtml(name)}">${caption}<thead><tr>${head.join('')}</tr></thead>`
    + `<tbody>${body.join('')}</tbody></table>`
  return table + (note ? `<p style="font-size:90%;margin:4px 10px 12px">${escapeHtml(note)}</p>` : '')
}

/** Numbers keep to the line of their unit, their sum or their range's other end: a narrow cell breaks elsewhere. */
function unbroken(text: string): string {
  return text.replace(/(?<=\d) (?=%|(?:points|h|min|s)\b|to |\+ )|(?<=\d (?:h|min|to|\+)) (?=[\d-])/g, '\u00a0')
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

/** Text made safe between tags and in quoted attributes, of HTML and of SVG. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
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

function plain(value: Cell | undefined): string {
  return value === null || value === undefined || Number.isNaN(value) ? '' : String(value)
}

function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds), minutes = Math.floor(whole / 60), hours = Math.floor(minutes / 60)
  if (whole < 60) return `${whole} s`
  return hours ? `${hours} h ${minutes % 60} min` : `${minutes} min ${whole % 60} s`
}
