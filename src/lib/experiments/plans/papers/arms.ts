/** What is measured beside each published row: one network trained in three ways, and three classifiers without one. */
import type { Width } from '../../../model/architecture'
import type { Arm, StartWeights } from '../four-strategies/strategy-run'

/** The classifiers, by the names of the table's columns. */
export const armNames = [
  'fineTuned', 'headOnly', 'features', 'nearestNeighbor', 'histogram', 'histogramNeighbors',
] as const
export type ArmName = (typeof armNames)[number]

/** All of them, for one network. */
export function armsOf(weights: StartWeights, width: Width): Readonly<Record<ArmName, Arm>> {
  const network = { weights, width }
  const baseline = (depth: string): Arm => ({ strategy: 'baseline', weights: 'none', width: 'none', depth })
  return {
    fineTuned: { strategy: weights === 'none' ? 'scratch' : 'fine-tuning', ...network, depth: 'all' },
    headOnly: { strategy: 'fine-tuning', ...network, depth: 'head' },
    features: { strategy: 'frozen-features', ...network, depth: 'every stage' },
    nearestNeighbor: baseline('pixels, one nearest neighbour'),
    histogram: baseline('histogram, logistic regression'),
    histogramNeighbors: baseline('histogram, five nearest neighbours'),
  }
}

/** Whether an arm gives the same result for every seed where the images are the same. */
export function ignoresSeed(arm: ArmName): boolean {
  return arm !== 'fineTuned' && arm !== 'headOnly'
}
