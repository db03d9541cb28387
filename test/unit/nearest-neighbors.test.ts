import { describe, expect, it, test } from 'vitest'
import { LabError } from '../../src/lib/system/errors'
import { nearestExamples, nearestNeighbors } from '../../src/lib/baselines/nearest-neighbors'
import type { Features } from '../../src/lib/data/feature-rows'
import golden from '../golden/classifiers.json'
import { images } from '../golden/hash'
import { hashedExamples, hashedQueries } from '../fixtures/examples'

describe.each(golden.cases)('nearest neighbors equal scikit-learn: $name', sample => {
  const { name, count, queries, dimensions, classes } = sample
  it.each([1, 5] as const)('%i neighbors', neighbors => {
    const examples = hashedExamples(name, count, dimensions, classes)
    const shares = nearestNeighbors(examples, hashedQueries(name, queries, dimensions), classes, neighbors)
    const expected = sample.neighbours[String(neighbors) as '1' | '5']
    // Shares are sums of fifths in float32.
    shares.forEach((share, i) => expect(share).toBeCloseTo(expected[i], 6))
  })
})

test('the nearest images are found in order of distance, although sums rule most of them out', () => {
  const make = (name: string, count: number): Features =>
    ({ count, dimensions: 100, values: images(name, [count, 100]).map(value => 255 * value) })
  const examples = make('many', 70), queries = make('few', 8)
  const distance = (row: number, query: number) => Math.hypot(...Array.from({ length: 100 }, (_, i) =>
    examples.values[row * 100 + i] - queries.values[query * 100 + i]))
  nearestExamples(examples, queries, 7).forEach((found, query) => {
    const sorted = Array.from({ length: 70 }, (_, row) => row).sort((a, b) => distance(a, query) - distance(b, query))
    expect(found).toEqual(sorted.slice(0, 7))
  })
})

test('an example is its own nearest neighbor', () => {
  const examples = hashedExamples('itself', 20, 33, 2)
  expect(nearestExamples(examples, examples).flat()).toEqual(Array.from({ length: 20 }, (_, i) => i))
})

test('rows of another length and too many neighbors are refused', () => {
  const examples = hashedExamples('small', 4, 3, 2)
  expect(() => nearestNeighbors(examples, hashedQueries('small', 1, 2), 2)).toThrow(LabError)
  expect(() => nearestNeighbors(examples, hashedQueries('small', 1, 3), 2, 5)).toThrow('from 1 to 4')
  expect(() => nearestNeighbors(examples, hashedQueries('small', 1, 3), 2, 4)).not.toThrow()
})
