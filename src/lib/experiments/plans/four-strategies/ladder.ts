/** The comparison of strategies as a figure. */
import type { Figure } from '../../../display/figures/figure'
import { ladder, type Level, type Rung } from '../../../display/figures/ladder'
import { trainingDepths, type Arm } from './strategy-run'
import type { StrategySummary } from './summary'

/** The runs that the ladder is compared with, chosen before any result was known. */
const levels: readonly (Pick<Arm, 'strategy' | 'depth'> & { label: string })[] = [
  { strategy: 'scratch', depth: 'all', label: 'from scratch' },
  { strategy: 'frozen-features', depth: 'every stage', label: 'head on every stage' },
  { strategy: 'baseline', depth: 'histogram, logistic regression', label: 'grey-level histogram' },
  { strategy: 'baseline', depth: 'pixels, one nearest neighbour', label: 'one nearest neighbor' },
]

/**
 * Accuracy against the depth of fine-tuning, both splits, beside training from scratch, frozen features and baselines.
 * @param width of the networks; other widths are left out
 * @example show(strategies.ladderFigure(strategies.summarizeRuns(results), 'half'))
 */
export function ladderFigure(summaries: readonly StrategySummary[], width: Arm['width'], subtitle?: string): Figure {
  const ofWidth = summaries.filter(one => one.width === width || one.width === 'none')
  const rungs: Rung[] = ofWidth.filter(({ strategy }) => strategy === 'fine-tuning')
  const across: Level[] = levels.flatMap(({ strategy, depth, label }) => ofWidth
    .filter(one => one.strategy === strategy && one.depth === depth && one.weights !== 'fractal-reestimated')
    .map(({ split, accuracy }) => ({ label, split, accuracy })))
  return ladder(rungs, {
    name: 'four-strategies-ladder', title: 'From a frozen network to a fine-tuned one', subtitle, depths: trainingDepths,
    levels: across,
  })
}
