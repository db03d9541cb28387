/** The splits of an audit's classifiers: folds at random, folds by group, or the split that the set's makers gave. */
import type { Dataset } from '../data/dataset'
import { lackOfGroups } from '../data/look/grouped'
import { foldByGroup, foldRandom } from '../data/split/folds'
import { splitAsGiven } from '../data/split/given'
import type { Split } from '../data/split/split'
import { LabError } from '../system/errors'

/** How images are shared out. */
export type ArmSplit = 'random' | 'by group' | 'as given'

/** The splits of one kind: several folds, whose test parts together are the set, or the one split that was given. */
export interface ArmSplits {
  split: ArmSplit
  folds: readonly Split[]
}

const mostFolds = 5
const unknownGroups = 'nobody has said which images show one patient'
const validation = 0.2

/**
 * Five folds, fewer where a class has too few images or groups for five.
 * @returns the reason, in words, where there is no split of this kind
 */
export function splitsOf(dataset: Dataset, split: ArmSplit, seed: number): ArmSplits | string {
  if (split === 'as given') return givenSplit(dataset, seed)
  if (split === 'by group' && lackOfGroups(dataset) === 'no groups') return unknownGroups
  const fold = split === 'random' ? foldRandom : foldByGroup
  for (let folds = mostFolds; folds >= 2; folds--) {
    const splits = orReason(() => fold(dataset, { folds, seed, validation }))
    if (typeof splits !== 'string') return { split, folds: splits }
  }
  return `a class has too few ${split === 'random' ? 'images' : `${dataset.grouping}s`} for two folds`
}

/**
 * The reason, in words, why no random split of a set can reward recognizing a group; null where one can. A group that
 * has a single image is never on both sides of a split.
 */
export function lackOfSiblings(dataset: Dataset): string | null {
  const lack = lackOfGroups(dataset)
  if (lack === 'no groups') return unknownGroups
  return lack === 'single images'
    ? `more than half of the images are the only one of their ${dataset.grouping}, so that there is next to nothing to recognize` : null
}

function givenSplit(dataset: Dataset, seed: number): ArmSplits | string {
  if (!dataset.items.some(item => item.part !== undefined)) return 'the set’s makers gave no split'
  const split = orReason(() => splitAsGiven(dataset, { missing: validation, seed }))
  return typeof split === 'string' ? split : { split: 'as given', folds: [split] }
}

/** What `make` returns, or why it refuses. */
function orReason<T>(make: () => T): T | string {
  try {
    return make()
  } catch (error) {
    if (error instanceof LabError && error.code === 'bad-argument') return error.received
    throw error
  }
}
