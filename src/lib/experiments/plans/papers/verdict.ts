/** The verdict on a published accuracy. The rule was stated before any run. */
import type { Estimate } from '../../../evaluation/intervals'

/** 'approximation': another network or other start weights than the paper's. 'not run': nothing was measured. */
export const verdicts = ['reproduced', 'not reproduced', 'inconclusive', 'approximation', 'not run'] as const
export type Verdict = (typeof verdicts)[number]

/** The margin of equivalence: two points of accuracy to both sides. */
export const margin = 0.02

/**
 * Equivalence by the 90 % interval of the difference (measured minus published; two one-sided tests at 5 %, Schuirmann
 * 1987). Inside the margin: reproduced. Wholly outside: not reproduced. Else, or without an interval: inconclusive.
 * @param difference −1 to 1
 * @example judge({ value: 0.003, low: -0.01, high: 0.016 })   // 'reproduced'
 */
export function judge({ low, high }: Pick<Estimate, 'low' | 'high'>): Verdict {
  if (low >= -margin && high <= margin) return 'reproduced'
  return low > margin || high < -margin ? 'not reproduced' : 'inconclusive'
}
