/** Two classifiers on the same images, against SciPy and statsmodels, and by simulation. */
import { describe, expect, test } from 'vitest'
import golden from '../golden/significance.json'
import { comparePredictions, areSameImages, mcnemar } from '../../src/lib/evaluation/significance'
import type { Predictions } from '../../src/lib/evaluation/predictions'
import { stream } from '../../src/lib/system/random'
import { madePredictions } from '../fixtures/figures'

describe('McNemar’s exact test', () => {
  test.each(golden.mcnemar)('$onlyFirst against $onlySecond', ({ onlyFirst, onlySecond, pValue }) => {
    // 1e-12: SciPy sums the tail in floating point; here it is summed in whole numbers.
    expect(Math.abs(mcnemar(onlyFirst, onlySecond) / pValue - 1)).toBeLessThan(1e-12)
  })

  test('refuses what is no count', () => {
    for (const count of [-1, 0.5, NaN, Infinity]) expect(() => mcnemar(count, 1)).toThrow(/whole numbers/)
  })
})

describe('a comparison on the same images', () => {
  const classes = ['COVID', 'non-COVID']
  const first = madePredictions(classes, 1.4), second = madePredictions(classes, 0.2)

  test('finds nothing between a classifier and itself, in whichever order its images come', () => {
    const order = first.names.map((_, i) => i).reverse()
    const reversed = {
      ...first, names: order.map(i => first.names[i]), groups: order.map(i => first.groups[i]),
      labels: Int32Array.from(order, i => first.labels[i]),
      probabilities: Float32Array.from(order.flatMap(i => [...first.probabilities.subarray(2 * i, 2 * i + 2)])),
    }
    expect(comparePredictions(first, reversed))
      .toMatchObject({ onlyFirst: 0, onlySecond: 0, difference: { value: 0 }, pValue: 1 })
  })

  test('counts each image once, and gives the difference of the accuracies inside its interval', () => {
    const { both, onlyFirst, onlySecond, neither, difference, pValue } = comparePredictions(second, first)
    expect(both + onlyFirst + onlySecond + neither).toBe(first.names.length)
    expect(difference.value).toBeCloseTo(accuracy(first) - accuracy(second), 12)
    expect(difference.value).toBeCloseTo((onlySecond - onlyFirst) / first.names.length, 12)
    expect(difference.low).toBeLessThan(difference.value)
    expect(difference.high).toBeGreaterThan(difference.value)
    expect(pValue).toBe(mcnemar(onlyFirst, onlySecond))
  })

  test('is refused between other images, other truths, and images that come twice', () => {
    const others: Predictions[] = [
      { ...first, names: first.names.map(name => `${name}!`) },
      { ...first, labels: first.labels.map(label => 1 - label) },
      { ...first, names: first.names.map(() => first.names[0]) },
    ]
    for (const other of others) {
      expect(areSameImages(first, other)).toBe(false)
      expect(() => comparePredictions(first, other)).toThrow(/same images/)
    }
  })

  test('covers the truth of grouped data, which an interval by image does not', () => {
    const worlds = 150
    let byGroup = 0, byImage = 0
    for (let world = 0; world < worlds; world++) {
      const [one, two] = groupedWorld(world)
      const covers = (a: Predictions) => {
        const { low, high } = comparePredictions(a, two, { resamples: 200, seed: world }).difference
        return low <= 0 && high >= 0 ? 1 : 0
      }
      byGroup += covers(one)
      byImage += covers({ ...one, groups: one.groups.map(() => null) })
    }
    // Two standard errors of 150 worlds at .95 are .036.
    expect(byGroup / worlds).toBeGreaterThan(0.91)
    expect(byImage / worlds).toBeLessThan(0.85)
  })
})

function accuracy({ probabilities, labels }: Predictions): number {
  return labels.filter((label, i) => probabilities[2 * i + label] > 0.5).length / labels.length
}

/** Two classifiers that are equally good on average: each group of ten images suits one of the two, or both. */
function groupedWorld(world: number): [Predictions, Predictions] {
  const numbers = stream('paired coverage', world)
  const groups = Array.from({ length: 200 }, (_, i) => `group ${Math.floor(i / 10)}`)
  const suits = Array.from({ length: 20 }, () => (numbers.uniform() < 0.5 ? [0.9, 0.5] : [0.5, 0.9]))
  const hits = groups.map((_, i) => suits[Math.floor(i / 10)].map(rate => numbers.uniform() < rate))
  const predictions = (which: number): Predictions => ({
    probabilities: Float32Array.from(hits.flatMap(hit => (hit[which] ? [1, 0] : [0, 1]))),
    labels: new Int32Array(200), classes: ['a', 'b'], names: groups.map((_, i) => `image ${i}`), groups, grouping: 'patient',
  })
  return [predictions(0), predictions(1)]
}
