/** From an image's probabilities to the class that it is called. */
import { LabError, oneOf, requireInRange } from '../system/errors'
import { leastScore } from './decision'

/** How probabilities become a call. */
export interface CallRule {
  /** The class that the test looks for; null where none was named. */
  positive: string | null
  /** The probability of the positive class from which an image is called positive; null: the likeliest class counts. */
  threshold: number | null
}

/**
 * @param classes of the model
 * @throws LabError 'bad-argument' for a positive class that is none, a threshold outside 0 to 1, or one without a
 *   positive class
 */
export function checkCallRule({ positive, threshold }: CallRule, classes: readonly string[]): void {
  if (positive !== null && !classes.includes(positive)) throw oneOf('positive', positive, classes)
  if (threshold === null) return
  requireInRange('threshold', threshold, { low: 0, high: 1 })
  if (positive === null)
    throw new LabError('bad-argument', {
      expected: 'the positive class together with a threshold', received: `threshold ${threshold} alone`,
      remedy: `Name the class that the test looks for, one of ${classes.join(', ')}`,
    })
}

/**
 * The class that an image is called: with a threshold the positive class from there on, and the likeliest of the other
 * classes below; without one the likeliest class.
 * @param probabilities one a class; the threshold is rounded to 32 bits where they have 32
 */
export function calledClass(
  probabilities: ArrayLike<number>, classes: readonly string[], { positive, threshold }: CallRule,
): string {
  const index = positive === null ? -1 : classes.indexOf(positive)
  if (threshold !== null && probabilities[index] >= leastScore(threshold, probabilities)) return classes[index]
  let best = -1
  for (let k = 0; k < classes.length; k++)
    if (!(threshold !== null && k === index) && (best < 0 || probabilities[k] > probabilities[best])) best = k
  return classes[best]
}

/** The rule in a sentence, for tables and figures. */
export function describeCallRule({ positive, threshold }: CallRule): string {
  if (threshold !== null) return `Called ${positive} from a probability of ${shortThreshold(threshold)} on`
  return positive === null ? 'Called the likeliest class; no class is named as positive'
    : `Called the likeliest class; positive: ${positive}`
}

/** A threshold in sentences: four digits that count, and never 0 or 1 where it is neither. Files hold all digits. */
export function shortThreshold(threshold: number): number {
  const short = Number(threshold.toPrecision(4))
  return short === 1 ? threshold : short
}
