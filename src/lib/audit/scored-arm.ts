/** One arm of an audit: what a classifier reads, how images are shared out, and how good it is. */
import { sum } from 'd3-array'
import type { CoveredInput } from '../data/covered'
import { estimator, kindOfInterval } from '../evaluation/estimator'
import { bootstrap, resamplingUnits, wilson, type Estimate, type Interval, type Units } from '../evaluation/intervals'
import { mostProbable } from '../evaluation/metrics'
import { accuracyOf, type Predictions } from '../evaluation/predictions'
import { prepareMetric } from '../evaluation/scores/metric'
import { counted } from '../system/summary'
import type { ArmSplit } from './arm-splits'
import type { Question } from './finding'

/** What a classifier reads. */
export type ArmInput = 'whole image' | CoveredInput | 'no pixels'

/** What is asked, and how. */
export interface Arm {
  question: Question
  input: ArmInput
  /** 'shuffled by group': one label for each group, drawn at random, the same for all its images. */
  labels: 'true' | 'shuffled by group'
  /** Such as 'histogram, logistic regression'; 'the best on validation' is chosen in each fold before its test part. */
  classifier: string
  /** 'another set': trained on all images of one set, tested on all of another. */
  split: ArmSplit | 'another set'
}

/** One arm with its scores: of images that the classifier has not seen. */
export interface ScoredArm extends Arm {
  /** Images that were predicted. */
  images: number
  /** Patients or number blocks among them; 0 where none are known. */
  groups: number
  folds: number
  /** How many times labels were drawn; 1 for true labels. */
  draws: number
  /** The share of the most common class: what the majority class is right for. */
  chance: number
  accuracy: Estimate
  balancedAccuracy: Estimate
  /** The area under the ROC curve, of the positive class where the set names one, else the mean over classes. */
  auc: Estimate
  /** How intervals were computed, in a sentence without its full stop. */
  intervalKind: string
}

/** Whether an arm is one of those wanted. */
export function isWanted(arm: ScoredArm, wanted: Partial<ScoredArm>): boolean {
  return Object.entries(wanted).every(([name, value]) => arm[name as keyof ScoredArm] === value)
}

/** The measure that judges an arm, and what it is without any knowledge of the class. */
export interface Judged extends Estimate {
  measure: 'accuracy' | 'balancedAccuracy' | 'auc'
  chance: number
}

/**
 * Beyond this share of one class, accuracy says little: a classifier that always names this class is hard to beat even
 * for one that ranks images well. The area under the ROC curve judges then.
 */
const lopsided = 0.65

const measures = ['accuracy', 'balancedAccuracy', 'auc'] as const

/**
 * Which measure judges an arm, and chooses its classifier on validation parts.
 * @param chance the share of the most common class
 */
export function judgingMeasure(chance: number): 'accuracy' | 'auc' {
  return chance > lopsided ? 'auc' : 'accuracy'
}

/** How an arm is judged. */
export function judged(
  { chance, accuracy, auc }: Pick<ScoredArm, 'chance' | 'accuracy' | 'auc'>,
): Judged & { measure: 'accuracy' | 'auc' } {
  const measure = judgingMeasure(chance)
  return measure === 'auc' ? { measure, chance: 0.5, ...auc } : { measure, chance, ...accuracy }
}

/**
 * Two arms on different images, by one measure that does not depend on how common each class is: the area under the ROC
 * curve where it judges either arm, else the balanced accuracy.
 * @param classes how many there are
 */
export function comparable(one: ScoredArm, two: ScoredArm, classes: number): { first: Judged; second: Judged } {
  const measure = [one, two].some(arm => judged(arm).measure === 'auc') ? 'auc' : 'balancedAccuracy'
  const by = (arm: ScoredArm): Judged => ({ measure, chance: measure === 'auc' ? 0.5 : 1 / classes, ...arm[measure] })
  return { first: by(one), second: by(two) }
}

/** Whether the interval lies above chance. An arm without an interval never does: ask `isDecided` first. */
export function isAboveChance(arm: Pick<ScoredArm, 'chance' | 'accuracy' | 'auc'>): boolean {
  const { low, chance } = judged(arm)
  return low > chance
}

/** Whether a figure has an interval: one without tells nothing, neither of a fault nor of its absence. */
export function isDecided({ low, high }: Interval): boolean {
  return low <= high
}

