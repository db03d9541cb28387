/** The figures behind an audit's findings, in one form. */
import type { Question } from './finding'

/** One figure of an audit. */
export interface AuditNumber {
  question: Question
  /** What was measured, such as 'one nearest neighbor on pixels, random folds: accuracy'. */
  what: string
  /** A share, a difference of shares, or a count. NaN where it is not defined. */
  value: number
  /** Ends of the 95 % interval; NaN where there is none. */
  low: number
  high: number
  /** How many images it is of. */
  images: number
}
