/** Two classifiers on the same images: is one better, or was it luck? Everything is paired, image by image. */
import type { Grouping } from '../data/dataset'
import { LabError } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { kindOfInterval } from './estimator'
import { bootstrap, requireDraws, resamplingUnits, type BootstrapOptions, type Estimate } from './intervals'
import { mostProbable } from './metrics'
import { requirePredictions, type Predictions } from './predictions'

/** How two classifiers compare on the same images. */
export interface Comparison {
  /** Images that both got right. */
  both: number
  /** Images that only the first one got right. */
  onlyFirst: number
  /** Images that only the second one got right. */
  onlySecond: number
  /** Images that neither got right. */
  neither: number
  /**
   * Accuracy of the second minus accuracy of the first, −1 to 1; 95 % interval by group where groups are known. Both
   * ends are NaN where all resamples give the same difference: they tell nothing then.
   */
  difference: Estimate
  /** McNemar's exact p-value, 0 to 1. It counts every image as independent: with groups it is too small. */
  pValue: number
  /** What the interval drew together. */
  grouping: Grouping
  /** How the interval was computed, in a sentence without its full stop. */
  intervalKind: string
}

const noInterval = { low: NaN, high: NaN }

/**
 * Compares two classifiers on the same images, in whatever order each has them.
 * The interval of the difference is a bootstrap that draws the same groups for both (see `bootstrap`); the p-value is
 * McNemar's exact one.
 * @throws LabError 'bad-argument' where the images or their true classes differ, or for settings out of range
 * @example comparePredictions(predictions, predictions).pValue   // 1
 */
export function comparePredictions(
  first: Predictions, second: Predictions, options: Omit<BootstrapOptions, 'level'> = {},
): Comparison {
  requireKnownKeys('comparePredictions', options, { resamples: true, seed: true })
  const { resamples = 1000, seed = 0 } = options
  requireDraws(resamples, seed)
  const pairs = pairUp(first, second)
  const count = (a: number, b: number) => pairs.filter(pair => pair[0] === a && pair[1] === b).length
  const onlyFirst = count(1, 0), onlySecond = count(0, 1)
  const gain = (weights: ArrayLike<number>) => {
    let gained = 0, images = 0
    pairs.forEach(([before, after], i) => {
      gained += weights[i] * (after - before)
      images += weights[i]
    })
    return gained / images
  }
  const units = resamplingUnits(first.groups, first.labels)
  const [interval] = bootstrap(units, weights => [gain(weights)], { resamples, seed })
  return {
    both: count(1, 1), onlyFirst, onlySecond, neither: count(0, 0),
    difference: { value: gain(pairs.map(() => 1)), ...(interval.low < interval.high ? interval : noInterval) },
    pValue: mcnemar(onlyFirst, onlySecond), grouping: first.grouping, intervalKind: kindOfInterval(first, units),
  }
}

/**
 * McNemar's exact test, two-sided: were the images that one classifier alone got right shared out by a fair coin?
 * Twice the binomial tail at one half, at most 1, summed in whole numbers (McNemar 1947; exact form: Agresti,
 * Categorical Data Analysis, 11.1; `mcnemar(exact=True)` of statsmodels). Images of one patient are no separate tosses:
 * with groups, the p-value is too small.
 * @param onlyFirst images that only the first classifier got right; whole, 0 or more
 * @param onlySecond images that only the second one got right; whole, 0 or more
 * @returns 1 where the classifiers never differ
 * @throws LabError 'bad-argument' for counts that are not whole
 * @example mcnemar(1, 9)   // 0.021
 */
export function mcnemar(onlyFirst: number, onlySecond: number): number {
  for (const received of [onlyFirst, onlySecond])
    if (!Number.isSafeInteger(received) || received < 0)
      throw new LabError('bad-argument', {
        expected: 'counts of images: whole numbers, 0 or more', received: String(received), remedy: 'Count images',
      })
  const trials = onlyFirst + onlySecond, fewer = Math.min(onlyFirst, onlySecond)
  if (2 * fewer === trials) return 1
  let ways = 1n, tail = 1n
  for (let k = 1; k <= fewer; k++) {
    ways = ways * BigInt(trials - k + 1) / BigInt(k)
    tail += ways
  }
  return Math.min(1, quotient(2n * tail, 1n << BigInt(trials)))
}

/** The quotient of two whole numbers of any size, to the precision of a double. */
function quotient(numerator: bigint, denominator: bigint): number {
  const shift = BigInt(Math.max(0, denominator.toString(2).length - numerator.toString(2).length + 64))
  return Number((numerator << shift) / denominator) * 2 ** -Number(shift)
}

/** Whether both predictions are for the same images, each once, with the same true classes; their order may differ. */
export function areSameImages(first: Predictions, second: Predictions): boolean {
  const rows = rowsByName(second)
  return first.names.length === second.names.length && rows.size === second.names.length
    && new Set(first.names).size === rows.size && first.names.every((name, i) => {
      const row = rows.get(name)
      return row !== undefined && second.classes[second.labels[row]] === first.classes[first.labels[i]]
    })
}

/** For each image of the first predictions: 1 where the first, and where the second classifier is right, else 0. */
function pairUp(first: Predictions, second: Predictions): [number, number][] {
  const [before, after] = [first, second].map(correctByImage)
  if (!areSameImages(first, second))
    throw new LabError('bad-argument', {
      expected: 'two classifiers’ predictions for the same images, with the same true classes',
      received: `predictions for ${first.names.length} and ${second.names.length} images that are not the same`,
      remedy: 'Predict the same part of the same split with both',
    })
  const rows = rowsByName(second)
  return first.names.map((name, i) => [before[i], after[rows.get(name)!]])
}

function rowsByName({ names }: Predictions): Map<string, number> {
  return new Map(names.map((name, i) => [name, i]))
}

function correctByImage(predictions: Predictions): number[] {
  requirePredictions(predictions)
  const { probabilities, labels, classes } = predictions
  const predicted = mostProbable(probabilities, classes.length)
  return Array.from(labels, (label, i) => (predicted[i] === label ? 1 : 0))
}
