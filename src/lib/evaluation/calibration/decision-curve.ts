/** Decision curves: is acting on the predictions worth more than acting on everybody, or on nobody? */
import { LabError, requireInRange } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { leastScore } from '../decision'
import { bootstrap, endsOf, requireDraws, resamplingUnits } from '../intervals'
import { oneAgainstRest, type Predictions } from '../predictions'
import { requireProbabilities } from './reliability'

/** Net benefits at one threshold probability, in positives found for each person, after false alarms are taken off. */
export interface DecisionCurvePoint {
  /** Act from this probability on: whoever finds it worth 9 false alarms to find one positive chooses .1. */
  threshold: number
  /** Of acting on the predictions, with its 95 % interval by group where groups are known. */
  netBenefit: number
  low: number
  high: number
  /** Of acting on everybody; below 0 where the threshold lies above the share of positives. Acting on nobody has 0. */
  everybody: number
}

/** How to trace a decision curve. */
export interface DecisionCurveOptions {
  /** Above 0, below 1. Default .01, .02, …, .99. */
  thresholds?: readonly number[]
  /** Of the bootstrap. Default 1000. */
  resamples?: number
  /** Default 0. */
  seed?: number
}

/**
 * The decision curve of a two-way test (Vickers and Elkin 2006): net benefit = found / n − alarmed / n · t / (1 − t).
 * It asks for calibrated probabilities, and for images in which positives are as frequent as where the test is used.
 * @param positive the class that the test looks for
 * @throws LabError 'bad-argument' for a class that is none, a threshold out of range, or settings out of range
 * @example statistics.traceDecisionCurve(predictions, ct.labels[0], { thresholds: [0.1, 0.2, 0.5] })[0].netBenefit
 */
export function traceDecisionCurve(
  predictions: Predictions, positive: string, options: DecisionCurveOptions = {},
): DecisionCurvePoint[] {
  requireKnownKeys('traceDecisionCurve', options, { thresholds: true, resamples: true, seed: true })
  const { thresholds = Array.from({ length: 99 }, (_, i) => (i + 1) / 100), resamples = 1000, seed = 0 } = options
  thresholds.forEach(threshold => requireInRange('a threshold', threshold, { above: 0, below: 1 }))
  requireDraws(resamples, seed)
  if (thresholds.length === 0)
    throw new LabError('bad-argument', {
      expected: 'one threshold or more', received: 'none', remedy: 'Leave them out, or name one',
    })
  const { positives, scores } = oneAgainstRest(predictions, positive)
  requireProbabilities(scores)
  const units = resamplingUnits(predictions.groups, predictions.labels)
  const benefits = (weights?: Float64Array) => thresholds.map(threshold => {
    const least = leastScore(threshold, scores)
    let found = 0, alarmed = 0, all = 0
    for (let i = 0; i < scores.length; i++) {
      const weight = weights ? weights[i] : 1
      all += weight
      if (scores[i] < least) continue
      if (positives[i]) found += weight
      else alarmed += weight
    }
    return (found - alarmed * threshold / (1 - threshold)) / all
  })
  const share = positives.reduce((total, one) => total + one, 0) / positives.length
  const values = benefits(), intervals = bootstrap(units, benefits, { resamples, seed })
  return thresholds.map((threshold, t) => ({
    threshold, netBenefit: values[t], ...endsOf(intervals[t]),
    everybody: share - (1 - share) * threshold / (1 - threshold),
  }))
}
