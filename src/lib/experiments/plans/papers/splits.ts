/** On which splits a study's protocol runs: its own images, its kind of split, and an honest split. */
import type { Dataset } from '../../../data/dataset'
import { splitListsOf } from '../../../data/split/listed'
import type { Study } from '../../../papers/paper'
import { LabError } from '../../../system/errors'
import { splitOf } from '../../split'
import { foldCount } from '../four-strategies/experiment'
import type { SplitKind } from '../four-strategies/strategy-run'

/**
 * 'exact': the test images of the paper. 'published': the paper's kind of split, on other test images. 'leak-aware': no
 * group (patient, number block) is in training and in the test.
 */
export const protocolSplits = ['exact', 'published', 'leak-aware'] as const
export type ProtocolSplit = (typeof protocolSplits)[number]

/** A split of a study's protocol as runs name it. */
export interface StudySplit {
  split: ProtocolSplit
  kind: SplitKind
  list: string | null
}

/** What a data set allows. */
export interface SplitFacts {
  name: string
  /** Whether groups are known, and suffice for five folds. */
  folds: boolean
  /** Whether the set's authors assigned parts. */
  given: boolean
}

/** What a data set allows. */
export function splitFacts(dataset: Dataset): SplitFacts {
  return {
    name: dataset.name, given: dataset.items.every(item => item.part !== undefined) && dataset.items.length > 0,
    folds: dataset.grouping !== 'none' && foldsByGroup(dataset),
  }
}

function foldsByGroup(dataset: Dataset): boolean {
  try {
    splitOf(dataset, { kind: 'folds', by: 'group', fold: 1, folds: foldCount, validation: 0.1, seed: 42 })
    return true
  } catch (fault) {
    if (fault instanceof LabError && fault.code === 'bad-argument') return false
    throw fault
  }
}

/**
 * The splits of a study's protocol on a data set. A study that does not say what it dealt out is taken to have dealt
 * out images, as almost all do. A study that dealt out patients has no split but the honest one.
 */
export function splitsOf({ data, split }: Study, { name, folds, given }: SplitFacts): StudySplit[] {
  const own = data.open === name
  const exact: StudySplit[] = own && split.list !== undefined && splitListsOf(name).includes(split.list)
    ? [{ split: 'exact', kind: 'listed', list: split.list }]
    : own && split.given && given ? [{ split: 'exact', kind: 'given', list: null }] : []
  const honest: StudySplit[] = folds ? [{ split: 'leak-aware', kind: 'blocks', list: null }] : []
  const published: StudySplit[] = split.unit === 'patient' ? [] : [{ split: 'published', kind: 'random', list: null }]
  return [...exact, ...published, ...honest]
}

/** Whether a study prints an accuracy, beside which a measured one can stand. */
export function printsAccuracy({ rows }: Study): boolean {
  return rows.some(({ figures }) => figures.accuracy !== undefined)
}
