/**
 * Confident learning: which labels a classifier that has not seen them calls wrong, and how many (Northcutt, Jiang and
 * Chuang 2021). The values are those of cleanlab 2.9.
 *
 * A classifier also calls images otherwise that are hard. What is counted here is therefore suspicion, not error.
 */
import { sum } from 'd3-array'
import { mostProbable } from './metrics'
import { requirePredictions, type Predictions } from './predictions'

/** How far below its threshold a probability still counts as confident: cleanlab's. */
const slack = 1e-6

/** An image that is confidently of another class than its label. */
export interface Suspicion {
  /** Index within the predictions. */
  index: number
  /** The class that the classifier is confident of. */
  suggested: number
}

/** What confident learning finds. */
export interface ConfidentLearning {
  /** For each class the mean probability that its images have for it; NaN for a class without images. */
  thresholds: Float64Array
  /** Images by label (rows) and the class that the classifier is confident of (columns); most images are in none. */
  counts: number[][]
  /** The same as numbers of all images: each row sums to the images with the label. Fractions. */
  joint: number[][]
  /** The images off the diagonal of `counts`, in order. */
  suspicions: Suspicion[]
}

/**
 * Compares labels with the probabilities of a classifier that was fitted without them (out of fold).
 * @param weights how often each image counts. Default: once
 * @throws LabError as `requirePredictions` does
 * @example learnConfidently(predictions).joint[0][1]   // images of class 0 that are more likely of class 1
 */
export function learnConfidently(predictions: Predictions, weights?: ArrayLike<number>): ConfidentLearning {
  requirePredictions(predictions)
  return compareConfidently(predictions, weights)
}

/** The same without the check: a bootstrap calls it a thousand times. */
export function compareConfidently(
  { probabilities, labels, classes: { length: classes } }: Pick<Predictions, 'probabilities' | 'labels' | 'classes'>,
  weights?: ArrayLike<number>,
): ConfidentLearning {
  const weightOf = (i: number) => (weights ? weights[i] : 1)
  const images = new Float64Array(classes), thresholds = new Float64Array(classes)
  labels.forEach((label, i) => {
    images[label] += weightOf(i)
    thresholds[label] += weightOf(i) * probabilities[i * classes + label]
  })
  for (let k = 0; k < classes; k++) thresholds[k] = Math.max(thresholds[k] / images[k], 2 * slack)
  const likeliest = mostProbable(probabilities, classes)
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  const suspicions: Suspicion[] = []
  labels.forEach((label, i) => {
    let confident = 0, guess = 0
    for (let k = classes - 1; k >= 0; k--)
      if (probabilities[i * classes + k] >= thresholds[k] - slack) { confident++; guess = k }
    if (confident === 0 || weightOf(i) === 0) return
    if (confident > 1) guess = likeliest[i]
    counts[label][guess] += weightOf(i)
    if (guess !== label) suspicions.push({ index: i, suggested: guess })
  })
  return { thresholds, counts, joint: jointOf(counts, images), suspicions }
}

/** Each row stretched to its images; a class of which nothing is confident counts as right. */
function jointOf(counts: readonly number[][], images: Float64Array): number[][] {
  return counts.map((row, label) => {
    if (images[label] === 0) return row.map(() => 0)
    const filled = row.map((count, k) => (k === label ? Math.max(1, count) : count)), total = sum(filled)
    return filled.map(count => count / total * images[label])
  })
}

/** The number of labels that are not on the diagonal of the joint. */
export function countOffDiagonal(joint: readonly (readonly number[])[]): number {
  return sum(joint, (row, label) => sum(row) - row[label])
}

/** The probability of the label, and how far it is above that of the likeliest other class: −1 to 1. */
export function labelQuality(
  { probabilities, labels, classes: { length: classes } }: Pick<Predictions, 'probabilities' | 'labels' | 'classes'>,
  index: number,
): { confidence: number; margin: number } {
  const row = probabilities.subarray(index * classes, (index + 1) * classes), label = labels[index]
  let other = 0
  row.forEach((probability, k) => { if (k !== label) other = Math.max(other, probability) })
  return { confidence: row[label], margin: row[label] - other }
}
