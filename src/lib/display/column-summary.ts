/** What a column of numbers holds: its greatest value, its least, its sum. */
import { greatest, least } from 'd3-array'
import { LabError } from '../system/errors'

/** The names of a row's numbers. */
export type NumberKey<Row> = { [Key in keyof Row]-?: Row[Key] extends number ? Key : never }[keyof Row]

/**
 * The row whose number in a column is the greatest; of equals, the first. Rows with NaN are passed over.
 * @param column name of a column of numbers
 * @throws LabError 'bad-argument' for no rows, or a column without a number
 * @example tables.findGreatest([{ run: 'a', accuracy: 0.8 }, { run: 'b', accuracy: 0.9 }], 'accuracy').run   // 'b'
 */
export function findGreatest<Row extends object>(rows: readonly Row[], column: NumberKey<Row>): Row {
  return found(greatest(rows, row => Number(row[column])), column)
}

/**
 * The row whose number in a column is the least; of equals, the first. Rows with NaN are passed over.
 * @param column name of a column of numbers
 * @throws LabError 'bad-argument' for no rows, or a column without a number
 * @example tables.findLeast([{ run: 'a', loss: 0.3 }, { run: 'b', loss: 0.5 }], 'loss').run   // 'a'
 */
export function findLeast<Row extends object>(rows: readonly Row[], column: NumberKey<Row>): Row {
  return found(least(rows, row => Number(row[column])), column)
}

/**
 * The sum of a column: NaN where a row has no number in it (d3-array's `sum` would count 0).
 * @param column name of a column of numbers
 * @example tables.sumColumn([{ images: 3 }, { images: 4 }], 'images')   // 7
 */
export function sumColumn<Row extends object>(rows: readonly Row[], column: NumberKey<Row>): number {
  return rows.reduce((total, row) => total + (row[column] as number), 0)
}

function found<Row>(row: Row | undefined, column: unknown): Row {
  if (row !== undefined) return row
  throw new LabError('bad-argument', {
    expected: `rows with a number in the column ${String(column)}`, received: 'none', remedy: 'Check the rows and the name',
  })
}
