/** Counting rows by two of their properties. */
import { rollup } from 'd3-array'
import { requireKnownKeys } from '../system/options'
import { fullValue } from './cells'
import { dataTable, type Table } from './tables'

/** Words around the counts. */
export interface CrossTableOptions {
  name: string
  title: string
  note?: string
}

/**
 * How many rows have each value of one property together with each value of another; – stands for no value.
 * @param down the property whose values name the table's rows
 * @param across the property whose values name the table's columns
 * @example show(look.crossTable(facts, 'class', 'channels', { name: 'channels', title: 'Channels by class' }))
 */
export function crossTable<Row extends object>(
  rows: readonly Row[], down: keyof Row & string, across: keyof Row & string, options: CrossTableOptions,
): Table {
  requireKnownKeys('crossTable', options ?? null, { name: true, title: true, note: true })
  const { name, title, note } = options
  const nameOf = (value: unknown) => fullValue(value) || '–'
  const values = (key: keyof Row) => [...new Set(rows.map(row => nameOf(row[key])))].sort()
  const counts = rollup(rows, group => group.length, row => nameOf(row[down]), row => nameOf(row[across]))
  const columns = values(across).map(value => ({ key: value === down ? `${across} ${value}` : value, value, title: `${across} ${value}` }))
  const lines = values(down).map(value => ({
    [down]: value,
    ...Object.fromEntries(columns.map(({ key, value: other }) => [key, counts.get(value)?.get(other) ?? 0])),
  }))
  return dataTable(name, title, lines, [{ key: down, title: down }, ...columns], note)
}
