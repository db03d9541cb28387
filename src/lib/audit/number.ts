/** The figures behind an audit's findings, in one form. */
import type { Question } from './finding'

/** 'accuracy', 'AUC', 'chance', 'share' and 'difference' are shares of 1; 'count' counts images, pairs or patients. */
export const measures = ['accuracy', 'AUC', 'chance', 'share', 'difference', 'count'] as const

/** One figure of an audit. */
export interface AuditNumber {
  question: Question
  /** What was measured, such as 'pixels, one nearest neighbour; whole image; random folds'. */
  what: string
  measure: typeof measures[number]
  /** NaN where it is not defined. */
  value: number
  /** Ends of the 95 % interval; NaN where there is none. */
  low: number
  high: number
  /** How many images it is of. */
  images: number
}

/** A count, which has no interval. */
export function countOf(question: Question, what: string, value: number, images: number): AuditNumber {
  return { question, what, measure: 'count', value, low: NaN, high: NaN, images }
}
