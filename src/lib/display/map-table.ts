/** A small map's numbers, to be read one by one. */
import type { FeatureMap } from '../images/feature-map'
import { dataTable, type Table } from './tables'

/** A small map as a table of its numbers: a row a line, a column a pixel. */
export function mapTable({ width, height, data }: FeatureMap, name: string, title: string): Table {
  const rows = Array.from({ length: height }, (_, y) => Object.fromEntries(
    Array.from({ length: width }, (_column, x) => [`x${x}`, data[y * width + x]])))
  return dataTable(name, title, rows, Array.from({ length: width }, (_, x) => ({ key: `x${x}`, title: String(x) })))
}
