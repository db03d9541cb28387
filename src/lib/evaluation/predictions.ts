/** A classifier's probabilities beside the truth: what every evaluation starts from. Plain data. */
import type { Grouping } from '../data/dataset'
import type { Part } from '../data/split/split'
import { LabError } from '../system/errors'

/** A classifier's probabilities for each image of a part, beside the truth. Plain data. */
export interface Predictions {
  /** [count, classes]; each row sums to 1. */
  probabilities: Float32Array
  /** True class number of each image. */
  labels: Int32Array
  classes: readonly string[]
  /** Name of each image. */
  names: readonly string[]
  /** Group of each image, null where none is known. */
  groups: readonly (string | null)[]
  grouping: Grouping
}

/** What some classifier says about a part's images. @param probabilities [count, classes], in the part's order */
export function predictionsOf({ dataset, indices }: Part, probabilities: Float32Array): Predictions {
  const items = indices.map(index => dataset.items[index])
  return {
    probabilities,
    labels: Int32Array.from(items, item => item.label), classes: dataset.labels,
    names: items.map(item => item.name), groups: items.map(item => item.group), grouping: dataset.grouping,
  }
}

/** Truth and score of each image, for one class against all others. */
export interface OneAgainstRest {
  /** 1 where the image is of the class, else 0. */
  positives: Uint8Array
  /** The class's probability. */
  scores: Float32Array
}

/** @throws LabError 'bad-argument' if `positive` is no class */
export function oneAgainstRest({ classes, labels, probabilities }: Predictions, positive: string): OneAgainstRest {
  const k = classes.indexOf(positive)
  if (k < 0)
    throw new LabError('bad-argument', {
      expected: `one of the classes ${classes.join(', ')}`, received: positive, remedy: 'Write it as the data set does',
    })
  return {
    positives: Uint8Array.from(labels, label => (label === k ? 1 : 0)),
    scores: Float32Array.from(labels, (_label, image) => probabilities[image * classes.length + k]),
  }
}
