/** What can be chosen of a plan. */
import type { Width } from '../model/architecture'

/** The data set of the plans whose rows are recorded in results/tables. */
export const defaultData = 'sars-cov-2-ct'

/** @typeParam Files the plan's files of recorded rows */
export interface PlanOptions<Files = never> {
  /** The networks' width. */
  width?: Width
  /** A data set by name. Default: the one whose rows are recorded; of others, nothing is. */
  data?: string
  /** Names start weights, order and augmentation. */
  seed?: number
  /** Where rows are recorded; default results/tables. */
  files?: Files
}
