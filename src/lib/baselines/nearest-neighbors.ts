/** Classifying by the most similar examples: memory, nothing else (Cover and Hart 1967). */
import type { Examples, Features } from '../data/feature-rows'
import { LabError } from '../system/errors'

/** Dimensions summed into one for a first look, and compared at a time later. */
const stretch = 16

/**
 * For each row of `queries`, the share of each class among the nearest `neighbours` examples (Euclidean, exact).
 * @returns probabilities, [queries.count, classes]
 * @throws LabError 'shape-mismatch' where the dimensions differ; 'bad-argument' for too few examples
 */
export function nearestNeighbors(
  examples: Examples, queries: Features, classes: number, neighbours = 1,
): Float32Array {
  const probabilities = new Float32Array(queries.count * classes)
  nearestExamples(examples, queries, neighbours).forEach((nearest, query) => {
    for (const index of nearest) probabilities[query * classes + examples.labels[index]] += 1 / neighbours
  })
  return probabilities
}

/**
 * For each row of `queries`, the rows of the nearest `neighbours` examples, nearest first.
 * @throws as {@link nearestNeighbors}
 */
export function nearestExamples(examples: Features, queries: Features, neighbours = 1): number[][] {
  if (examples.dimensions !== queries.dimensions)
    throw new LabError('shape-mismatch', {
      expected: `${examples.dimensions} numbers a row`, received: String(queries.dimensions),
      remedy: 'Make the features of both parts alike',
    })
  if (neighbours < 1 || neighbours > examples.count)
    throw new LabError('bad-argument', {
      expected: `1 to ${examples.count} neighbours, as many as there are examples`, received: String(neighbours),
      remedy: 'Ask for fewer neighbours, or give more examples',
    })
  const coarse = { examples: summed(examples), queries: summed(queries) }
  return Array.from({ length: queries.count }, (_, query) => {
    const atLeast = Float64Array.from({ length: examples.count }, (_bound, index) =>
      squaredDistance(coarse.examples, index, coarse.queries, query, Infinity))
    return nearestTo(examples, queries, query, neighbours, atLeast)
  })
}

/**
 * Sums of neighbouring dimensions, scaled so that rows lie no further apart than they did:
 * (d₁ + … + dₙ)² / n ≤ d₁² + … + dₙ² (Cauchy and Schwarz).
 */
function summed({ count, dimensions, values }: Features): Features {
  const width = Math.ceil(dimensions / stretch)
  const sums = new Float32Array(count * width)
  for (let row = 0; row < count; row++)
    for (let i = 0; i < dimensions; i++)
      sums[row * width + Math.floor(i / stretch)] += values[row * dimensions + i] / Math.sqrt(stretch)
  return { count, dimensions: width, values: sums }
}

/**
 * The indices of the nearest examples, nearest first.
 * @param atLeast a lower bound of each example's distance: most examples need no closer look
 */
function nearestTo(
  examples: Features, queries: Features, query: number, neighbours: number, atLeast: Float64Array,
): number[] {
  const best: { index: number; distance: number }[] = []
  let limit = Infinity
  // The likeliest first, so that the limit is tight from the start.
  const likeliest = atLeast.indexOf(atLeast.reduce((least, bound) => Math.min(least, bound)))
  for (let turn = -1; turn < examples.count; turn++) {
    const index = turn < 0 ? likeliest : turn
    if (atLeast[index] >= limit || turn === likeliest) continue
    const distance = squaredDistance(examples, index, queries, query, limit)
    if (distance >= limit) continue
    const place = best.findIndex(kept => distance < kept.distance)
    best.splice(place < 0 ? best.length : place, 0, { index, distance })
    if (best.length > neighbours) best.pop()
    if (best.length === neighbours) limit = best[neighbours - 1].distance
  }
  return best.map(kept => kept.index)
}

/** The squared distance of two rows, or some number of at least `limit` if it is not below that. */
function squaredDistance(a: Features, row: number, b: Features, other: number, limit: number): number {
  const { dimensions } = a
  let i = row * dimensions, j = other * dimensions, sum = 0
  for (let done = 0; done < dimensions && sum < limit; done += stretch) {
    const end = Math.min(dimensions, done + stretch) - done + i
    for (; i < end; i++, j++) {
      const difference = a.values[i] - b.values[j]
      sum += difference * difference
    }
  }
  return sum
}
