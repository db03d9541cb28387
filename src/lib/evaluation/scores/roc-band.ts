/** The receiver operating characteristic with a 95 % band. */
import { requireInRange } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { bootstrap, endsOf, requireDraws, resamplingUnits } from '../intervals'
import { byFallingScore } from '../metrics'
import { oneAgainstRest, type Predictions } from '../predictions'

/** Sensitivity at one false positive rate. */
export interface RocBandPoint {
  falsePositiveRate: number
  /** Sensitivity; NaN where the images have no positives or no negatives. */
  truePositiveRate: number
  /** Ends of the 95 % interval of the sensitivity; NaN where all resamples agree, which tells nothing. */
  low: number
  high: number
}

/** How to trace the band. */
export interface RocBandOptions {
  /** How many false positive rates from 0 to 1, evenly spaced, 2 to 1001. Default 101. */
  points?: number
  /** Of the bootstrap. Default 1000. */
  resamples?: number
  /** Default 0. */
  seed?: number
}

/**
 * The ROC curve of one class against all others, with a 95 % band: at each false positive rate the sensitivity and its
 * interval, by group where groups are known (vertical averaging: Fawcett 2006). The band holds at each rate by itself;
 * the whole curve lies in it less often.
 * @param positive the class that the test looks for
 * @throws LabError 'bad-argument' for a class that is none, or settings out of range
 * @example statistics.traceRocBand(predictions, ct.labels[0], { points: 11 })[10].truePositiveRate   // 1
 */
export function traceRocBand(
  predictions: Predictions, positive: string, options: RocBandOptions = {},
): RocBandPoint[] {
  requireKnownKeys('traceRocBand', options, { points: true, resamples: true, seed: true })
  const { points = 101, resamples = 1000, seed = 0 } = options
  requireInRange('points', points, { low: 2, high: 1001, whole: true })
  requireDraws(resamples, seed)
  const { positives, scores } = oneAgainstRest(predictions, positive), order = byFallingScore(scores)
  const curve = (weights?: ArrayLike<number>) => sensitivities(positives, scores, order, points, weights)
  const values = curve(), units = resamplingUnits(predictions.groups, predictions.labels)
  const intervals = bootstrap(units, curve, { resamples, seed })
  return values.map((truePositiveRate, i) => {
    return { falsePositiveRate: i / (points - 1), truePositiveRate, ...endsOf(intervals[i]) }
  })
}

/**
 * Sensitivities at evenly spaced false positive rates. Points of the curve are joined by lines; where several lie at
 * one rate, the highest counts.
 */
function sensitivities(
  positives: ArrayLike<number>, scores: ArrayLike<number>, order: Uint32Array, points: number,
  weights?: ArrayLike<number>,
): number[] {
  let all = 0, negatives = 0
  for (let i = 0; i < scores.length; i++) {
    const weight = weights ? weights[i] : 1
    all += weight
    if (!positives[i]) negatives += weight
  }
  const rates = new Array<number>(points).fill(NaN)
  if (negatives === 0 || negatives === all) return rates
  // In counts, which are exact: a rate of i / (points − 1) lies at that share of the negatives.
  let found = 0, alarmed = 0, foundBefore = 0, alarmedBefore = 0, next = 0
  for (let k = 0; k < order.length; k++) {
    const i = order[k], weight = weights ? weights[i] : 1
    if (positives[i]) found += weight
    else alarmed += weight
    if (k + 1 < order.length && scores[order[k + 1]] === scores[i]) continue
    while (next < points && next * negatives < alarmed * (points - 1)) {
      const along = (next * negatives / (points - 1) - alarmedBefore) / (alarmed - alarmedBefore)
      rates[next++] = (foundBefore + along * (found - foundBefore)) / (all - negatives)
    }
    foundBefore = found
    alarmedBefore = alarmed
  }
  while (next < points) rates[next++] = 1
  return rates
}
