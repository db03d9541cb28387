/** Any metric of two classifiers, paired by fold, image and group. */
import { bisectLeft, bisectRight } from 'd3-array'
import { LabError, requireInRange, requireOneOf } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { stream } from '../../system/random'
import { counted, threeDecimals, withSummary } from '../../system/summary'
import { bootstrap, endsOf, requireDraws, resamplingUnits, type Estimate, type Units } from '../intervals'
import { mean } from '../metrics'
import { requirePredictions, type Predictions } from '../predictions'
import { describedClass, metricNames, metricOf, rankMetrics, type MetricName } from '../scores/metric'
import { alignTo } from './same-images'

/** How to compare a metric. */
export interface MetricComparisonOptions {
  metric: MetricName
  /** The class that class metrics describe. Default: that of the predictions, else a mean over the classes. */
  positive?: string
  /** Of the bootstrap behind the interval. Default 1000. */
  resamples?: number
  /** Of the test: how many random exchanges of the two classifiers. Default 2000; the p-value is at least 1 / 2001. */
  permutations?: number
  /** Default 0. */
  seed?: number
}

/** A metric of two classifiers on the same images. */
export interface MetricComparison {
  metric: MetricName
  /** Null where the metric describes all classes. */
  positive: string | null
  /** Means over the folds. */
  first: number
  second: number
  /** The second minus the first: one number a fold, in the order of the folds. */
  folds: number[]
  /** Their mean, with its 95 % interval by group. For `brier` and `logLoss` below 0 is better. */
  difference: Estimate
  /** Of the permutation by group, two-sided, 0 to 1. */
  pValue: number
  /** What was drawn and exchanged together: patients, number blocks, or images where groups are not known. */
  units: number
  /** What interval and p-value take as independent, in a sentence without its full stop. */
  intervalKind: string
}

/**
 * Compares any metric of two classifiers on the same images, in whatever order each has them; with several folds, the
 * mean over folds of the difference in each fold.
 *
 * The interval is a bootstrap that draws the same groups for both classifiers, in all folds at once. The p-value is
 * from a permutation: were the two equally good, their answers to one group could be exchanged, in all folds at once.
 * It tells how often random exchanges give a difference at least as far from 0. Neither includes how much the seed of
 * training matters.
 * @param first predictions, or a list with those of each fold
 * @param second the other classifier's, for the same images in each fold
 * @throws LabError 'bad-argument' where folds, images or true classes differ, for a metric or class that is none, and
 *   for settings out of range
 * @example statistics.compareMetric(predictions, predictions, { metric: 'auc', positive: ct.labels[0] }).pValue   // 1
 */
export function compareMetric(
  first: Predictions | readonly Predictions[], second: Predictions | readonly Predictions[],
  options: MetricComparisonOptions,
): MetricComparison {
  requireKnownKeys('compareMetric', options ?? null, {
    metric: true, positive: true, resamples: true, permutations: true, seed: true,
  })
  const { metric, resamples = 1000, permutations = 2000, seed = 0 } = options
  requireOneOf('metric', metric, metricNames)
  requireDraws(resamples, seed)
  requireInRange('permutations', permutations, { low: 100, high: 1_000_000, whole: true })
  const ones = listOf(first), twos = listOf(second)
  if (ones.length !== twos.length || ones.length === 0)
    throw new LabError('bad-argument', {
      expected: 'predictions of both classifiers for the same folds, one or more',
      received: `${counted(ones.length, 'fold')} and ${ones.length === twos.length ? 'as many' : twos.length}`,
      remedy: 'Pass one list for each classifier, fold by fold',
    })
  const positive = options.positive ?? ones[0].positive ?? null
  const folds = ones.map((one, i) => foldOf(one, alignTo(one, twos[i]), metric, positive))
  const units = unitsOf(ones), images = ones.reduce((total, one) => total + one.names.length, 0)
  const all = new Float64Array(images).fill(1), nobody = new Float64Array(images)
  const values = eachFold(folds, all, nobody), differences = values.map(([one, two]) => two - one)
  const gain = (weights: Float64Array) => mean(eachFold(folds, weights, nobody).map(([one, two]) => two - one))
  const [interval] = bootstrap(units, weights => [gain(weights)], { resamples, seed })
  const value = mean(differences)
  return withSummary({
    metric, positive: describedClass(metric, positive), folds: differences,
    first: mean(values.map(([one]) => one)), second: mean(values.map(([, two]) => two)),
    difference: { value, ...endsOf(interval) },
    pValue: permutationTest(folds, units, value, { permutations, seed }),
    units: units.groups.length, intervalKind: kindOf(ones[0], units.groups.length),
  }, ({ difference, pValue, intervalKind }) => `${metric}, second minus first: ${threeDecimals(difference.value)} `
    + `(${threeDecimals(difference.low)} to ${threeDecimals(difference.high)}), p = ${threeDecimals(pValue)}\n${intervalKind}`,
  'show([x])')
}

