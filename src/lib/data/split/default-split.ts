/** The split that fits a data set when nobody asks for another. */
import { requireKnownKeys } from '../../system/options'
import type { Dataset } from '../dataset'
import { splitAsGiven } from './given'
import { splitByGroup, splitRandom, type Split, type SplitOptions } from './split'

/**
 * Splits a data set as its makers did, where they did; else by group, where groups are known; else at random, with the
 * warning. A part that the makers did not give is dealt out of their training part.
 * @param options shares of validation and test (default 0.2 each) and the seed (default 42), where they matter
 * @throws LabError 'bad-argument' where some images have a part and others none, or where a class has too few groups
 * @example const parts = splitByDefault(ct)
 */
export function splitByDefault(dataset: Dataset, options: Partial<SplitOptions> = {}): Split {
  requireKnownKeys('splitByDefault', options, { validation: true, test: true, seed: true })
  const { validation = 0.2, test = 0.2, seed = 42 } = options
  const protocol = defaultProtocol(dataset)
  if (protocol === 'given') {
    const missing = dataset.items.some(item => item.part === 'test') ? validation : test
    return splitAsGiven(dataset, { missing, seed })
  }
  return (protocol === 'random' ? splitRandom : splitByGroup)(dataset, { validation, test, seed })
}

/** How `splitByDefault` splits a data set. */
export function defaultProtocol({ items, grouping }: Dataset): 'given' | 'group' | 'random' {
  if (items.some(item => item.part !== undefined)) return 'given'
  return grouping === 'none' ? 'random' : 'group'
}
