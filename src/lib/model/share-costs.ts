/** Where a network's weights are, and where its work is. */
import type { StageCost } from './convolution-cost'

/**
 * Each stage's share of all weights and of all multiplications.
 * @param costs as `countStageCosts` gives them
 * @returns rows that `figures.barChart` draws as they are, in pairs
 * @example shareCosts(countStageCosts(network)).map(bar => bar.group)
 */
export function shareCosts(costs: readonly StageCost[]): { label: string; group: string; value: number }[] {
  const keys = ['weights', 'multiplications'] as const
  const total = (key: (typeof keys)[number]) => costs.reduce((sum, row) => sum + row[key], 0)
  return costs.flatMap(row => keys.map(key => ({ label: row.stage, group: key, value: row[key] / total(key) })))
}
