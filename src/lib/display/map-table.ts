/** The numbers of a small map, pixel by pixel. */
import type { FeatureMap } from '../images/feature-map'
import { dataTable, type Table } from './tables'

/**
 * A small map as a table: a line of pixels in each row, one pixel in each cell.
 * @example show(byHand.mapTable(byHand.crop(slice, 0, 0, 4, 4), 'pixels', 'Sixteen pixels'))
 */
export function mapTable({ width, height, data }: FeatureMap, name: string, title: string): Table {
  const rows = Array.from({ length: height }, (_, y) => Object.fromEntries(
    Array.from({ length: width }, (_column, x) => [`x${x}`, data[y * width + x]])))
  return dataTable(name, title, rows, Array.from({ length: width }, (_, x) => ({ key: `x${x}`, title: String(x) })))
}
