/** The parts that a set's makers gave. */
import { LabError } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { summarizedSplit } from './split-summary'
import type { Dataset, Role } from '../dataset'
import { deal } from './deal'
import { checkSeed, checkShares, makeSplit, percent, unitName, type Split } from './split'
import type { Unit } from './units'
import { lackingClasses, leakage, tornDuplicates, type Parts } from './warnings'

/** How the part that a set's makers did not give is dealt out of the training part. */
export interface GivenOptions {
  /** The missing part's share of the training images, between 0 and 1. */
  missing: number
  /** Whole, 0 or more. */
  seed: number
}

/**
 * Splits as the set's authors did.
 * @param options where validation or test is missing, how it is dealt out of the training part, by group where groups
 *   are known; without options, all three parts have to be there
 * @throws LabError 'bad-argument' where an item has no part, or a part is empty
 * @example show(splitAsGiven(await openDataset('folder:data/mine')))
 */
export function splitAsGiven(dataset: Dataset, options?: GivenOptions): Split {
  requireKnownKeys('splitAsGiven', options, { missing: true, seed: true })
  const { items } = dataset
  const of = (role: Role) => [...items.keys()].filter(i => items[i].part === role)
  const parts = { train: of('train'), validation: of('validation'), test: of('test') }
  const missing = (['validation', 'test'] as const).filter(role => parts[role].length === 0)
  const assigned = parts.train.length + parts.validation.length + parts.test.length
  if (assigned < items.length || parts.train.length === 0 || missing.length > (options ? 1 : 0))
    throw new LabError('bad-argument', {
      expected: 'every image to have a part, and train, validation and test each to have images',
      received: `${parts.train.length} train, ${parts.validation.length} validation, ${parts.test.length} test, ` +
        `${items.length - assigned} without a part`,
      remedy: 'Complete the split column of groups.csv, or use splitRandom or splitByGroup',
    })
  const [role] = missing
  return options && role ? complete(dataset, parts, role, options)
    : withWarnings(makeSplit(dataset, 'given', options?.seed ?? 0, parts, 'Parts as the set’s makers gave them'), parts)
}

/** Deals a missing part out of the training part. */
function complete(dataset: Dataset, parts: Parts, role: Role, { missing, seed }: GivenOptions): Split {
  checkShares({ missing })
  const all = dealOut(dataset, parts, role, { share: missing, seed, purpose: `given ${role}` })
  const description = `Parts as the set’s makers gave them, but for ${role}: ${percent(missing)} of their training ` +
    `images, by ${unitName(dataset, dealingUnit(dataset))}; seed ${seed}`
  return withWarnings(makeSplit(dataset, 'given', seed, all, description), all)
}

/** What is dealt out: whole groups, where groups are known. */
export function dealingUnit({ grouping }: Dataset): Unit {
  return grouping === 'none' ? 'item' : 'group'
}

/**
 * Deals a share of the training part, between 0 and 1, out to another part.
 * @throws LabError 'bad-argument' for a seed that is not whole
 */
export function dealOut(
  dataset: Dataset, parts: Parts, role: Role,
  { share, seed, purpose }: { share: number; seed: number; purpose: string },
): Parts {
  checkSeed(seed)
  const [train, dealt] = deal(dataset, {
    unit: dealingUnit(dataset), shares: [1 - share, share], purpose, coordinates: [seed], among: [...parts.train],
  })
  return { ...parts, train, [role]: dealt }
}

/** The split with every warning that its parts deserve. */
export function withWarnings(split: Split, parts: Parts): Split {
  const { dataset } = split
  const warnings = [...leakage(dataset, parts), ...tornDuplicates(dataset, parts), ...lackingClasses(dataset, parts)]
  return summarizedSplit({ ...split, warning: warnings.join(' ') || null })
}
