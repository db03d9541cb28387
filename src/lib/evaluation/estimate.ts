/** Any metric with an interval of one's choice. */
import { LabError, requireOneOf } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { bcaBootstrap } from './bca'
import { clopperPearson } from './clopper-pearson'
import { delongInterval } from './delong'
import { estimator, kindOfInterval, kindOfResult, type Trials } from './estimator'
import { bootstrap, requireDraws, resamplingUnits, wilson, type Estimate, type Interval } from './intervals'
import type { Predictions } from './predictions'
import { describedClass, prepareMetric, type MetricName } from './scores/metric'

/** 'wilson' and 'clopper-pearson' are for proportions of independent images, 'delong' for the area under the curve. */
export const intervalNames = ['bootstrap', 'bca', 'delong', 'wilson', 'clopper-pearson'] as const

/** How to estimate a metric. */
export interface EstimateOptions {
  /** The class that class metrics describe. Default: that of the predictions, else a mean over the classes. */
  positive?: string
  /**
   * Default: that of `measurePredictions`: a bootstrap by group where groups are known; without groups Wilson's for
   * proportions, else a bootstrap by image.
   */
  interval?: (typeof intervalNames)[number]
  /** Of the bootstraps. Default 1000; 10,000 for ends that hardly depend on the seed. */
  resamples?: number
  /** Of the bootstraps. Default 0. */
  seed?: number
}

/** A metric with its 95 % interval. Both are NaN where they are not defined. */
export interface MetricEstimate extends Estimate {
  metric: MetricName
  /** Null where the metric describes all classes. */
  positive: string | null
  images: number
  /** How the interval was computed and what it takes as independent, in a sentence without its full stop. */
  intervalKind: string
}

/**
 * A metric with a 95 % interval, which draws whole groups where groups are known.
 * @param metric a name of {@link MetricName}, such as 'auc', 'matthews' or 'sensitivity'
 * @throws LabError 'bad-argument' for a metric, class or interval that is none; for an interval that is not for this
 *   metric; and for Wilson's and Clopper-Pearson's where groups are known: `ignoreGroups` has to say so first
 * @example
 * statistics.estimate(predictions, 'matthews')
 * statistics.estimate(predictions, 'auc', { positive: ct.labels[0], interval: 'delong' }).low
 */
export function estimate(predictions: Predictions, metric: MetricName, options: EstimateOptions = {}): MetricEstimate {
  requireKnownKeys('estimate', options, { positive: true, interval: true, resamples: true, seed: true })
  const { interval, resamples = 1000, seed = 0 } = options
  if (interval !== undefined) requireOneOf('interval', interval, intervalNames)
  requireDraws(resamples, seed)
  const positive = options.positive ?? predictions.positive ?? null
  const { value, trials } = prepareMetric(predictions, metric, positive)
  const units = resamplingUnits(predictions.groups, predictions.labels)
  const drawn = () => bootstrap(units, weights => [value(weights)], { resamples, seed })
  const described = { metric, positive: describedClass(metric, positive), images: predictions.labels.length }
  const of = (ends: Interval, kind: string): MetricEstimate =>
    ({ value: value(), ...ends, ...described, intervalKind: kindOfResult(kind, predictions, units) })
  switch (interval) {
    case undefined: return {
      ...estimator(predictions, units, [value()], drawn())(0, trials), ...described,
      intervalKind: kindOfInterval(predictions, units),
    }
    case 'bootstrap': {
      const [ends] = drawn()
      return of(ends.low < ends.high ? ends : { low: NaN, high: NaN }, '95 % interval by bootstrap')
    }
    case 'bca': return of(bcaBootstrap(units, value, { resamples, seed }), '95 % interval by BCa bootstrap')
    case 'delong': {
      if (metric !== 'auc' || positive === null) throw notFor(interval, 'auc with a positive class', metric, positive)
      const { low, high } = delongInterval(predictions, positive)
      return of({ low, high }, 'DeLong’s 95 % interval')
    }
    default: return of(proportionInterval(predictions, interval, metric, positive, value(), trials),
      `${interval === 'wilson' ? 'Wilson’s' : 'Clopper and Pearson’s'} 95 % interval`)
  }
}

/** Of a proportion of independent images. */
function proportionInterval(
  { grouping, labels }: Predictions, interval: 'wilson' | 'clopper-pearson', metric: string, positive: string | null,
  value: number, trials?: Trials,
): Interval {
  if (!trials) throw notFor(interval, 'a proportion: accuracy, or a class metric with a positive class', metric, positive)
  if (grouping !== 'none')
    throw new LabError('bad-argument', {
      expected: `independent images for the interval ${interval}`, received: `images grouped by ${grouping}`,
      remedy: 'Leave the interval out, and it goes by group; ignoreGroups(predictions) takes images as independent',
    })
  let count = 0
  for (let image = 0; image < labels.length; image++) if (trials(image)) count++
  if (count === 0) return { low: NaN, high: NaN }
  const successes = Math.round(value * count)
  return interval === 'wilson' ? wilson(successes, count) : clopperPearson(successes, count)
}

function notFor(interval: string, what: string, metric: string, positive: string | null): LabError {
  return new LabError('bad-argument', {
    expected: `${what} for the interval ${interval}`,
    received: `${metric}${positive === null ? ' without a positive class' : ''}`, remedy: 'Choose the bootstrap',
  })
}
