/** What was measured beside published rows: for one data set, split and network, each arm's mean over its runs. */
import type { Estimate, Level } from '../../../evaluation/intervals'
import { wilson } from '../../../evaluation/intervals'
import { mean } from '../../../evaluation/metrics'
import type { Width } from '../../../model/architecture'
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
  /** Its accuracy with the 90 % interval. */
  forVerdict: Estimate | null
}

/**
 * Networks that were measured in a cell, each beside the classifiers without a network on the same images.
 * @param testImages of the study, for rows without counts by group: Wilson's interval then takes images as independent
 */
export function measuredIn(results: readonly PaperResult[], cell: Cell, testImages: number | null): Measured[] {
  const here = results.filter(({ row }) => row.data === cell.data && row.split === cell.kind && row.list === cell.list)
  const networks = new Map(here.filter(({ row }) => row.recipe === cell.recipe && row.width !== 'none' && row.depth === 'all'
    && (row.strategy === 'fine-tuning' || row.strategy === 'scratch'))
    .map(({ row: { weights, width } }) => [`${weights} ${width}`, { weights, width: width as Width }]))
  return [...networks.values()].map(({ weights, width }) => {
    const arms = armsOf(weights, width)
    const runsOf = (arm: ArmName) => here.filter(({ row }) => armName(row) === armName(arms[arm])
      && (arms[arm].strategy === 'baseline' ? row.recipe === null : row.recipe === cell.recipe))
    const means = Object.fromEntries(armNames.map(arm => [arm, estimate(runsOf(arm), 0.95, testImages)]))
    const tuned = runsOf('fineTuned')
    return { ...means as Record<ArmName, Estimate | null>, weights, width, runs: tuned.length,
      forVerdict: estimate(tuned, 0.9, testImages) }
  })
}

function estimate(runs: readonly PaperResult[], level: Level, testImages: number | null): Estimate | null {
  if (runs.length === 0) return null
  const value = mean(runs.map(({ row }) => row.accuracy))
  if (runs.every(({ groups }) => groups.length > 0)) return { value, ...accuracyInterval(runs, level) }
  const independent = testImages === null ? { low: NaN, high: NaN } : wilson(value * testImages, testImages, level)
  return { value, ...independent }
}
