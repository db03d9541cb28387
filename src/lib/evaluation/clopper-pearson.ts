/** The exact interval of a proportion. */
import { LabError } from '../system/errors'
import { betaQuantile } from './distributions'
import type { Interval } from './intervals'

/**
 * Clopper and Pearson's exact 95 % interval of a proportion (1934): it never covers less than 95 %, and often covers
 * more. Wilson's is nearer to 95 %. Both take every trial as independent: never count images of one patient as trials.
 * @param successes whole, 0 to `trials`
 * @param trials whole, 0 or more
 * @returns NaN for both ends where there are no trials
 * @throws LabError 'bad-argument' for counts that are none
 * @example statistics.clopperPearson(9, 10)   // { low: 0.555, high: 0.997 }
 */
export function clopperPearson(successes: number, trials: number): Interval {
  if (!Number.isSafeInteger(trials) || !Number.isSafeInteger(successes) || successes < 0 || successes > trials)
    throw new LabError('bad-argument', {
      expected: 'whole numbers: trials, and no more successes than trials', received: `${successes} of ${trials}`,
      remedy: 'Count successes and trials',
    })
  if (trials === 0) return { low: NaN, high: NaN }
  return {
    low: successes === 0 ? 0 : betaQuantile(0.025, successes, trials - successes + 1),
    high: successes === trials ? 1 : betaQuantile(0.975, successes + 1, trials - successes),
  }
}
