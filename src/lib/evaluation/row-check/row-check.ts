/** What the check of a row finds. */
import type { NearMiss, OneFigureOff } from './nearest-miss'
import type { ReadFigure } from './printed'
import type { Reading } from './readings'
import type { TestSet } from './test-sets'

/**
 * 'one matrix': exactly one fits as printed. 'several matrices': more than one. 'another reading': none as printed,
 * but under a reading that `readings` names. 'impossible as printed': none at all. Where the classes' sizes were
 * searched: 'one test set', 'several test sets', 'no test set', or 'too many test sets' where the search stopped
 * because the figures say too little. 'nothing to check': no figure follows from a confusion matrix.
 */
export type RowVerdict =
  | 'one matrix' | 'several matrices' | 'another reading' | 'impossible as printed'
  | 'one test set' | 'several test sets' | 'no test set' | 'too many test sets' | 'nothing to check'

/** What a row was found to be. A row that fits is possible; that does not make it true. */
export interface RowCheck {
  verdict: RowVerdict
  /** The figures that were checked. */
  figures: ReadFigure[]
  /** Figures that no confusion matrix gives: the AUC. */
  ignored: ReadFigure[]
  /** What the figures say against each other, whatever the test set. */
  contradictions: string[]
  /** Where both class counts are known: what was tried, as printed first. */
  readings: Reading[]
  /** Where class counts were searched: the test sets that fit; not all of them for 'too many test sets'. */
  testSets: TestSet[]
  /** Where nothing fits as printed. */
  nearest: NearMiss | null
  /** Where nothing fits as printed: figures without which exactly one matrix fits. */
  oneFigureOff: OneFigureOff[]
  /** All of this in sentences. */
  words: string[]
}
