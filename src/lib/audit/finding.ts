/** One answer of an audit, in words no stronger than the figures beside them. */

/** Every question of an audit, in order of weight: a fault in an earlier one says more about an accuracy. */
export const questions = [
  'shuffled labels', 'random against grouped', 'patients', 'duplicates', 'border', 'lungs', 'file facts', 'trivial classifiers',
  'another set', 'labels', 'images',
] as const

/** What a finding is about. */
export type Question = typeof questions[number]

/** One answer. */
export interface Finding {
  question: Question
  /** 'fault': seen. 'clear': looked for and not seen. 'unknown': cannot be looked for on this set. */
  verdict: 'fault' | 'clear' | 'unknown'
  /** A sentence with the figures behind the verdict, such as '72 of 497 test images have …'. */
  sentence: string
  /** What a fault means, without its full stop, where it is something else than the question's other faults mean. */
  meaning?: string
}

const verdicts = ['fault', 'unknown', 'clear'] as const

/** Faults first, then what is unknown, then what is clear; within each in the order of {@link questions}. */
export function inOrderOfWeight(findings: readonly Finding[]): Finding[] {
  const weight = ({ verdict, question }: Finding) =>
    verdicts.indexOf(verdict) * questions.length + questions.indexOf(question)
  return [...findings].sort((a, b) => weight(a) - weight(b))
}
