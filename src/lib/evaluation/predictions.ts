/** A classifier's probabilities beside the truth: what every evaluation starts from. Plain data. */
import type { Grouping } from '../data/dataset'
import { labelsOf } from '../data/part-labels'
import type { Part } from '../data/split/split'
import { LabError, oneOf } from '../system/errors'
import { counted, threeDecimals, withSummary } from '../system/summary'
import { accuracy, confusionCounts, mostProbable } from './metrics'

/** A classifier's probabilities for each image of a part, beside the truth. Plain data. */
export interface Predictions {
  /** [count, classes]; each row sums to 1. */
  probabilities: Float32Array
  /** True class number of each image. */
  labels: Int32Array
  classes: readonly string[]
  /** The class that the data set names as positive; absent where it names none. */
  positive?: string
  /** Name of each image. */
  names: readonly string[]
  /** Group of each image; null where the group is unknown. */
  groups: readonly (string | null)[]
  grouping: Grouping
}

/**
 * A classifier's probabilities for a part's images, beside the truth.
 * @param probabilities [count, classes], in the part's order
 */
export function predictionsOf(part: Part, probabilities: Float32Array): Predictions {
  const { dataset, indices } = part
  const items = indices.map(index => dataset.items[index])
  const predictions: Predictions = {
    probabilities, labels: labelsOf(part), classes: dataset.labels,
    names: items.map(item => item.name), groups: items.map(item => item.group), grouping: dataset.grouping,
    ...(dataset.positive === undefined ? {} : { positive: dataset.positive }),
  }
  requirePredictions(predictions)
  return summarizedPredictions(predictions)
}

/** How far from 1 a row's sum may lie: probabilities that somebody wrote with three decimals still pass. */
export const tolerance = 5e-3

/**
 * Refuses predictions that say nothing. Every figure of a network of NaN would be a number, an area under the curve of
 * 1 among them: comparisons with NaN are all false.
 * @throws LabError 'bad-argument' for a probability that is no number, or outside 0 to 1, for a row that does not sum
 *   to 1, or for a class number that is none; 'shape-mismatch' for another number of probabilities, names or groups
 *   than of images
 */
export function requirePredictions({ probabilities, labels, classes, names, groups }: Predictions): void {
  const count = labels.length, width = classes.length
  const lengths = {
    probabilities: [probabilities.length, count * width], names: [names.length, count], groups: [groups.length, count],
  }
  for (const [what, [received, expected]] of Object.entries(lengths))
    if (received !== expected)
      throw new LabError('shape-mismatch', {
        expected: `${expected} ${what} for ${count} images and ${width} classes`, received: String(received),
        remedy: 'Pass the truth and the predictions of the same images',
      })
  for (let row = 0; row < count; row++) {
    if (!Number.isInteger(labels[row]) || labels[row] < 0 || labels[row] >= width)
      throw new LabError('bad-argument', {
        expected: `class numbers from 0 to ${width - 1}`, received: `${labels[row]} for the image ${names[row]}`,
        remedy: 'Pass the class number of each image',
      })
    let sum = 0
    for (let k = 0; k < width; k++) {
      const probability = probabilities[row * width + k]
      // A comparison with NaN is false.
      if (!(probability >= 0 && probability <= 1 + tolerance))
        throw notProbable(`${probability} for the image ${names[row]} and the class ${classes[k]}`)
      sum += probability
    }
    if (Math.abs(sum - 1) > tolerance) throw notProbable(`a sum of ${sum} for the image ${names[row]}`)
  }
}

function notProbable(received: string): LabError {
  return new LabError('bad-argument', {
    expected: 'probabilities from 0 to 1 that sum to 1 over the classes of each image', received,
    remedy: 'Train again with a lower learning rate, or pass probabilities, not scores',
  })
}

/** The share of images whose most probable class is the true one, 0 to 1. */
export function accuracyOf(
  { probabilities, labels, classes }: Pick<Predictions, 'probabilities' | 'labels' | 'classes'>,
): number {
  return accuracy(confusionCounts(labels, mostProbable(probabilities, classes.length), classes.length))
}

/**
 * The class that a test looks for: the caller's, else the one that the predictions name.
 * @throws LabError 'bad-argument' where neither names one, or it is none of the classes
 */
export function positiveOf({ positive: named, classes }: Predictions, positive = named): string {
  if (positive === undefined || !classes.includes(positive)) throw oneOf('positive', positive, classes)
  return positive
}

/** Truth and score of each image, for one class against all others. */
export interface OneAgainstRest {
  /** 1 where the image is of the class, else 0. */
  positives: Uint8Array
  /** The class's probability, 0 to 1. */
  scores: Float32Array
}

/**
 * One class against all others.
 * @throws LabError 'bad-argument' if `positive` is not one of the classes, or for predictions that are no probabilities
 * @example const { positives, scores } = oneAgainstRest(evaluation.predictions, 'COVID')
 */
export function oneAgainstRest(predictions: Predictions, positive: string): OneAgainstRest {
  requirePredictions(predictions)
  const { classes } = predictions, index = classes.indexOf(positive)
  if (index < 0) throw oneOf('positive', positive, classes)
  return classAgainstRest(predictions, index)
}

/** As {@link oneAgainstRest}, for the class number k of predictions that were checked. */
export function classAgainstRest({ classes, labels, probabilities }: Predictions, k: number): OneAgainstRest {
  return {
    positives: Uint8Array.from(labels, label => (label === k ? 1 : 0)),
    scores: Float32Array.from(labels, (_label, image) => probabilities[image * classes.length + k]),
  }
}

/**
 * The same predictions as if every image came from another patient: intervals then ignore groups, and are too narrow
 * where images of one group resemble each other.
 * @example measurePredictions(ignoreGroups(predictions)).intervalKind
 */
export function ignoreGroups(predictions: Predictions): Predictions {
  return summarizedPredictions({ ...predictions, grouping: 'none', groups: predictions.groups.map(() => null) })
}

/** Predictions that print in a few words. */
export function summarizedPredictions(predictions: Predictions): Predictions {
  return withSummary(predictions, ({ labels, classes, positive }) => `Predictions for ${counted(labels.length, 'image')}\n`
    + `Classes: ${classes.join(', ')}${positive === undefined ? '' : `; positive: ${positive}`}\n`
    + `Accuracy ${threeDecimals(accuracyOf(predictions))}`, 'show(predictionTable(x))')
}