/**
 * Scores out-of-fold predictions: one bootstrap for all measures. Where all resamples agree, such as on a perfect
 * classifier, the interval is Wilson's, each group one trial. For the area under the ROC curve only the groups of that
 * class count which has the fewest; a balanced accuracy of classes with a and b groups has 4 / (1/a + 1/b) trials, as
 * the variance of a mean of two proportions has it. It is rather too wide.
 */
export function scoreArm(arm: Arm, predictions: Predictions, folds: number): ScoredArm {
  const positive = predictions.positive ?? null
  const metrics = measures.map(name => prepareMetric(predictions, name, positive))
  const units = resamplingUnits(predictions.groups, predictions.labels)
  const values = metrics.map(metric => metric.value())
  const drawn = bootstrap(units, weights => metrics.map(metric => metric.value(weights)))
  const estimate = estimator(predictions, units, values, drawn)
  const [accuracy, balancedAccuracy, auc] = metrics.map(({ trials }, n) => {
    const found = estimate(n, trials)
    return isDecided(found) ? found : { ...found, ...wilsonOf(found.value, trialsOf(measures[n], predictions, units)) }
  })
  return {
    ...arm, images: predictions.labels.length, groups: groupsOf(predictions), folds, draws: 1,
    chance: majorityShare(predictions), accuracy, balancedAccuracy, auc,
    intervalKind: kindOfInterval(predictions, units),
  }
}

/**
 * Scores the predictions of several draws of made-up labels for the same images: means over draws. The interval of the
 * accuracy draws groups, and is Wilson's where all resamples agree; the other numbers have none (NaN).
 */
export function scoreDraws(arm: Arm, draws: readonly Predictions[], folds: number): ScoredArm {
  const [{ groups, grouping, labels }] = draws
  const called = draws.map(({ probabilities, classes }) => mostProbable(probabilities, classes.length))
  const shares = Float64Array.from(labels, (_, image) =>
    draws.filter((one, n) => called[n][image] === one.labels[image]).length / draws.length)
  const units = resamplingUnits(groups, new Uint8Array(labels.length))
  const weighted = (weights?: ArrayLike<number>) => {
    let right = 0, total = 0
    shares.forEach((share, image) => {
      const weight = weights ? weights[image] : 1
      right += weight * share
      total += weight
    })
    return right / total
  }
  const [drawn] = bootstrap(units, weights => [weighted(weights)])
  const ends = drawn.low < drawn.high ? drawn : wilsonOf(weighted(), units.groups.length)
  const mean = (metric: 'balancedAccuracy' | 'auc'): Estimate => ({
    value: meanOf(draws, one => prepareMetric(one, metric, one.positive ?? null).value()), low: NaN, high: NaN,
  })
  return {
    ...arm, images: labels.length, groups: groupsOf(draws[0]), folds, draws: draws.length,
    chance: meanOf(draws, majorityShare), accuracy: { value: meanOf(draws, accuracyOf), ...ends },
    balancedAccuracy: mean('balancedAccuracy'), auc: mean('auc'),
    intervalKind: `95 % interval of the mean over ${draws.length} draws of labels, by bootstrap over `
      + counted(units.groups.length, grouping),
  }
}

/** Wilson's interval of a value from 0 to 1; NaN for both ends where the value is no number, or without trials. */
export function wilsonOf(value: number, trials: number): Interval {
  const { low, high } = wilson(value * trials, trials)
  // Rounding must not leave a perfect value outside its interval.
  return { low: Math.min(low, value), high: Math.max(high, value) }
}

/** How many trials a measure's interval counts where all resamples agree. */
function trialsOf(measure: typeof measures[number], { labels, classes }: Predictions, { groups }: Units): number {
  const counts = classes.map((_, k) => groups.filter(group => group.some(image => labels[image] === k)).length)
    .filter(count => count > 0)
  switch (measure) {
    case 'accuracy': return groups.length
    case 'balancedAccuracy': return counts.length ** 2 / sum(counts, count => 1 / count)
    case 'auc': return Math.min(...counts)
  }
}

function majorityShare({ labels, classes }: Predictions): number {
  return commonestShare(labels, classes.length)
}

/** The share of the most common class; NaN without labels. */
export function commonestShare(labels: ArrayLike<number>, classes: number): number {
  const counts = new Float64Array(classes)
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++
  return Math.max(...counts) / labels.length
}

function groupsOf({ groups, grouping }: Predictions): number {
  return grouping === 'none' ? 0 : new Set(groups.filter(group => group !== null)).size
}

function meanOf<T>(list: readonly T[], value: (one: T) => number): number {
  return list.reduce((sum, one) => sum + value(one), 0) / list.length
}
