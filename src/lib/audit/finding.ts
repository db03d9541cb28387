/** One answer of an audit, in words no stronger than the figures beside them. */

/** What a finding is about. */
export type Question =
  | 'duplicates' | 'patients' | 'file facts' | 'trivial classifiers' | 'lungs' | 'border' | 'shuffled labels'
  | 'random against grouped' | 'another set' | 'labels' | 'images'

/** One answer. */
export interface Finding {
  question: Question
  /** 'fault': seen. 'clear': looked for and not seen. 'unknown': cannot be looked for on this set. */
  verdict: 'fault' | 'clear' | 'unknown'
  /** A sentence with the figures behind the verdict, such as '72 of 497 test images have …'. */
  sentence: string
}
