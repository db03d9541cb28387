/** Sharing a data set out into train, validation and test. */
import type { Dataset, Role } from '../dataset'
import { deal } from './deal'
import type { Unit } from './deal'
import { LabError } from '../../system/errors'

/** One part of a split: some of a data set's items. */
export interface Part {
  dataset: Dataset
  role: Role
  /** Indices into `dataset.items`, ascending. */
  indices: readonly number[]
}

/** How the parts were made. */
export type Protocol = 'random' | 'group' | 'published' | 'given'

/** A data set shared out. Parts are disjoint (but see 'published'); with `purged` they hold every item. */
export interface Split {
  dataset: Dataset
  protocol: Protocol
  /** One sentence for figures and reports. */
  description: string
  seed: number
  train: Part
  validation: Part
  test: Part
  /** Items left out of training because a near-duplicate is in validation or test; ascending. */
  purged: readonly number[]
  /** What a reader must know before believing a figure from this split; null if nothing. */
  warning: string | null
}

/** The shares of the parts; training gets the rest. */
export interface SplitOptions {
  /** Share of the items, between 0 and 1. */
  validation: number
  test: number
  /** Another seed gives other parts; whole, 0 or more. */
  seed: number
}

/**
 * Shares single images out at random, each class alike. Where neighbouring slices of one patient fall on
 * both sides, figures are too good: see `warning`.
 * @throws bad-argument
 */
export function splitRandom(dataset: Dataset, options: SplitOptions): Split {
  return splitBy('item', dataset, options)
}

/**
 * Shares whole groups (patients, or blocks of file numbers) out, each class alike as nearly as groups
 * allow, and leaves near-duplicates of validation and test images out of training.
 * @throws bad-argument, also where the set has no groups
 */
export function splitByGroup(dataset: Dataset, options: SplitOptions): Split {
  requireGroups(dataset)
  return splitBy('group', dataset, options)
}

/**
 * The two parts of many published papers: validation and test are the same images, at random. For
 * reproducing their figures only.
 * @throws bad-argument
 */
export function splitPublished(dataset: Dataset, { test, seed }: { test: number; seed: number }): Split {
  checkShares({ test })
  checkSeed(seed)
  const [train, held] = deal(dataset, {
    unit: 'item', shares: [1 - test, test], purpose: 'split', coordinates: [seed],
  })
  const split = makeSplit(dataset, 'published', seed, { train, validation: held, test: held },
    `Published protocol: random by image, ${percent(test)} held out, validation and test the same images; seed ${seed}`)
  const optimistic = 'Training is steered and judged on the same images, so figures are too good.'
  return { ...split, validation: split.test, warning: `${optimistic} ${leakage(dataset)}` }
}

/** The parts that the set's makers gave. @throws bad-argument where an item has none or a part is empty */
export function splitAsGiven(dataset: Dataset): Split {
  const { items } = dataset
  const of = (role: Role) => [...items.keys()].filter(i => items[i].part === role)
  const parts = { train: of('train'), validation: of('validation'), test: of('test') }
  const given = parts.train.length + parts.validation.length + parts.test.length
  if (given < items.length || Object.values(parts).some(indices => indices.length === 0))
    throw new LabError('bad-argument', {
      expected: 'every image to have a part, and train, validation and test each to have images',
      received: `${parts.train.length} train, ${parts.validation.length} validation, ${parts.test.length} test, ` +
        `${items.length - given} without a part`,
      remedy: 'Complete the split column of groups.csv, or use splitRandom or splitByGroup',
    })
  const split = makeSplit(dataset, 'given', 0, parts, 'Parts as the set’s makers gave them')
  return { ...split, warning: dataset.grouping === 'none' || tearsGroups(dataset) ? leakage(dataset) : null }
}


/** Makes a split from its parts' indices; a group split is purged of near-duplicates. */
export function makeSplit(
  dataset: Dataset, protocol: Protocol, seed: number,
  { train, validation, test }: Record<Role, readonly number[]>, description: string,
): Split {
  const purged = protocol === 'group' ? nearDuplicatesOf(dataset, train, [...validation, ...test]) : []
  const left = new Set(purged)
  const part = (role: Role, indices: readonly number[]): Part => ({ dataset, role, indices })
  return {
    dataset, protocol, description, seed,
    train: part('train', train.filter(i => !left.has(i))),
    validation: part('validation', validation),
    test: part('test', test),
    purged,
    warning: protocol === 'group' ? null : leakage(dataset),
  }
}

/** @throws bad-argument where the set has no groups */
export function requireGroups({ name, grouping }: Dataset): void {
  if (grouping === 'none')
    throw new LabError('bad-argument', {
      expected: 'a data set whose groups are known', received: `${name}, without groups`,
      remedy: 'Name each image’s group in groups.csv, or use splitRandom',
    })
}

/** @throws bad-argument unless each share and their sum lie between 0 and 1 */
export function checkShares(shares: Record<string, number>): void {
  const values = Object.values(shares)
  const sum = values.reduce((a, b) => a + b, 0)
  if (!values.every(share => share > 0) || !(sum < 1))
    throw new LabError('bad-argument', {
      expected: `${Object.keys(shares).join(' and ')} above 0, and below 1 together`,
      received: values.join(' and '), remedy: 'Try 0.2',
    })
}

/** @throws bad-argument unless the seed is a whole number, 0 or more */
export function checkSeed(seed: number): void {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new LabError('bad-argument', {
      expected: 'seed to be a whole number, 0 or more', received: String(seed), remedy: 'Try 42',
    })
}

/** What dealing by `unit` is called in a description. */
export function unitName({ grouping }: Dataset, unit: Unit): string {
  return unit === 'item' ? 'image' : grouping
}

function splitBy(unit: Unit, dataset: Dataset, { validation, test, seed }: SplitOptions): Split {
  checkShares({ validation, test })
  checkSeed(seed)
  const rest = 1 - validation - test
  const [forTraining, forValidation, forTest] = deal(dataset, {
    unit, shares: [rest, validation, test], purpose: 'split', coordinates: [seed],
  })
  const description = `Split by ${unitName(dataset, unit)}, each class alike: ` +
    `${percent(rest)} train, ${percent(validation)} validation, ${percent(test)} test; seed ${seed}`
  const parts = { train: forTraining, validation: forValidation, test: forTest }
  return makeSplit(dataset, unit === 'item' ? 'random' : 'group', seed, parts, description)
}

function nearDuplicatesOf({ nearDuplicates }: Dataset, train: readonly number[], held: readonly number[]): number[] {
  const inTrain = new Set(train)
  const inHeld = new Set(held)
  const found = nearDuplicates.flatMap(([a, b]) =>
    inTrain.has(a) && inHeld.has(b) ? [a] : inTrain.has(b) && inHeld.has(a) ? [b] : [])
  return [...new Set(found)].sort((a, b) => a - b)
}

/** Whether the given parts separate items of one group. */
function tearsGroups({ items }: Dataset): boolean {
  const first = new Map<string, Role | undefined>()
  for (const { group, part } of items) if (group !== null && !first.has(group)) first.set(group, part)
  return items.some(({ group, part }) => group !== null && first.get(group) !== part)
}

/** What parting neighbours does to figures. */
function leakage({ grouping }: Dataset): string {
  if (grouping === 'none')
    return 'Nothing is known about which images belong together; if some show one patient, figures are too good.'
  const shared = grouping === 'patient' ? 'Images of one patient' : 'Neighbouring slices, most likely of one patient,'
  return `${shared} lie on both sides of this split, so recognising them pays: figures are too good.`
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`
}
