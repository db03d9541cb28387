/** Multinomial logistic regression: a linear classifier, too simple to memorize single images. */
import { minimize, type Slope } from './lbfgs'
import type { Examples, Features } from '../data/feature-rows'
import { softmax } from '../model/softmax'

/** A fitted model of standardized features. */
export interface LogisticRegression {
  /** [classes, dimensions + 1]; the last number of a row is the intercept. */
  weights: Float64Array
  /** Mean and standard deviation of each feature over the training examples. */
  means: Float64Array
  deviations: Float64Array
  classes: number
}

/** Settings of the fit. */
export interface LogisticOptions {
  /** Factor of ½‖w‖², which is added to the summed cross-entropy in nats; intercepts are not penalized. Default 1. */
  penalty?: number
  /** The fit ends when no component of the gradient, divided by the number of examples, is larger. Default 1e-6. */
  tolerance?: number
  /** Where the search begins, such as the weights of a fit with another penalty, which saves steps. Default: zeros. */
  start?: Float64Array
}

/** Fits by limited-memory BFGS. The loss is convex, so that the fit has one solution. */
export function fitLogisticRegression(
  examples: Examples, classes: number, options: LogisticOptions = {},
): LogisticRegression {
  const { penalty = 1, tolerance = 1e-6, start = new Float64Array(classes * (examples.dimensions + 1)) } = options
  const { count, dimensions, labels } = examples
  const moments = momentsOf(examples)
  const rows = standardized(examples, moments), width = dimensions + 1
  const slopeAt = (weights: Float64Array) => lossAt(weights, { rows, labels, count, width, classes, penalty })
  const weights = minimize(slopeAt, start, { tolerance: tolerance * count, steps: 2000 })
  return { weights, ...moments, classes }
}

/** Probabilities of each class for each row, [count, classes]. */
export function logisticProbabilities(model: LogisticRegression, features: Features): Float32Array {
  const rows = standardized(features, model)
  return Float32Array.from(probabilitiesOf(model.weights, rows, features.count, features.dimensions + 1, model.classes))
}

function momentsOf({ count, dimensions, values }: Features): { means: Float64Array; deviations: Float64Array } {
  const means = new Float64Array(dimensions), deviations = new Float64Array(dimensions)
  for (let i = 0; i < values.length; i++) means[i % dimensions] += values[i] / count
  for (let i = 0; i < values.length; i++) deviations[i % dimensions] += (values[i] - means[i % dimensions]) ** 2 / count
  // A constant feature carries no information: divided by 1 instead of 0 it stays 0.
  return { means, deviations: deviations.map(variance => Math.sqrt(variance) || 1) }
}

/** Rows of standardized features with a 1 at the end, for the intercept. */
function standardized(
  { count, dimensions, values }: Features, { means, deviations }: Pick<LogisticRegression, 'means' | 'deviations'>,
): Float64Array {
  const rows = new Float64Array(count * (dimensions + 1)).fill(1)
  for (let row = 0; row < count; row++)
    for (let i = 0; i < dimensions; i++)
      rows[row * (dimensions + 1) + i] = (values[row * dimensions + i] - means[i]) / deviations[i]
  return rows
}

/** Class probabilities of each row, [count, classes]. */
function probabilitiesOf(
  weights: Float64Array, rows: Float64Array, count: number, width: number, classes: number,
): Float64Array {
  const scores = new Float64Array(count * classes)
  for (let row = 0; row < count; row++)
    for (let k = 0; k < classes; k++) {
      const from = row * width, weightsFrom = k * width
      let score = 0
      for (let i = 0; i < width; i++) score += weights[weightsFrom + i] * rows[from + i]
      scores[row * classes + k] = score
    }
  return softmax(scores, classes)
}

/** The training examples as standardized rows, and the penalty. */
interface Fit {
  rows: Float64Array
  labels: ArrayLike<number>
  count: number
  width: number
  classes: number
  penalty: number
}

/** The summed cross-entropy plus the penalty, and its gradient, [classes, width]. */
function lossAt(weights: Float64Array, { rows, labels, count, width, classes, penalty }: Fit): Slope {
  const differences = probabilitiesOf(weights, rows, count, width, classes)
  const isIntercept = (i: number) => i % width === width - 1
  let value = weights.reduce((sum, weight, i) => isIntercept(i) ? sum : sum + penalty / 2 * weight ** 2, 0)
  const gradient = weights.map((weight, i) => isIntercept(i) ? 0 : penalty * weight)
  for (let row = 0; row < count; row++) {
    const truth = row * classes + labels[row]
    value -= Math.log(Math.max(differences[truth], Number.MIN_VALUE))
    // From here on the row holds probabilities minus truth: the gradient of the cross-entropy.
    differences[truth] -= 1
    for (let k = 0; k < classes; k++) {
      const difference = differences[row * classes + k], from = row * width, into = k * width
      for (let i = 0; i < width; i++) gradient[into + i] += difference * rows[from + i]
    }
  }
  return { value, gradient }
}
