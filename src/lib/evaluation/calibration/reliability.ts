/** Whether probabilities are calibrated: of the images with a score near 80 %, are 80 % positive? */
import { bisectRight, sum } from 'd3-array'
import { LabError, requireInRange } from '../../system/errors'
import { leastScore } from '../decision'
import { wilson } from '../intervals'
import { sameLength } from '../metrics'
import { tolerance } from '../predictions'

/** The images whose scores lie in one range. */
export interface ReliabilityRow {
  /** Lower end of the range, which belongs to it. */
  from: number
  /** Upper end of the range, which belongs to the next range; 1 belongs to the last range. */
  to: number
  images: number
  /** NaN without images. */
  meanScore: number
  /** The share of images that are positive; NaN without images. */
  observedShare: number
  /** Ends of Wilson's 95 % interval of that share, computed as if each image came from another patient. */
  low: number
  high: number
}

/**
 * A reliability table: scores in ranges of equal width, the mean score of each range beside the share of positives.
 * @param positives 1 where the image is positive, else 0
 * @param scores probabilities, 0 to 1
 * @param ranges how many ranges, 1 to 1000. Default 5
 * @throws LabError 'bad-argument' for a score that is no probability; 'shape-mismatch' where the lengths differ
 * @example measureReliability(positives, scores)   // calibrated where meanScore and observedShare agree
 */
export function measureReliability(
  positives: ArrayLike<number>, scores: ArrayLike<number>, ranges = 5,
): ReliabilityRow[] {
  sameLength('scores', scores.length, positives.length)
  requireInRange('ranges', ranges, { low: 1, high: 1000, whole: true })
  requireProbabilities(scores)
  const images = Array.from({ length: scores.length }, (_, i) => i), rangeOf = rangesOfScores(scores, ranges)
  return Array.from({ length: ranges }, (_, range) => {
    const inside = images.filter(i => rangeOf[i] === range)
    const count = inside.length, positive = sum(inside, i => positives[i])
    return {
      from: range / ranges, to: (range + 1) / ranges, images: count,
      meanScore: sum(inside, i => scores[i]) / count, observedShare: positive / count, ...wilson(positive, count),
    }
  })
}

/**
 * The range of each score: the last whose lower end it reaches. The ends of the ranges of 32-bit scores are 32-bit
 * numbers, too: .7 in 32 bits lies below .7 in 64, and belongs to the range that begins at .7.
 */
export function rangesOfScores(scores: ArrayLike<number>, ranges: number): Int32Array {
  const ends = Array.from({ length: ranges }, (_, range) => leastScore(range / ranges, scores))
  return Int32Array.from(scores, score => bisectRight(ends, score) - 1)
}

/** A comparison with NaN is false. Scores a little above 1 come from rounding: they count as 1. */
export function requireProbabilities(scores: ArrayLike<number>): void {
  for (let i = 0; i < scores.length; i++)
    if (!(scores[i] >= 0 && scores[i] <= 1 + tolerance))
      throw new LabError('bad-argument', {
        expected: 'scores that are probabilities, 0 to 1', received: `${scores[i]} for image ${i}`,
        remedy: 'Pass the probabilities of a network whose numbers are finite',
      })
}
