/** Copies in a set and across its splits, as an audit looks for them. */
import type { Dataset } from '../data/dataset'
import { splitByDefault } from '../data/split/default-split'
import { splitRandom, type Split } from '../data/split/split'
import type { Model } from '../model/model'
import { LabError } from '../system/errors'
import { findSeen, type SeenImages } from './across-parts'
import { describeDuplicates } from './describe-duplicates'
import type { DuplicateRule } from './duplicate-measures'
import { findDuplicates, type Duplicates } from './duplicates'
import type { Finding } from './finding'
import { countOf, type AuditNumber } from './number'
import type { Watch } from './steps'

/** Test images with a copy in training, on one split. */
export interface SeenOnSplit {
  /** The split's description. */
  split: string
  seen: readonly SeenImages[]
}

/** What an audit finds about copies. */
export interface Copies {
  duplicates: readonly Duplicates[]
  /** On the split that fits the set (as given, else by group), and on a random one. */
  across: readonly SeenOnSplit[]
  /** Why there is no such split, in words; one reason for each split that there is not. */
  lacks: readonly string[]
}

/**
 * Searches for copies in the set, and across its splits.
 * @param model whose features are compared; undefined for the project's own, null for none
 */
export async function findCopies(
  dataset: Dataset, seed: number, model: Model | null | undefined, watch: Watch,
): Promise<Copies> {
  const duplicates = await findDuplicates(dataset, { model, ...watch }), { splits, lacks } = splitsOf(dataset, seed)
  return {
    duplicates, lacks,
    across: splits.map(split => ({ split: split.description, seen: findSeen(split, duplicates) })),
  }
}

/** One finding on equal images, one on images that are nearly the same, one for each split, and for each that lacks. */
export function describeCopies(dataset: Dataset, { duplicates, across, lacks }: Copies): Finding[] {
  return [
    ...describeDuplicates(dataset, duplicates),
    ...across.flatMap(({ split, seen }) => describeDuplicates(dataset, [], seen)
      .map(finding => ({ ...finding, sentence: `${split}. ${finding.sentence}` }))),
    ...lacks.map((lack): Finding => ({
      question: 'duplicates', verdict: 'unknown', sentence: `Copies across a split cannot be counted: ${lack}.`,
    })),
  ]
}

/** The counts behind the findings. */
export function numbersOfCopies({ duplicates, across }: Copies): AuditNumber[] {
  const rule = ({ measure, threshold }: DuplicateRule) =>
    (measure === 'grey levels' ? measure : `${measure}, ${threshold}`)
  const searched = duplicates.filter(({ unsearched }) => unsearched === null)
  return [
    ...searched.flatMap(result => [
      countOf('duplicates', `pairs by ${rule(result)}`, result.pairs.length, result.images),
      countOf('duplicates', `pairs of two classes by ${rule(result)}`, result.ofTwoClasses, result.images),
      countOf('duplicates', `largest group by ${rule(result)}`, result.groups[0]?.length ?? 0, result.images),
    ]),
    ...across.flatMap(({ split, seen }) => seen.filter(({ unsearched }) => unsearched === null).map(found =>
      countOf('duplicates', `test images with a copy in training by ${rule(found)}; ${split}`, found.count, found.images))),
  ]
}

/** The split that fits the set, and a random one; the reason where there is none, such as a class of few images. */
function splitsOf(dataset: Dataset, seed: number): { splits: Split[]; lacks: string[] } {
  const shares = { validation: 0.2, test: 0.2, seed }
  const made = [splitByDefault, splitRandom].map(split => orReason(() => split(dataset, shares)))
  const splits = made.filter(one => typeof one !== 'string'), lacks = made.filter(one => typeof one === 'string')
  return {
    splits: splits.filter(({ protocol }, i) => splits.findIndex(other => other.protocol === protocol) === i),
    lacks: [...new Set(lacks)],
  }
}

/** The split, or why there is none. */
function orReason(split: () => Split): Split | string {
  try {
    return split()
  } catch (error) {
    if (error instanceof LabError && error.code === 'bad-argument') return error.received
    throw error
  }
}
