/** Sharing a data set out into train, validation and test. */
import type { Dataset, Role } from './datasets/dataset'

/** One part of a split: some of a data set's items. */
export interface Part {
  dataset: Dataset
  role: Role
  /** Indices into `dataset.items`, ascending. */
  indices: readonly number[]
}

/** A data set shared out. Parts are disjoint; together with `purged` they hold every item. */
export interface Split {
  dataset: Dataset
  protocol: 'random' | 'group' | 'published'
  /** One sentence for figures and reports. */
  description: string
  seed: number
  train: Part
  validation: Part
  test: Part
  /** Items left out of training because a near-duplicate is in validation or test. */
  purged: readonly number[]
  /** What a reader must know before believing a figure from this split; null if nothing. */
  warning: string | null
}