function listOf(predictions: Predictions | readonly Predictions[]): readonly Predictions[] {
  return 'labels' in predictions ? [predictions] : predictions
}

/** A fold's metric: of images that answer for themselves, and of images whose two answers are exchanged. */
interface Fold {
  images: number
  /** @returns the metric of the first and of the second classifier */
  values(straight: Float64Array, exchanged: Float64Array): [number, number]
}

/**
 * Both classifiers' answers stand one after the other, so that weights tell whose answer counts. Where only the order
 * of scores counts, a score is replaced by its rank among the scores of its classifier (Venkatraman and Begg 1996):
 * otherwise exchanges would mix the scales of the two, and p would depend on them.
 */
function foldOf(first: Predictions, second: Predictions, metric: MetricName, positive: string | null): Fold {
  const twice = <T>(values: readonly T[]) => [...values, ...values]
  const answers = ({ probabilities, classes }: Predictions) =>
    (rankMetrics.includes(metric) ? ranksOf(probabilities, classes.length) : probabilities)
  requirePredictions(first)
  requirePredictions(second)
  const both = metricOf({
    ...first, names: twice(first.names), groups: twice(first.groups),
    labels: Int32Array.from(twice([...first.labels])),
    probabilities: Float32Array.from([...answers(first), ...answers(second)]),
  }, metric, positive)
  const images = first.names.length, weights = new Float64Array(2 * images)
  const value = (one: Float64Array, two: Float64Array) => {
    weights.set(one)
    weights.set(two, images)
    return both.value(weights)
  }
  return { images, values: (straight, exchanged) => [value(straight, exchanged), value(exchanged, straight)] }
}

/** The rank of each score in its column, from 0; equal scores have the mean of their ranks. [count, classes] */
function ranksOf(probabilities: Float32Array, classes: number): Float32Array {
  const ranks = new Float32Array(probabilities.length)
  for (let k = 0; k < classes; k++) {
    const sorted = probabilities.filter((_, at) => at % classes === k).sort()
    for (let at = k; at < ranks.length; at += classes)
      ranks[at] = (bisectLeft(sorted, probabilities[at]) + bisectRight(sorted, probabilities[at]) - 1) / 2
  }
  return ranks
}

function eachFold(folds: readonly Fold[], straight: Float64Array, exchanged: Float64Array): [number, number][] {
  let start = 0
  return folds.map(({ images, values }) => {
    const end = start + images
    const pair = values(straight.subarray(start, end), exchanged.subarray(start, end))
    start = end
    return pair
  })
}

/** An image without a group is one unit in all folds. */
function unitsOf(folds: readonly Predictions[]): Units {
  const keys = folds.flatMap(({ names, groups }) => groups.map((group, i) => JSON.stringify(group ?? [names[i]])))
  return resamplingUnits(keys, folds.flatMap(({ labels }) => [...labels]))
}

/** Each unit's two answers are exchanged, or not, by a coin. The observed pairing counts as one of the exchanges. */
function permutationTest(
  folds: readonly Fold[], units: Units, observed: number,
  { permutations, seed }: { permutations: number; seed: number },
): number {
  if (Number.isNaN(observed)) return NaN
  const images = folds.reduce((total, fold) => total + fold.images, 0)
  const straight = new Float64Array(images), exchanged = new Float64Array(images)
  let asFar = 1, counts = 1
  for (let permutation = 0; permutation < permutations; permutation++) {
    const numbers = stream('exchange', seed, permutation)
    for (const group of units.groups) {
      const swap = numbers.integer(2)
      for (const item of group) {
        straight[item] = 1 - swap
        exchanged[item] = swap
      }
    }
    const difference = mean(eachFold(folds, straight, exchanged).map(([one, two]) => two - one))
    if (Number.isNaN(difference)) continue
    counts++
    // Sums of equal terms in another order differ in the last bits.
    if (Math.abs(difference) >= Math.abs(observed) - 1e-12) asFar++
  }
  return asFar / counts
}

function kindOf({ grouping }: Predictions, units: number): string {
  return grouping === 'none'
    ? `95 % interval and p as if each of the ${units} images came from another patient: too sure if not`
    : `95 % interval by bootstrap and p by permutation over ${counted(units, grouping)}`
}
