/** Cross-validation: every image is tested exactly once. */
import type { Dataset } from '../dataset'
import { deal } from './deal'
import { requireInRange } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { requireGroups } from '../groups'
import { checkSeed, checkShares, makeSplit, unitName } from './split'
import type { Split } from './split'
import type { Unit } from './units'

export interface FoldOptions {
  /** How many folds, 2 to 50. */
  folds: number
  /** Whole, 0 or more. */
  seed: number
  /** Validation's share of the images outside the test part, between 0 and 1. */
  validation: number
}

/**
 * Makes folds of single images at random, with equal shares of each class. Neighboring slices of one patient are in
 * different parts: see each split's `warning`.
 * @throws LabError 'bad-argument'
 * @example const splits = foldRandom(ct, { folds: 5, seed: 42, validation: 0.2 })
 */
export function foldRandom(dataset: Dataset, options: FoldOptions): Split[] {
  return foldsBy('item', dataset, options)
}

/**
 * Makes folds of whole groups, with equal shares of each class as nearly as groups allow. Near-duplicates of a fold's
 * validation and test images are left out of its training part.
 * @throws LabError 'bad-argument', also where the set has no groups
 * @example const splits = foldByGroup(ct, { folds: 5, seed: 42, validation: 0.2 })
 */
export function foldByGroup(dataset: Dataset, options: FoldOptions): Split[] {
  requireGroups(dataset)
  return foldsBy('group', dataset, options)
}

function foldsBy(unit: Unit, dataset: Dataset, options: FoldOptions): Split[] {
  requireKnownKeys(unit === 'item' ? 'foldRandom' : 'foldByGroup', options ?? null, { folds: true, seed: true, validation: true })
  const { folds, seed, validation } = options
  requireInRange('folds', folds, { low: 2, high: 50, whole: true }, 'Try 5')
  checkShares({ validation })
  checkSeed(seed)
  const tests = deal(dataset, {
    unit, shares: new Array(folds).fill(1 / folds), purpose: 'folds', coordinates: [seed],
    // Outside each fold's test part, training and validation need a unit each.
    outside: 2,
  })
  return tests.map((test, fold) => {
    const [train, validationItems] = deal(dataset, {
      unit, shares: [1 - validation, validation], purpose: 'fold validation', coordinates: [seed, fold],
      among: tests.filter(other => other !== test).flat(),
    })
    const description = `Fold ${fold + 1} of ${folds}, by ${unitName(dataset, unit)}, each class alike; seed ${seed}`
    const parts = { train, validation: validationItems, test }
    return makeSplit(dataset, unit === 'item' ? 'random' : 'group', seed, parts, description)
  })
}
