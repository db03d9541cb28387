/** Two classifiers on the same images, against SciPy and statsmodels, and by simulation. */
import { describe, expect, test } from 'vitest'
import golden from '../golden/significance.json'
import { areSameImages } from '../../src/lib/evaluation/significance'
import { comparePredictions, ignoreGroups, mcnemar, tables, type Predictions } from '../../src/lib/index'
import { stream } from '../../src/lib/system/random'
import { madePredictions } from '../fixtures/figures'

describe('McNemar’s exact test', () => {
  test.each(golden.mcnemar)('$onlyFirst against $onlySecond', ({ onlyFirst, onlySecond, pValue }) => {
    // 1e-12: SciPy sums the tail in floating point; here it is summed in whole numbers.
    expect(Math.abs(mcnemar(onlyFirst, onlySecond) / pValue - 1)).toBeLessThan(1e-12)
  })

  test('by hand, for 21 children before and after a treatment', () => {
    // The paired table (1, 1, 7, 12) in Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91. Of
    // 2⁸ ways to toss eight coins, 1 + 8 have at most one head.
    expect(mcnemar(1, 7)).toBe(2 * (1 + 8) / 2 ** 8)
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

  test('gives the worked example’s interval where images are independent: 1,600 Britons asked twice', () => {
    // Agresti, Categorical Data Analysis, table 11.1: 794 approve twice, 150 and 86 once, 570 never. The difference is
    // −.04 with the standard error √(((150 + 86) / 1600 − .04²) / 1600) = .0095: a 95 % interval from −.059 to −.021.
    const [one, two] = answers({ both: 794, onlyFirst: 150, onlySecond: 86, neither: 570 })
    const found = comparePredictions(one, two)
    expect(found).toMatchObject({ both: 794, onlyFirst: 150, onlySecond: 86, neither: 570 })
    expect(found.difference.value).toBeCloseTo(-0.04, 12)
    // The ends of 1,000 resamples vary by a tenth of the width, .0038.
    expect(Math.abs(found.difference.low + 0.059)).toBeLessThan(0.002)
    expect(Math.abs(found.difference.high + 0.021)).toBeLessThan(0.002)
    expect(found.pValue).toBeLessThan(0.0001)
    expect(found.intervalKind).toMatch(/as if each of the 1600 images/)
  })

  test('has no interval where all resamples agree, and says over what it drew', () => {
    const same = comparePredictions(first, first)
    expect([same.difference.low, same.difference.high]).toEqual([NaN, NaN])
    expect(same.intervalKind).toBe(`95 % intervals by bootstrap over ${new Set(first.groups).size} ${first.grouping}s`)
  })

  test('refuses settings that are out of range', () => {
    for (const options of [{ resamples: 10 }, { resamples: 150.5 }, { seed: -1 }])
      expect(() => comparePredictions(first, second, options)).toThrow(/resamples|seed/)
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

  // Two standard errors of 150 worlds at .95 are .036.
  test.each<[string, World, number]>([
    ['20 groups of ten images, no difference', { sizes: Array<number>(20).fill(10), rates: [[0.9, 0.5], [0.5, 0.9]] }, 0],
    ['14 groups of 2 to 28 images, ten points', { sizes: Array.from({ length: 14 }, (_, i) => 2 * i + 2), rates: [[0.6, 0.9], [0.7, 0.6]] }, 0.1],
  ])('covers the truth of grouped data, which an interval by image does not: %s', (_, world, truth) => {
    const worlds = 150
    let byGroup = 0, byImage = 0
    for (let seed = 0; seed < worlds; seed++) {
      const [one, two] = groupedWorld(world, seed)
      const covers = (a: Predictions) => {
        const { low, high } = comparePredictions(a, two, { resamples: 200, seed }).difference
        return low <= truth && high >= truth ? 1 : 0
      }
      byGroup += covers(one)
      byImage += covers({ ...one, groups: one.groups.map(() => null) })
    }
    expect(byGroup / worlds).toBeGreaterThan(0.91)
    expect(byImage / worlds).toBeLessThan(0.85)
  })
})

describe('the table of a comparison', () => {
  const classes = ['COVID', 'non-COVID'], names = ['head only', 'fine-tuned'] as const
  const first = madePredictions(classes, 0.2), second = madePredictions(classes, 1.4)

  test('has the counts, the difference in points and p, and says which of the two counts where images come in groups', () => {
    const compared = comparePredictions(first, second), { value, low, high } = compared.difference
    const { title, rows, columns, note } = tables.comparison(compared, names)
    expect(title).toBe(`head only and fine-tuned, on the same ${first.names.length} images`)
    expect(rows).toEqual([{
      both: compared.both, onlyFirst: compared.onlyFirst, onlySecond: compared.onlySecond, neither: compared.neither,
      difference: value, low, high, pValue: compared.pValue,
    }])
    expect(columns.map(column => column.title)).toEqual([
      'both right', 'only head only right', 'only fine-tuned right', 'both wrong', 'accuracy, fine-tuned minus head only', 'from', 'to',
      'McNemar’s p',
    ])
    expect(note).toMatch(/bootstrap over \d+ \w+.*Images of one .* are not, so p is too small: trust the interval\.$/)
  })

  test('says without groups that both take each image as independent', () => {
    const { note } = tables.comparison(comparePredictions(ignoreGroups(first), second), names)
    expect(note).toMatch(/too narrow if not.*independent, as the interval does\.$/)
    expect(note).not.toMatch(/\bnone\b/)
  })

  test('says that two which never differ cannot be told apart', () =>
    expect(tables.comparison(comparePredictions(first, first), names).note).toMatch(/right about the same images, so that p is 1/))

  test('refuses names that are not two', () => {
    for (const wrong of [['a'], ['a', 'a'], ['', 'b'], 'ab', undefined])
      expect(() => tables.comparison(comparePredictions(first, first), wrong as never)).toThrow(/names of both classifiers/)
  })
})

function accuracy({ probabilities, labels }: Predictions): number {
  return labels.filter((label, i) => probabilities[2 * i + label] > 0.5).length / labels.length
}

/** Groups by their sizes; each suits the two classifiers by one of the pairs of rates of being right. */
interface World {
  sizes: readonly number[]
  rates: readonly (readonly [number, number])[]
}

function groupedWorld({ sizes, rates }: World, seed: number): [Predictions, Predictions] {
  const numbers = stream('paired coverage', seed)
  const groups = sizes.flatMap((size, g) => Array<string>(size).fill(`group ${g}`))
  const suits = new Map(sizes.map((_, g) => [`group ${g}`, rates[numbers.integer(rates.length)]]))
  const hits = groups.map(group => suits.get(group)!.map(rate => numbers.uniform() < rate))
  return [0, 1].map(which => predictionsFrom(hits.map(hit => hit[which]), groups, 'patient')) as [Predictions, Predictions]
}

/** Two classifiers on independent images, by how often each is right. */
function answers({ both, onlyFirst, onlySecond, neither }: Record<'both' | 'onlyFirst' | 'onlySecond' | 'neither', number>) {
  const counts = [
    [both, true, true], [onlyFirst, true, false], [onlySecond, false, true], [neither, false, false],
  ] as const
  const hits = counts.flatMap(([count, one, two]) => Array.from({ length: count }, () => [one, two]))
  return [0, 1].map(which => predictionsFrom(hits.map(hit => hit[which]), [], 'none'))
}

/** All images are of the first class. */
function predictionsFrom(hits: readonly boolean[], groups: readonly string[], grouping: Predictions['grouping']): Predictions {
  return {
    probabilities: Float32Array.from(hits.flatMap(hit => (hit ? [1, 0] : [0, 1]))), labels: new Int32Array(hits.length),
    classes: ['a', 'b'], names: hits.map((_, i) => `image ${i}`), groups: hits.map((_, i) => groups[i] ?? null), grouping,
  }
}
