/** Operating points: thresholds chosen on validation images and judged on test images, never on the same. */
import { LabError } from '../system/errors'
import { requireBoolean, requireKnownKeys } from '../system/options'
import { counted, threeDecimals, withSummary } from '../system/summary'
import { shortThreshold } from './call'
import { decide, leastScore, type Decision } from './decision'
import { estimator, kindOfInterval } from './estimator'
import { bootstrap, resamplingUnits, type Estimate } from './intervals'
import { accuracy, confusionCounts, countsOf, rocPoints } from './metrics'
import { checkOperatingRule, describeOperatingRule, thresholdOf, type OperatingRule } from './operating-rule'
import { overlapWarnings } from './overlap'
import { oneAgainstRest, positiveOf, type Predictions } from './predictions'
import { countScores } from './scores/averages'

/** A threshold, and the images that chose it. */
export interface OperatingPoint {
  /** The class that the test looks for. */
  positive: string
  /** Images with at least this probability of the positive class are called positive; infinite: nobody is. */
  threshold: number
  rule: OperatingRule
  /** What the threshold does on the images that chose it: too good to be reported. */
  chosenOn: Decision
  /** The images that chose it, and their groups: {@link judgeOperatingPoint} compares them. */
  names: readonly string[]
  groups: readonly (string | null)[]
}

/**
 * Chooses a threshold on validation images.
 * @param validation predictions for images that no reported figure comes from
 * @param options.positive the class that the test looks for. Default: the one that the predictions name
 * @param options.rule 'youden', a least sensitivity or specificity, or costs: see {@link OperatingRule}
 * @throws LabError 'bad-argument' without a positive class, without positives or negatives, or for a rule that is none
 * @example
 * const point = statistics.chooseOperatingPoint(await predict(trained.model, parts.validation),
 *   { positive: ct.labels[0], rule: { name: 'sensitivity', atLeast: 0.95 } })
 * statistics.judgeOperatingPoint(point, predictions).sensitivity
 */
export function chooseOperatingPoint(
  validation: Predictions, options: { positive?: string; rule: OperatingRule },
): OperatingPoint {
  requireKnownKeys('chooseOperatingPoint', options ?? null, { positive: true, rule: true })
  checkOperatingRule(options.rule)
  const positive = positiveOf(validation, options.positive)
  const { positives, scores } = oneAgainstRest(validation, positive)
  const found = positives.reduce((total, one) => total + one, 0)
  if (found === 0 || found === positives.length)
    throw new LabError('bad-argument', {
      expected: `images of ${positive} and of other classes to choose a threshold on`,
      received: `${counted(found, 'image')} of ${positive} among ${positives.length}`, remedy: 'Choose on a part that has both',
    })
  const threshold = thresholdOf(options.rule, rocPoints(positives, scores), found / positives.length)
  return withSummary({
    positive, threshold, rule: options.rule, chosenOn: decide(positives, scores, threshold),
    names: validation.names, groups: validation.groups,
  }, point => `${point.positive} from a probability of ${shortThreshold(point.threshold)} on, chosen on `
    + `${counted(point.names.length, 'image')} for ${describeOperatingRule(point.rule)}`, 'statistics.judgeOperatingPoint(x, …)')
}

/** What a threshold does on images that did not choose it. Shares that are not defined are NaN. */
export interface OperatingResult {
  positive: string
  threshold: number
  /** The rule, in words. */
  rule: string
  decision: Decision
  sensitivity: Estimate
  specificity: Estimate
  precision: Estimate
  negativePredictiveValue: Estimate
  accuracy: Estimate
  /** How the intervals were computed. They take the threshold as fixed. */
  intervalKind: string
  /** What makes these figures look better than they are; empty where nothing does. */
  warnings: readonly string[]
}

/** How to judge a threshold. */
export interface JudgeOptions {
  /**
   * Whether images that chose the threshold may be judged, with a warning: for published protocols that did so. Default
   * false: they are refused.
   */
  allowSameImages?: boolean
  /** Of the bootstrap. Default 0. */
  seed?: number
}

/**
 * Judges a threshold on images that did not choose it, with 95 % intervals (by group where groups are known).
 * @throws LabError 'bad-argument' where an image, by its name, was among those that chose the threshold, and where the
 *   positive class is none of the classes
 * @example
 * const validation = await predict(trained.model, parts.validation)
 * const point = statistics.chooseOperatingPoint(validation, { positive: ct.labels[0], rule: { name: 'youden' } })
 * statistics.judgeOperatingPoint(point, predictions).warnings
 */
export function judgeOperatingPoint(
  point: OperatingPoint, test: Predictions, options: JudgeOptions = {},
): OperatingResult {
  requireKnownKeys('judgeOperatingPoint', options, { allowSameImages: true, seed: true })
  requireBoolean('allowSameImages', options.allowSameImages)
  const { positive, threshold } = point
  const { positives, scores } = oneAgainstRest(test, positive)
  const warnings = overlapWarnings('threshold', point, test, options.allowSameImages ?? false)
  const least = leastScore(threshold, scores), called = Uint8Array.from(scores, score => Number(score >= least))
  const values = (weights?: ArrayLike<number>) => {
    const confusion = confusionCounts(positives, called, 2, weights), shares = countScores(countsOf(confusion, 1))
    const { sensitivity, specificity, precision, negativePredictiveValue } = shares
    return [sensitivity, specificity, precision, negativePredictiveValue, accuracy(confusion)]
  }
  const units = resamplingUnits(test.groups, test.labels)
  const estimate = estimator(test, units, values(), bootstrap(units, values, { seed: options.seed }))
  return withSummary({
    positive, threshold, rule: describeOperatingRule(point.rule), decision: decide(positives, scores, threshold),
    sensitivity: estimate(0, i => positives[i] === 1), specificity: estimate(1, i => positives[i] === 0),
    precision: estimate(2, i => called[i] === 1), negativePredictiveValue: estimate(3, i => called[i] === 0),
    accuracy: estimate(4, () => true), intervalKind: kindOfInterval(test, units), warnings,
  }, result => [
    `${result.positive} from a probability of ${shortThreshold(result.threshold)} on: sensitivity `
    + `${words(result.sensitivity)}, specificity ${words(result.specificity)}`, result.intervalKind, ...result.warnings,
  ].join('\n'), 'show([x.decision])')
}

function words({ value, low, high }: Estimate): string {
  return `${threeDecimals(value)} (${threeDecimals(low)} to ${threeDecimals(high)})`
}
