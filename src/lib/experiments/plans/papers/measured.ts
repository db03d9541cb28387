/** What was measured beside published rows: for one data set, split and network, each arm's mean over its runs. */
import { wilson, type Estimate, type Level } from '../../../evaluation/intervals'
import { mean } from '../../../evaluation/metrics'
import type { Width } from '../../../model/architecture'
import { foldCount } from '../four-strategies/experiment'
import { accuracyInterval } from '../four-strategies/summary'
import { armName, type StartWeights } from '../four-strategies/strategy-run'
import { armNames, armsOf, type ArmName } from './arms'
import type { PaperResult } from './paper-run'
import type { StudySplit } from './splits'

/** Where an arm was measured. */
export interface Cell extends Pick<StudySplit, 'kind' | 'list'> {
  data: string
  recipe: string | null
}

/** One network beside the classifiers without one. Null where nothing was measured. */
export interface Measured extends Record<ArmName, Estimate | null> {
  weights: StartWeights
  width: Width
  /** Of the network with all layers trained. */
  runs: number
  /** Its accuracy with the 90 % interval, which has no ends where folds are missing or groups are not known. */
  forVerdict: Estimate | null
  /** What limits the figures, in words. */
  limits: string[]
}

/**
 * Networks that were measured in a cell, each beside the classifiers without a network on the same splits.
 * @param testImages of the study, for rows without counts by group: Wilson's interval then takes images as independent
 */
export function measuredIn(results: readonly PaperResult[], cell: Cell, testImages: number | null): Measured[] {
  const here = results.filter(({ row }) => row.data === cell.data && row.split === cell.kind && row.list === cell.list)
  const networks = new Map(here.filter(({ row }) => row.recipe === cell.recipe && row.width !== 'none' && row.depth === 'all'
    && (row.strategy === 'fine-tuning' || row.strategy === 'scratch'))
    .map(({ row: { weights, width } }) => [`${weights} ${width}`, { weights, width: width as Width }]))
  return [...networks.values()].map(({ weights, width }) => {
    const arms = armsOf(weights, width)
    const runsOf = (arm: ArmName) =>
      here.filter(({ row }) => armName(row) === armName(arms[arm]) && row.recipe === cell.recipe)
    const means = Object.fromEntries(armNames.map(arm => [arm, estimate(runsOf(arm), 0.95, testImages)]))
    const tuned = runsOf('fineTuned'), limits = limitsOf(tuned, cell), whole = estimate(tuned, 0.9, testImages)
    return {
      ...means as Record<ArmName, Estimate | null>, weights, width, runs: tuned.length, limits,
      forVerdict: whole && limits.length > 0 ? { value: whole.value, ...noInterval } : whole,
    }
  })
}

const noInterval = { low: NaN, high: NaN }

/** What leaves a mean without a verdict. */
function limitsOf(runs: readonly PaperResult[], { kind }: Cell): string[] {
  return [
    ...(kind === 'blocks' && runs.length < foldCount ? [`${runs.length} of ${foldCount} folds`] : []),
    ...(runs.every(hasGroups) ? [] : ['interval by image, taken as independent']),
  ]
}

function hasGroups({ groups }: PaperResult): boolean {
  return groups.length > 0
}

/** An interval without width (all images right, or wrong) says nothing: it has no ends. */
function estimate(runs: readonly PaperResult[], level: Level, testImages: number | null): Estimate | null {
  if (runs.length === 0) return null
  const value = mean(runs.map(({ row }) => row.accuracy))
  const interval = runs.every(hasGroups) ? accuracyInterval(runs, level)
    : testImages === null ? noInterval : wilson(value * testImages, testImages, level)
  return { value, ...(interval.low < interval.high ? interval : noInterval) }
}
