/** From rows of results to the bars of a bar chart. */
import type { Bar } from './bar-chart'

/** A row with a name (`label`, `run` or `baseline`), a value (`value`, `accuracy` or `mean`), and maybe an interval. */
export interface BarRow {
  label?: string
  run?: string
  baseline?: string
  /** Bars of one group have one color: the split of `repeatBaselines`, for example. */
  split?: string
  value?: number
  accuracy?: number
  mean?: number
  low?: number
  high?: number
  /** `repeatBaselines` gives the worst and the best fold; the line of the bar then connects them. */
  worst?: number
  best?: number
}

/**
 * Bars for `figures.barChart` from the rows that `evaluateBaselines`, `repeatBaselines`, `compareRuns` and
 * `measurePredictions` give. From a record of several lists the bars of one label stand together, one color a list.
 * @param column a number to draw in the place of the accuracy, without an interval
 * @example figures.toBars([{ baseline: 'majority class', accuracy: 0.5, low: 0.4, high: 0.6 }])
 */
export function toBars<Row extends BarRow>(
  rows: readonly Row[] | Readonly<Record<string, readonly Row[]>>, column?: keyof Row & string,
): Bar[] {
  if (!isList(rows)) {
    const lists = Object.entries(rows)
    return interleave(lists.map(([group, list]) => toBars(list, column).map(bar => ({ ...bar, group }))))
  }
  return rows.map(row => {
    const label = row.label ?? row.run ?? row.baseline ?? ''
    const group = row.split === undefined ? {} : { group: row.split }
    if (column !== undefined) return { label, value: Number(row[column]), ...group }
    return {
      label, value: row.value ?? row.accuracy ?? row.mean ?? NaN, ...group,
      low: row.low ?? row.worst, high: row.high ?? row.best,
    }
  })
}

/** The first of each list, then the second of each, and so on. */
function interleave(lists: readonly (readonly Bar[])[]): Bar[] {
  const length = Math.max(0, ...lists.map(list => list.length))
  return Array.from({ length }, (_, i) => lists.flatMap(list => list.slice(i, i + 1))).flat()
}

function isList<T>(rows: readonly T[] | Readonly<Record<string, readonly T[]>>): rows is readonly T[] {
  return Array.isArray(rows)
}
