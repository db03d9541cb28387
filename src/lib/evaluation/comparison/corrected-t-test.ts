/** The t-test for repeated splits, corrected for training parts that overlap. */
import { LabError, requireInRange } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { studentPValue, studentQuantile } from '../distributions'
import { endsOf, type Estimate } from '../intervals'
import { mean } from '../metrics'

/** The corrected test of differences over repeated splits. */
export interface CorrectedTTest {
  /** The mean difference with its 95 % interval, whose ends are NaN where all differences are the same. */
  difference: Estimate
  t: number
  freedom: number
  /** Two-sided; 1 where all differences are 0. NaN where all are the same and not 0: their spread is not known. */
  pValue: number
}

/**
 * The corrected resampled t-test (Nadeau and Bengio 2003): are two ways of training different, over repeated random
 * splits or folds of one set? The usual t-test takes runs as independent; their training parts overlap, and it finds
 * differences that are not there. Here the variance of the mean is (1 / runs + test / train) times that of the
 * differences.
 * @param differences second minus first, one for each split; two or more
 * @param sizes.train images (or groups, where splits go by group) in a training part
 * @param sizes.test images (or groups) in a test part
 * @throws LabError 'bad-argument' for fewer than two differences, one that is no number, or sizes that are none
 * @example statistics.correctedTTest([0.02, 0.01, 0.03, 0, 0.02], { train: 80, test: 20 }).pValue
 */
export function correctedTTest(differences: readonly number[], sizes: { train: number; test: number }): CorrectedTTest {
  requireKnownKeys('correctedTTest', sizes ?? null, { train: true, test: true })
  requireInRange('train', sizes.train, { above: 0 })
  requireInRange('test', sizes.test, { above: 0 })
  if (differences.length < 2 || !differences.every(Number.isFinite))
    throw new LabError('bad-argument', {
      expected: 'two or more differences that are numbers', received: `[${differences.join(', ')}]`,
      remedy: 'Pass the difference of each split',
    })
  const runs = differences.length, freedom = runs - 1, value = mean(differences)
  const variance = differences.reduce((total, one) => total + (one - value) ** 2, 0) / freedom
  const error = Math.sqrt((1 / runs + sizes.test / sizes.train) * variance)
  const reach = studentQuantile(0.975, freedom) * error
  const alike = differences.every(one => one === differences[0])
  const t = alike ? NaN : value / error
  return {
    difference: { value, ...endsOf({ low: value - reach, high: value + reach }) }, t, freedom,
    pValue: alike ? (value === 0 ? 1 : NaN) : studentPValue(t, freedom),
  }
}
