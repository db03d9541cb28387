/** Classifying by the most similar examples (Cover and Hart 1967): the training set itself is the model. */
import type { Examples, Features } from '../data/feature-rows'
import { LabError, requireInRange } from '../system/errors'

/** How many dimensions are summed into one for the lower bounds, and compared between two checks of the limit. */
const chunk = 16

/**
 * For each row of `queries`, the share of each class among the nearest `neighbors` examples (Euclidean, exact).
 * @returns probabilities, [queries.count, classes]
 * @throws LabError 'shape-mismatch' where the dimensions differ; 'bad-argument' for too few examples
 */
export function nearestNeighbors(
  examples: Examples, queries: Features, classes: number, neighbors = 1,
): Float32Array {
  const probabilities = new Float32Array(queries.count * classes)
  nearestExamples(examples, queries, neighbors).forEach((nearest, query) => {
    for (const index of nearest) probabilities[query * classes + examples.labels[index]] += 1 / neighbors
  })
  return probabilities
}

/**
 * For each row of `queries`, the rows of the nearest `neighbors` examples, nearest first.
 * @throws LabError as {@link nearestNeighbors}
 */
export function nearestExamples(examples: Features, queries: Features, neighbors = 1): number[][] {
  if (examples.dimensions !== queries.dimensions)
    throw new LabError('shape-mismatch', {
      expected: `${examples.dimensions} numbers a row`, received: String(queries.dimensions),
      remedy: 'Compute the features of both parts in the same way',
    })
  requireInRange('neighbors', neighbors, { low: 1, high: examples.count, whole: true },
    'Ask for at most as many neighbors as there are examples')
  const coarse = { examples: summed(examples), queries: summed(queries) }
  const atLeast = new Float64Array(examples.count)
  return Array.from({ length: queries.count }, (_, query) => {
    for (let index = 0; index < examples.count; index++)
      atLeast[index] = squaredDistance(coarse.examples, index, coarse.queries, query, Infinity)
    return nearestTo(examples, queries, query, neighbors, atLeast)
  })
}

/**
 * Sums of neighboring dimensions, scaled so that no two rows are farther apart than before:
 * (d₁ + … + dₙ)² / n ≤ d₁² + … + dₙ² (Cauchy and Schwarz).
 */
function summed({ count, dimensions, values }: Features): Features {
  const width = Math.ceil(dimensions / chunk)
  const sums = new Float32Array(count * width)
  for (let row = 0; row < count; row++)
    for (let i = 0; i < dimensions; i++)
      sums[row * width + Math.floor(i / chunk)] += values[row * dimensions + i] / Math.sqrt(chunk)
  return { count, dimensions: width, values: sums }
}

/**
 * The indices of the nearest examples, nearest first.
 * @param atLeast a lower bound of each example's squared distance: most examples are ruled out by their bounds
 */
function nearestTo(
  examples: Features, queries: Features, query: number, neighbors: number, atLeast: Float64Array,
): number[] {
  const best: { index: number; distance: number }[] = []
  let limit = Infinity
  // The example with the lowest bound comes first, so that the limit is tight from the start.
  const lowest = atLeast.indexOf(atLeast.reduce((least, bound) => Math.min(least, bound)))
  for (let turn = -1; turn < examples.count; turn++) {
    const index = turn < 0 ? lowest : turn
    if (atLeast[index] >= limit || turn === lowest) continue
    const distance = squaredDistance(examples, index, queries, query, limit)
    if (distance >= limit) continue
    const rank = best.findIndex(neighbor => distance < neighbor.distance)
    best.splice(rank < 0 ? best.length : rank, 0, { index, distance })
    if (best.length > neighbors) best.pop()
    if (best.length === neighbors) limit = best[neighbors - 1].distance
  }
  return best.map(neighbor => neighbor.index)
}

/** The squared distance of two rows; where it is not below `limit`, any number that is not below `limit`. */
function squaredDistance(a: Features, row: number, b: Features, other: number, limit: number): number {
  const { dimensions } = a
  let i = row * dimensions, j = other * dimensions, sum = 0
  for (let done = 0; done < dimensions && sum < limit; done += chunk) {
    const end = Math.min(dimensions, done + chunk) - done + i
    for (; i < end; i++, j++) {
      const difference = a.values[i] - b.values[j]
      sum += difference * difference
    }
  }
  return sum
}
