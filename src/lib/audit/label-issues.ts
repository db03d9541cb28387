/** Labels that are probably wrong: those that a classifier contradicts which was fitted without them. */
import { groups as groupBy, mean, range, sum } from 'd3-array'
import { estimator, kindOfInterval } from '../evaluation/estimator'
import { compareConfidently, countOffDiagonal, labelQuality } from '../evaluation/confident-learning'
import { bootstrap, resamplingUnits, type Estimate } from '../evaluation/intervals'
import { confusionCounts, mostProbable } from '../evaluation/metrics'
import { requirePredictions, type Predictions } from '../evaluation/predictions'
import { LabError, requireInRange } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { sameTexts } from '../system/same-texts'
import { oddInGroups, type OddLabel } from './odd-labels'

/** One label that the classifier contradicts. */
export interface LabelIssue {
  /** Index within the predictions. */
  index: number
  name: string
  group: string | null
  label: string
  /** The class that the classifier is confident of. */
  suggested: string
  /** The label's probability, 0 to 1. */
  confidence: number
  /** How far the label's probability is above that of the likeliest other class: −1 to 0. */
  margin: number
}

/** A patient, all of whose images have one label and are called otherwise. */
export interface GroupIssue {
  group: string
  images: number
  label: string
  /** The mean probability of the label, 0 to 1. */
  confidence: number
}

/** What confident learning says about a set's labels. */
export interface LabelIssues {
  images: number
  classes: readonly string[]
  /** Which of the predictions passed were compared with the labels: 0 is the first. */
  classifier: number
  /** The mean of the classes' sensitivities; guessing gives `chance`. */
  balancedAccuracy: Estimate
  chance: number
  /** Images whose likeliest class is not their label. */
  otherwise: number
  /** How many labels are contradicted, by the joint of labels and classes. Hard images are among them. */
  contradicted: Estimate
  /**
   * The quarter of the images of which the classifier is surest, and the share of them whose label it contradicts;
   * exact: whether its interval is Wilson's, which needs no resamples.
   */
  surest: { images: number; otherwise: number; share: Estimate; exact: boolean }
  /** Images by label (rows) and the likelier class (columns); rows sum to the images of the label. */
  joint: readonly (readonly number[])[]
  /** The most contradicted first. */
  issues: readonly LabelIssue[]
  /** The most contradicted first; patients, or number blocks. */
  groups: readonly GroupIssue[]
  /** Images with another label than most images of the same patient; null where patients are not known. */
  odd: readonly OddLabel[] | null
  /** Of the bootstrap: the fewer, the less the ends of the intervals are settled. */
  resamples: number
  /** What the intervals take as independent, in a sentence without its full stop. */
  intervalKind: string
}

/** How to look for wrong labels. */
export interface LabelIssueOptions {
  /** Of the bootstrap. 100 or more, default 10,000: verdicts hang on the ends of its intervals. */
  resamples?: number
  /** Of the bootstrap. Default 0. */
  seed?: number
}

/** The share of the images that count as those of which a classifier is surest. */
const surestShare = 0.25

/**
 * Confident learning (Northcutt, Jiang and Chuang 2021) on out-of-fold predictions: no image may have been used to fit
 * the classifier that predicts it. Of several classifiers the one is used that contradicts the fewest labels among the
 * images of which it is surest: every good classifier contradicts a wrong label.
 *
 * No classifier tells a wrong label from a hard image. But hard images are those of which a classifier is not sure:
 * contradictions among the surest images are what speaks for wrong labels.
 * @param predictions out of fold; one classifier's or several, of the same images
 * @throws LabError 'bad-argument' for no predictions, for predictions that are no probabilities, or of other images
 * @example statistics.findLabelIssues(predictions).issues.map(({ name }) => name)   // the most contradicted first
 */
