/** What a table's cell holds, and how it is shown. */
import { formatNumber, type ColumnFormat } from './format'

/** The content of a cell; null (or NaN) where there is no value. */
export type Cell = string | number | null

/** How a column's numbers are written: 'integer' where all are whole, 'decimal' where some are not, else 'text'. */
export function formatOf(
  { key, format }: { key: string; format?: ColumnFormat }, rows: readonly Readonly<Record<string, Cell>>[],
): ColumnFormat {
  if (format) return format
  const values = rows.map(row => row[key]).filter(value => !isMissing(value))
  if (!values.every(value => typeof value === 'number')) return 'text'
  return values.every(value => Number.isInteger(value)) ? 'integer' : 'decimal'
}

/** A value as a table shows it; – where there is none. */
export function shownValue(value: unknown, format: ColumnFormat): string {
  if (typeof value === 'number' || value === null || value === undefined) return formatNumber(value, format)
  return wordsOf(value)
}

/** A value in full precision; nothing for null and NaN, and the count of a long list in the place of its elements. */
export function fullValue(value: unknown): string {
  return isMissing(value) ? '' : wordsOf(value)
}

function isMissing(value: unknown): boolean {
  return value === null || value === undefined || Number.isNaN(value)
}

/** A value that is no number in words: a cell is not the place for a thousand grey levels. */
export function wordsOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Map || value instanceof Set) return counted(value.size)
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)) {
    const list = value as ArrayLike<unknown>
    return list.length > mostElements ? counted(list.length) : Array.from(list, one => fullValue(one) || '–').join(', ')
  }
  const text = String(value)
  return text === '[object Object]' ? `{ ${Object.keys(value).join(', ')} }` : text
}

/** Lists of more elements are counted, not written out. */
const mostElements = 12

function counted(length: number): string {
  return `${length.toLocaleString('en-US')} values`
}
