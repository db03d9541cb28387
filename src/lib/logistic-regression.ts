/** Multinomial logistic regression: a linear classifier, which cannot learn single images by heart. */
import type { Examples, Features } from './nearest-neighbours'

/** A fitted model, on features shifted and scaled as the training examples were. */
export interface LogisticRegression {
  /** [classes, dimensions + 1]; the last of a row is the intercept. */
  weights: Float64Array
  /** Mean and standard deviation of each feature over the training examples. */
  means: Float64Array
  deviations: Float64Array
  classes: number
}

/** How the fit is made. */
export interface LogisticOptions {
  /** Weight of ½‖w‖² against the summed cross-entropy in nats (intercepts are free); default 1. */
  penalty?: number
  /** The fit ends once no weight moves by more than this, or after 2000 steps; default 1e-4. */
  tolerance?: number
}

const maximumSteps = 2000

/**
 * Fits by Newton steps with a fixed bound on the curvature, ½ XᵀX (Böhning 1992): one matrix is factored,
 * every step lowers the loss, and no step length needs choosing.
 */
export function fitLogisticRegression(
  examples: Examples, classes: number, options: LogisticOptions = {},
): LogisticRegression {
  const { penalty = 1, tolerance = 1e-4 } = options
  const { count, dimensions, labels } = examples
  const moments = momentsOf(examples)
  const rows = standardised(examples, moments), width = dimensions + 1
  const weights = new Float64Array(classes * width)
  const factor = choleskyFactor(curvatureBound(rows, count, width, penalty), width)
  for (let step = 0, moved = Infinity; step < maximumSteps && moved > tolerance; step++) {
    const gradient = gradientOf(weights, rows, labels, count, width, classes, penalty)
    moved = 0
    for (let k = 0; k < classes; k++) {
      const change = solve(factor, gradient.subarray(k * width, (k + 1) * width), width)
      for (let i = 0; i < width; i++) {
        weights[k * width + i] -= change[i]
        moved = Math.max(moved, Math.abs(change[i]))
      }
    }
  }
  return { weights, ...moments, classes }
}

/** Probabilities of each class for each row, [count, classes]. */
export function logisticProbabilities(model: LogisticRegression, features: Features): Float32Array {
  const rows = standardised(features, model)
  return Float32Array.from(softmaxRows(model.weights, rows, features.count, features.dimensions + 1, model.classes))
}

function momentsOf({ count, dimensions, values }: Features): { means: Float64Array; deviations: Float64Array } {
  const means = new Float64Array(dimensions), deviations = new Float64Array(dimensions)
  for (let i = 0; i < values.length; i++) means[i % dimensions] += values[i] / count
  for (let i = 0; i < values.length; i++) deviations[i % dimensions] += (values[i] - means[i % dimensions]) ** 2 / count
  // A feature that never changes says nothing; dividing by 1 leaves it at 0.
  return { means, deviations: deviations.map(variance => Math.sqrt(variance) || 1) }
}

/** Rows of standardised features with a 1 at the end, for the intercept. */
function standardised(
  { count, dimensions, values }: Features, { means, deviations }: Pick<LogisticRegression, 'means' | 'deviations'>,
): Float64Array {
  const rows = new Float64Array(count * (dimensions + 1)).fill(1)
  for (let row = 0; row < count; row++)
    for (let i = 0; i < dimensions; i++)
      rows[row * (dimensions + 1) + i] = (values[row * dimensions + i] - means[i]) / deviations[i]
  return rows
}

function softmaxRows(
  weights: Float64Array, rows: Float64Array, count: number, width: number, classes: number,
): Float64Array {
  const probabilities = new Float64Array(count * classes)
  for (let row = 0; row < count; row++) {
    const first = row * classes
    let highest = -Infinity, total = 0
    for (let k = 0; k < classes; k++) {
      let score = 0
      for (let i = 0; i < width; i++) score += weights[k * width + i] * rows[row * width + i]
      probabilities[first + k] = score
      highest = Math.max(highest, score)
    }
    for (let k = 0; k < classes; k++) total += probabilities[first + k] = Math.exp(probabilities[first + k] - highest)
    for (let k = 0; k < classes; k++) probabilities[first + k] /= total
  }
  return probabilities
}

/** Of the summed cross-entropy and the penalty, [classes, width]. */
function gradientOf(
  weights: Float64Array, rows: Float64Array, labels: ArrayLike<number>,
  count: number, width: number, classes: number, penalty: number,
): Float64Array {
  const surprise = softmaxRows(weights, rows, count, width, classes)
  for (let row = 0; row < count; row++) surprise[row * classes + labels[row]] -= 1
  const gradient = weights.map((weight, i) => i % width === width - 1 ? 0 : penalty * weight)
  for (let row = 0; row < count; row++)
    for (let k = 0; k < classes; k++) {
      const s = surprise[row * classes + k]
      for (let i = 0; i < width; i++) gradient[k * width + i] += s * rows[row * width + i]
    }
  return gradient
}

/** ½ XᵀX plus the penalty's own curvature, [width, width]. */
function curvatureBound(rows: Float64Array, count: number, width: number, penalty: number): Float64Array {
  const bound = new Float64Array(width * width)
  for (let row = 0; row < count; row++)
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++) bound[i * width + j] += rows[row * width + i] * rows[row * width + j] / 2
  for (let i = 0; i < width - 1; i++) bound[i * width + i] += penalty
  return bound
}

/** The lower triangle L with L Lᵀ = matrix, for a symmetric positive definite matrix. */
function choleskyFactor(matrix: Float64Array, width: number): Float64Array {
  const factor = new Float64Array(width * width)
  for (let i = 0; i < width; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * width + j]
      for (let k = 0; k < j; k++) sum -= factor[i * width + k] * factor[j * width + k]
      factor[i * width + j] = i === j ? Math.sqrt(sum) : sum / factor[j * width + j]
    }
  return factor
}

/** x with L Lᵀ x = right. */
function solve(factor: Float64Array, right: Float64Array, width: number): Float64Array {
  const x = Float64Array.from(right)
  for (let i = 0; i < width; i++) {
    for (let k = 0; k < i; k++) x[i] -= factor[i * width + k] * x[k]
    x[i] /= factor[i * width + i]
  }
  for (let i = width - 1; i >= 0; i--) {
    for (let k = i + 1; k < width; k++) x[i] -= factor[k * width + i] * x[k]
    x[i] /= factor[i * width + i]
  }
  return x
}