export function findLabelIssues(
  predictions: Predictions | readonly Predictions[], options: LabelIssueOptions = {},
): LabelIssues {
  requireKnownKeys('findLabelIssues', options, { resamples: true, seed: true })
  const { resamples = 10_000, seed = 0 } = options
  requireInRange('resamples', resamples, { low: 100, high: 1_000_000, whole: true })
  requireInRange('seed', seed, { low: 0, high: 2 ** 32 - 1, whole: true })
  const all = 'labels' in predictions ? [predictions] : predictions
  requireSameImages(all)
  const compared = all.map(one => ({ one, classifier: all.indexOf(one), ...compareLabels(one) }))
  const { one, classifier, surest, figures } = compared.reduce((a, b) => (isBetter(a.figures(), b.figures()) ? a : b))
  const units = resamplingUnits(one.groups, one.labels), values = figures()
  const drawn = bootstrap(units, figures, { resamples, seed }), estimateOf = estimator(one, units, values, drawn)
  // Where all resamples agree, such as on a perfect classifier, the interval is that of a proportion of all images.
  const ofAll = (n: number) => (drawn[n].low < drawn[n].high ? estimateOf(n) : estimateOf(n, () => true))
  const contradicted = ofAll(1), images = one.labels.length
  const { joint, suspicions } = compareConfidently(one)
  return {
    images, classes: one.classes, classifier, joint,
    balancedAccuracy: ofAll(0), chance: 1 / presentClasses(one).length,
    otherwise: sum(mostProbable(one.probabilities, one.classes.length), (k, i) => (k === one.labels[i] ? 0 : 1)),
    contradicted: {
      value: contradicted.value * images, low: contradicted.low * images, high: contradicted.high * images,
    },
    surest: {
      images: surest.size, otherwise: Math.round(values[2] * surest.size),
      share: estimateOf(2, image => surest.has(image)),
      exact: one.grouping === 'none' || !(drawn[2].low < drawn[2].high),
    },
    issues: issuesOf(one, suspicions), groups: groupIssuesOf(one), odd: oddInGroups(one),
    resamples, intervalKind: kindOfInterval(one, units),
  }
}

function requireSameImages(all: readonly Predictions[]): void {
  all.forEach(requirePredictions)
  const same = (one: Predictions) => sameTexts(one.names, all[0].names)
  if (all.length > 0 && all[0].labels.length > 0 && all.every(same)) return
  throw new LabError('bad-argument', {
    expected: 'out-of-fold predictions of the same images, one or more',
    received: all.length === 0 ? 'no predictions'
      : all[0].labels.length === 0 ? 'predictions of no images' : 'predictions of other images',
    remedy: 'Predict every image by a classifier that was fitted without it',
  })
}

/** Whether a classifier is the better judge: it contradicts fewer labels of its surest images, or is more accurate. */
function isBetter(a: readonly number[], b: readonly number[]): boolean {
  return a[2] === b[2] ? a[0] >= b[0] : a[2] < b[2]
}

/** The figures that are estimated: balanced accuracy, the share contradicted, and its share among the surest images. */
function compareLabels(predictions: Predictions): { surest: Set<number>; figures(weights?: Float64Array): number[] } {
  const { probabilities, labels, classes: { length: classes } } = predictions
  const called = mostProbable(probabilities, classes), present = presentClasses(predictions)
  const surest = new Set(findSurest(probabilities, classes))
  const list = [...surest]
  return {
    surest,
    figures: weights => {
      const weightOf = (i: number) => (weights ? weights[i] : 1)
      const confusion = confusionCounts(labels, called, classes, weights)
      const { joint } = compareConfidently(predictions, weights)
      return [
        mean(present, k => confusion[k][k] / sum(confusion[k])) ?? NaN,
        countOffDiagonal(joint) / sum(range(labels.length), weightOf),
        sum(list, i => (called[i] === labels[i] ? 0 : weightOf(i))) / sum(list, weightOf),
      ]
    },
  }
}

function presentClasses({ labels, classes }: Predictions): number[] {
  const present = new Set(labels)
  return range(classes.length).filter(k => present.has(k))
}

/** The images whose greatest probability is in the upper quarter; equal ones at its lower end belong to it. */
function findSurest(probabilities: Float32Array, classes: number): number[] {
  const greatest = range(probabilities.length / classes)
    .map(i => Math.max(...probabilities.subarray(i * classes, (i + 1) * classes)))
  const sorted = [...greatest].sort((a, b) => b - a), end = sorted[Math.ceil(surestShare * sorted.length) - 1]
  return range(greatest.length).filter(i => greatest[i] >= end)
}

function issuesOf(predictions: Predictions, suspicions: readonly { index: number; suggested: number }[]): LabelIssue[] {
  const { names, groups, labels, classes } = predictions
  return suspicions.map(({ index, suggested }) => ({
    index, name: names[index], group: groups[index], label: classes[labels[index]], suggested: classes[suggested],
    ...labelQuality(predictions, index),
  // A label that is the likeliest class is confidently contradicted only by how thresholds differ: cleanlab's rule.
  })).filter(({ margin }) => margin < -1e-6).sort((a, b) => a.margin - b.margin)
}

function groupIssuesOf(predictions: Predictions): GroupIssue[] {
  const { groups, labels, classes, probabilities } = predictions
  const called = mostProbable(probabilities, classes.length)
  return groupBy(range(labels.length).filter(i => groups[i] !== null), i => groups[i]!)
    .filter(([, images]) => images.length > 1
      && images.every(i => labels[i] === labels[images[0]] && called[i] !== labels[i]))
    .map(([group, images]) => ({
      group, images: images.length, label: classes[labels[images[0]]],
      confidence: mean(images, i => labelQuality(predictions, i).confidence)!,
    })).sort((a, b) => a.confidence - b.confidence)
}
