/** Decisions at thresholds, straight from predictions. */
import { LabError } from '../system/errors'
import { atPrevalence, decide, type Decision } from './decision'
import { findMistakes } from './mistakes'
import { measurePredictions } from './evaluation'
import { oneAgainstRest, type Predictions } from './predictions'

/**
 * Calls every image positive whose probability of the positive class reaches a threshold, and counts.
 * @param positive the class that the test looks for
 * @param threshold 0 to 1
 * @returns the four counts, sensitivity, specificity, precision and accuracy; shares that are not defined are NaN
 * @throws LabError 'bad-argument' if `positive` is not one of the classes
 * @example decideAt(predictions, ct.labels[0], 0.5).sensitivity
 */
export function decideAt(predictions: Predictions, positive: string, threshold: number): Decision {
  const { positives, scores } = oneAgainstRest(predictions, positive)
  return decide(positives, scores, threshold)
}

/**
 * Sensitivity and specificity at thresholds 0, .01, …, 1.
 * @returns two curves for `figures.lineChart`; the second is dashed
 * @throws LabError 'bad-argument' if `positive` is not one of the classes
 * @example traceThresholds(predictions, ct.labels[0]).map(curve => curve.label)   // ['sensitivity', 'specificity']
 */
export function traceThresholds(predictions: Predictions, positive: string) {
  const decisions = Array.from({ length: 101 }, (_, i) => decideAt(predictions, positive, i / 100))
  return [
    { label: 'sensitivity', points: decisions.map(one => ({ x: one.threshold, y: one.sensitivity })) },
    { label: 'specificity', points: decisions.map(one => ({ x: one.threshold, y: one.specificity })), dashed: true },
  ]
}

/**
 * The highest threshold at which a share of the positives is found.
 * @param sensitivity the share to find, above 0, at most 1
 * @throws LabError 'bad-argument' if `positive` is not one of the classes, or there are no positives
 * @example chooseThreshold(predictions, ct.labels[0], 0.95)
 */
export function chooseThreshold(predictions: Predictions, positive: string, sensitivity: number): number {
  const point = measurePredictions(predictions, { positive }).roc.find(one => one.truePositiveRate >= sensitivity)
  if (point) return point.threshold
  throw new LabError('bad-argument', {
    expected: 'a share of the positives from 0 to 1, and predictions for one positive image or more',
    received: String(sensitivity), remedy: 'Choose a lower share, such as 0.95',
  })
}

/** All pairs of one positive and one negative image. */
export interface PairCount {
  positives: number
  negatives: number
  pairs: number
  /** Share of the pairs in which the positive image has the higher score; ties count half. */
  positiveAhead: number
}

/**
 * Counts in how many pairs of a positive and a negative image the positive one has the higher score.
 * @throws LabError 'bad-argument' if `positive` is not one of the classes
 * @example countPairs(predictions, ct.labels[0]).positiveAhead   // the area under the ROC curve
 */
export function countPairs(predictions: Predictions, positive: string): PairCount {
  const { positives, scores } = oneAgainstRest(predictions, positive)
  const scoresOf = (kind: number) => Array.from(scores).filter((_, i) => positives[i] === kind)
  const high = scoresOf(1), low = scoresOf(0)
  let ahead = 0
  for (const a of high) for (const b of low) ahead += a > b ? 1 : a === b ? 0.5 : 0
  const pairs = high.length * low.length
  return { positives: high.length, negatives: low.length, pairs, positiveAhead: ahead / pairs }
}

/**
 * The same predictions as if every image came from another patient: intervals then ignore groups, and are too narrow
 * where images of one group resemble each other.
 * @example measurePredictions(ignoreGroups(predictions)).intervalKind
 */
export function ignoreGroups(predictions: Predictions): Predictions {
  return { ...predictions, grouping: 'none', groups: predictions.groups.map(() => null) }
}

/** Mistakes in one group. */
export interface GroupMistakes {
  /** 'unknown' where the data set names no groups. */
  group: string
  images: number
  wrong: number
  /** Share wrong, 0 to 1. */
  share: number
}

/**
 * Counts the mistakes of each group, the group with the greatest share first.
 * @example countMistakesByGroup(predictions)[0].share
 */
export function countMistakesByGroup(predictions: Predictions): GroupMistakes[] {
  const wrong = findMistakes(predictions).map(({ index }) => predictions.groups[index])
  const rows = [...new Set(predictions.groups)].map(group => {
    const images = predictions.groups.filter(one => one === group).length
    const count = wrong.filter(one => one === group).length
    return { group: group ?? 'unknown', images, wrong: count, share: count / images }
  })
  return rows.sort((a, b) => b.share - a.share)
}

/** What a test does among so many people. */
export interface Screening {
  ill: number
  well: number
  /** Ill people who are called positive. */
  found: number
  /** Well people who are called positive. */
  alarmed: number
}

/**
 * How many people a test finds and how many it alarms for nothing, if sensitivity and specificity stay as they are.
 * Rounded to whole people.
 * @param people how many take the test
 * @param prevalence share of them who are ill, 0 to 1
 * @example countScreening({ sensitivity: 0.9, specificity: 0.9 }, 10_000, 0.01).alarmed   // 990
 */
export function countScreening(
  { sensitivity, specificity }: Pick<Decision, 'sensitivity' | 'specificity'>, people: number, prevalence: number,
): Screening {
  const ill = Math.round(people * prevalence), well = people - ill
  return { ill, well, found: Math.round(ill * sensitivity), alarmed: Math.round(well * (1 - specificity)) }
}

/**
 * Positive and negative predictive values at prevalences from 1 % to 100 %.
 * @returns two curves for `figures.lineChart`
 * @example tracePredictiveValues(decideAt(predictions, ct.labels[0], 0.5)).map(curve => curve.label)
 */
export function tracePredictiveValues(decision: Pick<Decision, 'sensitivity' | 'specificity'>) {
  const values = Array.from({ length: 100 }, (_, i) => atPrevalence(decision, (i + 1) / 100))
  return [
    { label: 'called positive, and ill', points: values.map(v => ({ x: v.prevalence, y: v.positivePredictiveValue })) },
    { label: 'called negative, and well', points: values.map(v => ({ x: v.prevalence, y: v.negativePredictiveValue })) },
  ]
}
