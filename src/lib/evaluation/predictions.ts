/** A classifier's probabilities beside the truth: what every evaluation starts from. Plain data. */
import type { Grouping } from '../data/dataset'
import { labelsOf } from '../data/part-labels'
import type { Part } from '../data/split/split'
import { oneOf } from '../system/errors'
import { accuracy, confusionCounts, mostProbable } from './metrics'

/** A classifier's probabilities for each image of a part, beside the truth. Plain data. */
export interface Predictions {
  /** [count, classes]; each row sums to 1. */
  probabilities: Float32Array
  /** True class number of each image. */
  labels: Int32Array
  classes: readonly string[]
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
  return {
    probabilities, labels: labelsOf(part), classes: dataset.labels,
    names: items.map(item => item.name), groups: items.map(item => item.group), grouping: dataset.grouping,
  }
}

/** The share of images whose most probable class is the true one, 0 to 1. */
export function accuracyOf(
  { probabilities, labels, classes }: Pick<Predictions, 'probabilities' | 'labels' | 'classes'>,
): number {
  return accuracy(confusionCounts(labels, mostProbable(probabilities, classes.length), classes.length))
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
 * @throws LabError 'bad-argument' if `positive` is not one of the classes
 * @example const { positives, scores } = oneAgainstRest(evaluation.predictions, 'COVID')
 */
export function oneAgainstRest({ classes, labels, probabilities }: Predictions, positive: string): OneAgainstRest {
  const index = classes.indexOf(positive)
  if (index < 0) throw oneOf('positive', positive, classes)
  return {
    positives: Uint8Array.from(labels, label => (label === index ? 1 : 0)),
    scores: Float32Array.from(labels, (_label, image) => probabilities[image * classes.length + index]),
  }
}

/**
 * The same predictions as if every image came from another patient: intervals then ignore groups, and are too narrow
 * where images of one group resemble each other.
 * @example measurePredictions(ignoreGroups(predictions)).intervalKind
 */
export function ignoreGroups(predictions: Predictions): Predictions {
  return { ...predictions, grouping: 'none', groups: predictions.groups.map(() => null) }
}
