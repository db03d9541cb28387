/** By how much probabilities are wrong on average, and by how much they would seem so if they were right. */
import { requireInRange, oneOf } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { threeDecimals, withSummary } from '../../system/summary'
import { kindOfInterval } from '../estimator'
import {
  drawStatistics, endsOf, quantile, requireDraws, resamplingUnits, tailShare, type Estimate, type Interval,
} from '../intervals'
import { mean, mostProbable } from '../metrics'
import { oneAgainstRest, requirePredictions, type Predictions } from '../predictions'
import { rangesOfScores, requireProbabilities, type ReliabilityRow } from './reliability'

/**
 * The images whose scores lie in one range. Without a positive class, the share is of images that are called what they
 * are. The share's interval goes by group where groups are known; its ends are NaN where resamples tell nothing.
 */
export type CalibrationRow = ReliabilityRow

/** Whether a classifier's probabilities mean what they say. */
export interface Calibration {
  /** The class whose probability is judged; null: that of the called class, whichever it is. */
  positive: string | null
  /** The reliability diagram's points. */
  rows: CalibrationRow[]
  /** Expected calibration error, 0 to 1, with its 95 % interval. */
  error: Estimate
  /**
   * The error that calibrated probabilities would show on such images, on average: chance alone makes it larger than 0,
   * and the more so the fewer groups there are.
   */
  errorIfCalibrated: number
  images: number
  /** How the intervals were computed, in a sentence without its full stop. */
  intervalKind: string
}

/** How to measure calibration. */
export interface CalibrationOptions {
  /** Default: the class that the predictions name; where they name none, the probability of the called class counts. */
  positive?: string
  /** How many ranges of equal width, 2 to 100. Default 10. */
  ranges?: number
  /** Of the bootstrap. Default 1000. */
  resamples?: number
  /** Default 0. */
  seed?: number
}

/**
 * The reliability diagram's points and the expected calibration error (Naeini 2015; of the called class Guo 2017): the
 * mean distance between score and observed share over ranges of scores, weighted by images.
 *
 * The error is never below 0, so that chance makes it too large, and more so in every resample. The interval therefore
 * is the basic bootstrap's, by group where groups are known, which takes that off again; and it begins at 0 where
 * calibrated probabilities would show as large an error in more than 2.5 % of resamples, drawn around calibration.
 * @throws LabError 'bad-argument' for settings out of range, a class that is none, or predictions that are no
 *   probabilities
 * @example statistics.measureCalibration(predictions, { positive: ct.labels[0], ranges: 5 }).error.value
 */
export function measureCalibration(predictions: Predictions, options: CalibrationOptions = {}): Calibration {
  requireKnownKeys('measureCalibration', options, { positive: true, ranges: true, resamples: true, seed: true })
  const { ranges = 10, resamples = 1000, seed = 0 } = options
  requireInRange('ranges', ranges, { low: 2, high: 100, whole: true })
  requireDraws(resamples, seed)
  const positive = options.positive ?? predictions.positive ?? null
  const { scores, hits } = judged(predictions, positive)
  const rangeOf = rangesOfScores(scores, ranges)
  const units = resamplingUnits(predictions.groups, predictions.labels)
  const value = rangesOf(rangeOf, scores, hits, ranges)
  const drawn = drawStatistics(units, weights => {
    const { error, rows } = rangesOf(rangeOf, scores, hits, ranges, weights)
    return [errorAround(value.rows, rows), error, ...rows.map(row => row.observedShare)]
  }, { resamples, seed })
  const tail = tailShare(units.groups.length, new Set(units.strata).size)
  const [calibrated, errors, ...shares] = drawn.map(values => middleOf(values, tail))
  // The basic bootstrap: resamples lie as far above the value as the value lies above the truth.
  const low = value.error <= calibrated.high ? 0 : Math.max(0, 2 * value.error - errors.high)
  const basic = Number.isNaN(errors.low) ? errors : { low, high: Math.max(low, 2 * value.error - errors.low) }
  return withSummary({
    positive, images: scores.length, intervalKind: kindOfInterval(predictions, units),
    rows: value.rows.map((row, range) => ({ ...row, ...shares[range] })),
    error: { value: value.error, ...basic },
    errorIfCalibrated: mean(drawn[0]),
  }, ({ error, errorIfCalibrated, intervalKind }) => `Expected calibration error ${threeDecimals(error.value)} `
    + `(${threeDecimals(error.low)} to ${threeDecimals(error.high)}); calibrated probabilities would show `
    + `${threeDecimals(errorIfCalibrated)}\n${intervalKind}`, 'show(x.rows)')
}

/** The probability that is judged, and whether it came true. */
function judged(predictions: Predictions, positive: string | null): { scores: ArrayLike<number>; hits: Uint8Array } {
  if (positive !== null) {
    if (!predictions.classes.includes(positive)) throw oneOf('positive', positive, predictions.classes)
    const { positives, scores } = oneAgainstRest(predictions, positive)
    requireProbabilities(scores)
    return { scores, hits: positives }
  }
  requirePredictions(predictions)
  const { probabilities, labels, classes } = predictions, called = mostProbable(probabilities, classes.length)
  return {
    scores: Float32Array.from(called, (k, i) => probabilities[i * classes.length + k]),
    hits: Uint8Array.from(called, (k, i) => Number(labels[i] === k)),
  }
}

/** A range of scores without its interval. */
type Range = Omit<CalibrationRow, 'low' | 'high'>

/** The error of a resample of calibrated probabilities: each range's gap is measured from the gap of all images. */
function errorAround(all: readonly Range[], resample: readonly Range[]): number {
  let error = 0, images = 0
  resample.forEach((row, range) => {
    if (row.images === 0) return
    const gap = (row.meanScore - row.observedShare) - (all[range].meanScore - all[range].observedShare)
    error += row.images * Math.abs(gap)
    images += row.images
  })
  return error / images
}

function rangesOf(
  rangeOf: Int32Array, scores: ArrayLike<number>, hits: Uint8Array, ranges: number, weights?: Float64Array,
): { error: number; rows: Range[] } {
  const images = new Float64Array(ranges), scored = new Float64Array(ranges), hit = new Float64Array(ranges)
  let all = 0, error = 0
  for (let i = 0; i < rangeOf.length; i++) {
    const weight = weights ? weights[i] : 1, range = rangeOf[i]
    images[range] += weight
    scored[range] += weight * scores[i]
    hit[range] += weight * hits[i]
    all += weight
  }
  const rows = Array.from(images, (count, range) => {
    error += Math.abs(scored[range] - hit[range])
    return {
      from: range / ranges, to: (range + 1) / ranges, images: count, meanScore: scored[range] / count,
      observedShare: hit[range] / count,
    }
  })
  return { error: error / all, rows }
}

function middleOf(values: readonly number[], tail: number): Interval {
  const sorted = values.filter(value => !Number.isNaN(value)).sort((a, b) => a - b)
  return endsOf({ low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) })
}
