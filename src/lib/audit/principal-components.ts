/** Rows of numbers in fewer numbers a row: the directions in which the rows differ most. */
import type { Features } from '../data/feature-rows'
import { stream } from '../system/random'

/** Rows in their principal components. */
export interface PrincipalComponents extends Features {
  /** The share of the rows' variance that the components hold, 0 to 1; NaN where the rows do not differ. */
  variance: number
}

/** Further directions, and passes over the rows: both make the last components exacter. */
const oversampling = 10, passes = 5

/**
 * The first principal components of rows, the one of most variance first, each with its largest number above 0.
 *
 * Randomized subspace iteration (Halko, Martinsson and Tropp 2011, algorithm 4.4): exact where the rows have no more
 * directions than are asked for, and else close, which is enough for neighbors and maps.
 * @param most how many components at most; fewer where the rows have fewer dimensions
 * @returns [rows, components]
 */
export function principalComponents(rows: Features, most: number): PrincipalComponents {
  const { count, dimensions } = rows
  const kept = Math.min(most, dimensions, count), width = Math.min(kept + oversampling, dimensions, count)
  const centered = center(rows), numbers = stream('principal components', dimensions, width)
  let directions = orthonormal(Float64Array.from({ length: dimensions * width }, () => numbers.normal()), width)
  for (let pass = 0; pass < passes; pass++) {
    const seen = times(centered, directions, dimensions, width)
    directions = orthonormal(transposedTimes(centered, seen, dimensions, width), width)
  }
  const scores = times(centered, directions, dimensions, width)
  const { values, vectors } = eigen(transposedTimes(scores, scores, width, width), width)
  const order = [...values.keys()].sort((a, b) => values[b] - values[a]).slice(0, kept)
  const turned = Float64Array.from({ length: width * kept }, (_, i) =>
    vectors[Math.floor(i / kept) * width + order[i % kept]])
  const total = centered.reduce((sum, value) => sum + value * value, 0)
  const held = order.reduce((sum, k) => sum + values[k], 0)
  return {
    count, dimensions: kept, variance: total > 0 ? Math.min(1, held / total) : NaN,
    values: Float32Array.from(signed(times(scores, turned, width, kept), kept)),
  }
}

/** The rows less their mean. */
function center({ count, dimensions, values }: Features): Float64Array {
  const means = new Float64Array(dimensions)
  values.forEach((value, i) => { means[i % dimensions] += value / count })
  return Float64Array.from(values, (value, i) => value - means[i % dimensions])
}

/** a · b, where a is [rows, inner] and b is [inner, width]. */
function times(a: Float64Array, b: Float64Array, inner: number, width: number): Float64Array {
  const rows = inner ? a.length / inner : 0, product = new Float64Array(rows * width)
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < inner; i++) {
      const factor = a[row * inner + i]
      for (let k = 0; k < width; k++) product[row * width + k] += factor * b[i * width + k]
    }
  return product
}

/** aᵀ · b, where a is [rows, height] and b is [rows, width]. */
function transposedTimes(a: Float64Array, b: Float64Array, height: number, width: number): Float64Array {
  const rows = height ? a.length / height : 0, product = new Float64Array(height * width)
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < height; i++) {
      const factor = a[row * height + i]
      for (let k = 0; k < width; k++) product[i * width + k] += factor * b[row * width + k]
    }
  return product
}

/**
 * Columns of length 1 at right angles to each other (Gram and Schmidt, twice against rounding); of no length where the
 * columns before hold them.
 */
function orthonormal(columns: Float64Array, width: number): Float64Array {
  const height = width ? columns.length / width : 0, result = columns.slice()
  const dot = (a: number, b: number) => {
    let sum = 0
    for (let i = 0; i < height; i++) sum += result[i * width + a] * result[i * width + b]
    return sum
  }
  for (let k = 0; k < width; k++) {
    const before = Math.sqrt(dot(k, k))
    for (let turn = 0; turn < 2; turn++)
      for (let other = 0; other < k; other++) {
        const shared = dot(other, k)
        for (let i = 0; i < height; i++) result[i * width + k] -= shared * result[i * width + other]
      }
    const length = Math.sqrt(dot(k, k)), scale = length > 1e-12 * before ? 1 / length : 0
    for (let i = 0; i < height; i++) result[i * width + k] *= scale
  }
  return result
}

/** Eigenvalues and eigenvectors (in columns) of a symmetric matrix, by Jacobi's rotations. */
function eigen(symmetric: Float64Array, width: number): { values: number[]; vectors: Float64Array } {
  const a = symmetric.slice(), vectors = Float64Array.from(a, (_, i) => Number(i % (width + 1) === 0))
  const rotate = (m: Float64Array, i: number, j: number, cosine: number, sine: number) => {
    const [x, y] = [m[i], m[j]]
    m[i] = cosine * x - sine * y
    m[j] = sine * x + cosine * y
  }
  for (let sweep = 0; sweep < 30; sweep++)
    for (let p = 0; p < width; p++)
      for (let q = p + 1; q < width; q++) {
        const off = a[p * width + q]
        if (Math.abs(off) <= 1e-15 * Math.sqrt(Math.abs(a[p * width + p] * a[q * width + q]))) continue
        const angle = 0.5 * Math.atan2(2 * off, a[q * width + q] - a[p * width + p])
        const cosine = Math.cos(angle), sine = Math.sin(angle)
        for (let k = 0; k < width; k++) rotate(a, k * width + p, k * width + q, cosine, sine)
        for (let k = 0; k < width; k++) rotate(a, p * width + k, q * width + k, cosine, sine)
        for (let k = 0; k < width; k++) rotate(vectors, k * width + p, k * width + q, cosine, sine)
      }
  return { values: Array.from({ length: width }, (_, k) => a[k * (width + 1)]), vectors }
}

/** Each column with the sign that makes its largest number positive: a component has no sign of its own. */
function signed(scores: Float64Array, width: number): Float64Array {
  const largest = new Float64Array(width)
  scores.forEach((value, i) => { if (Math.abs(value) > Math.abs(largest[i % width])) largest[i % width] = value })
  return scores.map((value, i) => (largest[i % width] < 0 ? -value : value))
}
