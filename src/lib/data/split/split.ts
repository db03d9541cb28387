/** Splitting a data set into train, validation and test. */
import type { Dataset, Role } from '../dataset'
import { requireGroups } from '../groups'
import { deal } from './deal'
import { LabError, requireInRange } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { summarizedPart, summarizedSplit } from './split-summary'
import type { Unit } from './units'
import {
  leakage, nearDuplicatesOf, tearsGroups, tornDuplicates, tornFromTest, unknownGroups, unknownShare, type Parts,
} from './warnings'

/** One part of a split: some of a data set's items. */
export interface Part {
  dataset: Dataset
  role: Role
  /** Indices of `dataset.items`, ascending. */
  indices: readonly number[]
}

/** How the parts were made. 'given': as the set's authors assigned them. */
export type Protocol = 'random' | 'group' | 'published' | 'given'

/** A data set in three parts. The parts are disjoint (but for 'published'); with `purged` they hold every item. */
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
  /** The reason why figures from this split are too good; null if there is none. */
  warning: string | null
}

/** The shares of validation and test; the rest is for training. */
export interface SplitOptions {
  /** Share of the items, between 0 and 1. */
  validation: number
  test: number
  /** Another seed gives other parts. Whole, 0 or more. */
  seed: number
}

/**
 * Splits single images at random, with equal shares of each class. Figures are too good where neighboring slices of one
 * patient are in different parts: see `warning`.
 * @throws LabError 'bad-argument'
 * @example const parts = splitRandom(ct, { validation: 0.2, test: 0.2, seed: 42 })
 */
export function splitRandom(dataset: Dataset, options: SplitOptions): Split {
  return splitBy('item', dataset, options)
}

/**
 * Splits whole groups (patients, or blocks of file numbers), with equal shares of each class as nearly as groups allow.
 * Near-duplicates of validation and test images are left out of training; `warning` counts validation images that are
 * near-duplicates of test images.
 * @throws LabError 'bad-argument', also where the set has no groups
 * @example const parts = splitByGroup(ct, { validation: 0.2, test: 0.2, seed: 42 })
 */
export function splitByGroup(dataset: Dataset, options: SplitOptions): Split {
  requireGroups(dataset)
  return splitBy('group', dataset, options)
}

/**
 * Splits as many published papers do: single images at random, and the same images for validation and test. Use it only
 * to reproduce such papers' figures.
 * @param options.test share of the images for validation and test, between 0 and 1
 * @throws LabError 'bad-argument'
 * @example show(splitPublished(ct, { test: 0.2, seed: 1 }))
 */
export function splitPublished(dataset: Dataset, options: { test: number; seed: number }): Split {
  requireKnownKeys('splitPublished', options ?? null, { test: true, seed: true })
  const { test, seed } = options
  checkShares({ test })
  checkSeed(seed)
  const [train, heldOut] = deal(dataset, {
    unit: 'item', shares: [1 - test, test], purpose: 'split', coordinates: [seed],
  })
  return steeredByTest(dataset, seed, train, heldOut,
    `Published protocol: random by image, ${percent(test)} held out, validation and test the same images; seed ${seed}`)
}

/** Makes a split whose validation and test are the same images, and warns of it. */
export function steeredByTest(
  dataset: Dataset, seed: number, train: readonly number[], heldOut: readonly number[], description: string,
): Split {
  const split = makeSplit(dataset, 'published', seed, { train, validation: heldOut, test: heldOut }, description)
  const optimistic = 'Training is steered and judged on the same images, so figures are too good.'
  const warning = [optimistic, ...(split.warning === null ? [] : [split.warning])].join(' ')
  return summarizedSplit({ ...split, validation: split.test, warning })
}

/** Makes a split from its parts' indices; a group split is purged of near-duplicates. */
export function makeSplit(
  dataset: Dataset, protocol: Protocol, seed: number, parts: Parts, description: string,
): Split {
  const { train, validation, test } = parts
  const purged = protocol === 'group' ? nearDuplicatesOf(dataset, train, [...validation, ...test]) : []
  const left = new Set(purged)
  const part = (role: Role, indices: readonly number[]): Part =>
    summarizedPart({ dataset, role, indices })
  return summarizedSplit({
    dataset, protocol, description: description + unknownShare(dataset), seed,
    train: part('train', train.filter(i => !left.has(i))),
    validation: part('validation', validation),
    test: part('test', test),
    purged,
    warning: (protocol === 'group' ? ofGroups(dataset, parts) : tearing(dataset, parts)).join(' ') || null,
  })
}

/**
 * A group split tears no group apart, and is purged of training images that repeat others. But a validation image may
 * repeat a test image where groups are no patients: number blocks may end within one patient.
 */
function ofGroups(dataset: Dataset, parts: Parts): string[] {
  return [...unknownGroups(dataset), ...tornFromTest(dataset, parts)]
}

/** Where no known group is torn apart, near-duplicates are the one sign of images that belong together. */
function tearing(dataset: Dataset, parts: Parts): string[] {
  const tearsKnown = dataset.grouping !== 'none' && tearsGroups(dataset, parts)
  return [...leakage(dataset, parts), ...(tearsKnown ? [] : tornDuplicates(dataset, parts))]
}

/** @throws LabError 'bad-argument' unless each share and their sum are between 0 and 1 */
export function checkShares(shares: Record<string, number>): void {
  const values = Object.values(shares)
  const sum = values.reduce((a, b) => a + b, 0)
  if (!values.every(share => share > 0) || !(sum < 1))
    throw new LabError('bad-argument', {
      expected: `${Object.keys(shares).join(' and ')} above 0, and below 1 together`,
      received: values.join(' and '), remedy: 'Try 0.2',
    })
}

/** @throws LabError 'bad-argument' unless the seed is a whole number, 0 or more */
export function checkSeed(seed: number): void {
  requireInRange('seed', seed, { low: 0, whole: true }, 'Try 42')
}

/** The name of a unit in a split's description. */
export function unitName({ grouping }: Dataset, unit: Unit): string {
  return unit === 'item' ? 'image' : grouping
}

function splitBy(unit: Unit, dataset: Dataset, options: SplitOptions): Split {
  requireKnownKeys(unit === 'item' ? 'splitRandom' : 'splitByGroup', options ?? null, { validation: true, test: true, seed: true })
  const { validation, test, seed } = options
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

/** A share in percent, with at most one decimal. */
export function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`
}
