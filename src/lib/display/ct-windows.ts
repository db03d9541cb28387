/** What a viewer's windows do to CT numbers, as curves and as a table. */
import { ctNumbers, ctWindows, greyLevel } from '../images/ct-window'
import type { Series } from './figures/line-chart'
import { dataTable, type Table } from './tables'

/**
 * The grey level (0 to 255) of every CT number from −1200 to 600 HU, one curve a window.
 * @returns series for `figures.lineChart`
 * @example look.windowCurves().map(curve => curve.label)
 */
export function windowCurves(): Series[] {
  const units = Array.from({ length: 181 }, (_, i) => -1200 + 10 * i)
  return Object.entries(ctWindows).map(([label, window]) =>
    ({ label: `${label} window`, points: units.map(x => ({ x, y: greyLevel(x, window) })) }))
}

/**
 * What tissues measure, in Hounsfield units, and how grey each window shows them.
 * @example show(look.tissueTable())
 */
export function tissueTable(): Table {
  const rows = Object.entries(ctNumbers).map(([tissue, units]) => ({
    tissue, 'HU, about': units,
    'grey in the lung window': Math.round(greyLevel(units, ctWindows.lung)),
    'grey in the soft tissue window': Math.round(greyLevel(units, ctWindows['soft tissue'])),
  }))
  return dataTable('ct-numbers', 'About what tissues measure', rows)
}
