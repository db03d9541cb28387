/** Two classifiers' predictions brought into one order of images and classes. */
import { LabError } from '../../system/errors'
import { requirePredictions, type Predictions } from '../predictions'
import { areSameImages } from '../significance'

/**
 * The second predictions in the first's order of images and classes, with the first's groups.
 * @throws LabError 'bad-argument' where images, true classes or classes differ, or for predictions that are no
 *   probabilities
 */
export function alignTo(first: Predictions, second: Predictions): Predictions {
  requirePredictions(first)
  requirePredictions(second)
  const columns = first.classes.map(label => second.classes.indexOf(label))
  if (!areSameImages(first, second) || columns.includes(-1) || second.classes.length !== columns.length)
    throw new LabError('bad-argument', {
      expected: 'two classifiers’ predictions for the same images, with the same true classes',
      received: `predictions for ${first.names.length} and ${second.names.length} images that are not the same`,
      remedy: 'Predict the same part of the same split with both',
    })
  const rows = new Map(second.names.map((name, i) => [name, i]))
  const probabilities = first.names.flatMap(name =>
    columns.map(column => second.probabilities[rows.get(name)! * columns.length + column]))
  return { ...first, probabilities: Float32Array.from(probabilities) }
}
