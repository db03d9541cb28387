/** Cross-validation: every image is tested exactly once. */
import type { Dataset } from '../dataset'
import { deal } from './deal'
import type { Unit } from './deal'
import { LabError } from '../../system/errors'
import { checkSeed, checkShares, makeSplit, requireGroups, unitName } from './split'
import type { Split } from './split'

export interface FoldOptions {
  /** How many folds, 2 to 50. */
  folds: number
  /** Whole, 0 or more. */
  seed: number
  /** Share of what a fold does not test, between 0 and 1: it steers the training. */
  validation: number
}

/**
 * Folds of single images at random, each class alike. Neighbours leak: see each split's `warning`.
 * @throws bad-argument
 */
export function foldRandom(dataset: Dataset, options: FoldOptions): Split[] {
  return foldsBy('item', dataset, options)
}

/**
 * Folds of whole groups, each class alike as nearly as groups allow; near-duplicates of a fold's validation
 * and test images are left out of its training.
 * @throws bad-argument, also where the set has no groups
 */
export function foldByGroup(dataset: Dataset, options: FoldOptions): Split[] {
  requireGroups(dataset)
  return foldsBy('group', dataset, options)
}

function foldsBy(unit: Unit, dataset: Dataset, { folds, seed, validation }: FoldOptions): Split[] {
  if (!Number.isInteger(folds) || folds < 2 || folds > 50)
    throw new LabError('bad-argument', {
      expected: 'folds to be a whole number from 2 to 50', received: String(folds), remedy: 'Try 5',
    })
  checkShares({ validation })
  checkSeed(seed)
  const tests = deal(dataset, {
    unit, shares: new Array(folds).fill(1 / folds), purpose: 'folds', coordinates: [seed],
  })
  return tests.map((test, fold) => {
    const [train, held] = deal(dataset, {
      unit, shares: [1 - validation, validation], purpose: 'fold validation', coordinates: [seed, fold],
      among: tests.filter(other => other !== test).flat(),
    })
    const description = `Fold ${fold + 1} of ${folds}, by ${unitName(dataset, unit)}, each class alike; seed ${seed}`
    const parts = { train, validation: held, test }
    return makeSplit(dataset, unit === 'item' ? 'random' : 'group', seed, parts, description)
  })
}
