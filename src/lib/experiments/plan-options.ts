/** The options of a plan. */
import type { Width } from '../model/architecture'

/** The data set of the plans whose rows are recorded in results/tables. */
export const defaultData = 'sars-cov-2-ct'

/** @typeParam Files the plan's files of recorded rows */
export interface PlanOptions<Files = never> {
  /** The networks' width. */
  width?: Width
  /** A data set by name. Only rows of the default one are recorded, but for the plan of papers. */
  data?: string
  /** Names start weights, order and augmentation. */
  seed?: number
  /** The files that record rows; default those in results/tables. */
  files?: Files
}
