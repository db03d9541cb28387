/** Counting rows by two of their properties. */
import { dataTable, type Table } from './tables'

/** Names around the counts. */
export interface CrossTableOptions {
  name: string
  title: string
  note?: string
}

/**
 * How many rows have each value of one property together with each value of another.
 * @param down the property whose values stand beneath each other
 * @param across the property whose values stand beside each other
 * @example show(crossTable(facts, 'class', 'channels', { name: 'channels', title: 'Channels by class' }))
 */
export function crossTable<Row extends object>(
  rows: readonly Row[], down: keyof Row & string, across: keyof Row & string, { name, title, note }: CrossTableOptions,
): Table {
  const values = (key: keyof Row) => [...new Set(rows.map(row => String(row[key])))].sort()
  const columns = values(across).map(value => ({ key: value, title: `${across} ${value}` }))
  const counts = values(down).map(value => ({
    [down]: value,
    ...Object.fromEntries(columns.map(({ key }) =>
      [key, rows.filter(row => String(row[down]) === value && String(row[across]) === key).length])),
  }))
  return dataTable(name, title, counts, [{ key: down, title: down }, ...columns], note)
}
