/** Splits of data sets with made-up labels: a classifier can predict them only where it recognizes the group. */
import type { Dataset } from '../dataset'
import { relabelByGroup } from '../relabel'
import { splitByGroup, splitPublished, type Split } from './split'

/**
 * Draws a label for every group at random, several times, and splits each of these data sets in two ways: single
 * images at random (80 % training, 20 % test), and by group (60 % training, 20 % validation, 20 % test).
 * @param seeds one draw for each
 * @returns the splits of each way, ready for `repeatBaselines`
 * @throws LabError 'bad-argument' for a data set whose groups are not known
 * @example Object.keys(splitMadeUpLabels(ct, [1, 2]))   // ['random', 'by patient']
 */
export function splitMadeUpLabels(dataset: Dataset, seeds: readonly number[]): Record<string, Split[]> {
  const draws = seeds.map(seed => ({ seed, made: relabelByGroup(dataset, seed) }))
  return {
    random: draws.map(({ seed, made }) => splitPublished(made, { test: 0.2, seed })),
    [`by ${dataset.grouping}`]: draws.map(({ seed, made }) => splitByGroup(made, { validation: 0.2, test: 0.2, seed })),
  }
}
