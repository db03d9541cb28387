/** Predictions from plain arrays: of another program, of a file, of readers instead of a network. */
import { LabError } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import type { Grouping } from '../data/dataset'
import { requirePredictions, summarizedPredictions, type Predictions } from './predictions'

/** Truth and probabilities as plain arrays. */
export interface PredictionArrays {
  /** Two or more, in the order of the probabilities. */
  classes: readonly string[]
  /** The true class of each image, by name. */
  truth: readonly string[]
  /** For each image one probability a class, which sum to 1. They are kept as 32-bit numbers. */
  probabilities: readonly (readonly number[])[]
  /** The class that a test looks for. Default: none. */
  positive?: string
  /** Default 'image 1', 'image 2', … Two classifiers are compared image by image, by name. */
  names?: readonly string[]
  /** The patient, or whatever else images share; null or '' where unknown. Default: unknown, and intervals say so. */
  groups?: readonly (string | null)[]
  /** What a group is; 'none': intervals ignore the groups. Default 'patient' where there are groups, else 'none'. */
  grouping?: Grouping
}

/**
 * Predictions from plain arrays, for every function that takes predictions.
 * @throws LabError 'bad-argument' for a class that is none, fewer than two classes, or rows that are no probabilities;
 *   'shape-mismatch' where the lengths differ
 * @example
 * measurePredictions(statistics.fromArrays({
 *   classes: ['ill', 'well'], truth: ['ill', 'well'], probabilities: [[0.8, 0.2], [0.3, 0.7]],
 * })).accuracy.value   // 1
 */
export function fromArrays(arrays: PredictionArrays): Predictions {
  requireKnownKeys('fromArrays', arrays ?? null, {
    classes: true, truth: true, probabilities: true, positive: true, names: true, groups: true, grouping: true,
  })
  const { classes, truth, probabilities, positive, groups } = arrays
  if (classes.length < 2 || new Set(classes).size < classes.length)
    throw new LabError('bad-argument', {
      expected: 'two or more classes with different names', received: classes.join(', ') || 'none', remedy: 'Name all classes',
    })
  const number = (label: string): number => {
    const index = classes.indexOf(label)
    if (index < 0)
      throw new LabError('bad-argument', {
        expected: `classes ${classes.join(', ')}`, received: String(label), remedy: 'Write truth and positive as the classes are written',
      })
    return index
  }
  const ragged = probabilities.findIndex(row => row.length !== classes.length)
  if (ragged >= 0)
    throw new LabError('shape-mismatch', {
      expected: `${classes.length} probabilities an image`, received: `${probabilities[ragged].length} in row ${ragged}`,
      remedy: 'Pass one probability a class',
    })
  if (positive !== undefined) number(positive)
  const grouping = arrays.grouping ?? (groups ? 'patient' : 'none')
  const names = arrays.names ?? truth.map((_, i) => `image ${i + 1}`)
  const predictions: Predictions = {
    classes, labels: Int32Array.from(truth, number), probabilities: Float32Array.from(probabilities.flat()), names,
    groups: (groups ?? truth.map(() => null)).map(group => (grouping === 'none' ? null : group || null)), grouping,
    ...(positive === undefined ? {} : { positive }),
  }
  requirePredictions(predictions)
  return summarizedPredictions(predictions)
}
