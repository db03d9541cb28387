/** A published accuracy and what was measured beside it, as rows for a bar chart. */
import type { BarRow } from '../../../display/figures/bars-from-rows'
import { armNames } from './arms'
import type { Reproduction } from './reproduction'
import { armTitles } from './table'

/**
 * The published accuracy, then each measured one with its 95 % interval; what was not measured is left out.
 * @returns rows for `figures.toBars`
 * @example
 * const [one] = await papers.readReproductions('soares-2020')
 * const bars = figures.toBars(papers.listMeasured(one))
 * show(figures.barChart(bars, { name: 'one', title: one.method, label: 'accuracy' }))
 */
export function listMeasured(reproduction: Reproduction): BarRow[] {
  const measured = armNames.flatMap(arm => {
    const estimate = reproduction[arm]
    return estimate ? [{ label: armTitles[arm], ...estimate }] : []
  })
  return [{ label: 'published', value: reproduction.published }, ...measured]
}
