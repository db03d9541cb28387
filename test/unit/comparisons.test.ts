/** Comparisons of two classifiers and of several, against SciPy and statsmodels, and by simulation. */
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import golden from '../golden/comparisons.json'
import { comparePredictions, ignoreGroups, statistics, type Predictions } from '../../src/lib/index'
import { stream } from '../../src/lib/system/random'
import { madePredictions } from '../fixtures/figures'

const close = (received: number, expected: number) => expect(Math.abs(received - expected)).toBeLessThan(1e-11)

describe('a permutation by group', () => {
  const { groups, truth, one, two, auc, brier } = golden.permutation
  const predictions = (scores: number[]) => statistics.fromArrays({
    classes: ['ill', 'well'], truth: truth.map(label => (label ? 'ill' : 'well')), groups: groups.map(String),
    probabilities: scores.map(score => [score, 1 - score]), positive: 'ill',
  })

  test.each([['auc', auc], ['brier', brier]] as const)('has the difference and the p-value of all 512 exchanges: %s', (metric, exact) => {
    const compared = statistics.compareMetric(predictions(one), predictions(two), { metric, permutations: 8000 })
    close(compared.difference.value, exact.difference)
    expect(compared.units).toBe(9)
    // Four standard errors of a share from 8000 random exchanges.
    expect(Math.abs(compared.pValue - exact.p)).toBeLessThan(4 * Math.sqrt(exact.p * (1 - exact.p) / 8000))
  })
})

test.each(['auc', 'averagePrecision', 'oneVsOneAuc'] as const)('p of %s does not depend on the scale of scores', metric => {
  const [one, two] = [0.6, 1].map(skill => ({ ...madePredictions(['COVID', 'non-COVID'], skill), positive: 'COVID' }))
  // The same order of images, and a tenth of the scores.
  const timid = Float32Array.from(two.probabilities, (p, at) => (at % 2 ? 1 - (1 - p) / 10 : p / 10))
  const options = { metric, permutations: 400, resamples: 100 }
  expect(statistics.compareMetric(one, { ...two, probabilities: timid }, options))
    .toEqual(statistics.compareMetric(one, two, options))
})

describe('a comparison of a metric', () => {
  const first = madePredictions(['COVID', 'non-COVID'], 0.6), second = madePredictions(['COVID', 'non-COVID'], 1.4)

  test('of accuracies has the difference and the interval of comparePredictions', () => {
    const { difference, folds, pValue, units, intervalKind } = statistics.compareMetric(first, second, { metric: 'accuracy' })
    const expected = comparePredictions(first, second).difference
    close(difference.value, expected.value)
    close(difference.low, expected.low)
    close(difference.high, expected.high)
    expect(folds).toEqual([difference.value])
    expect(pValue).toBeLessThan(0.05)
    expect([units, intervalKind]).toEqual([24, '95 % interval by bootstrap and p by permutation over 24 number blocks'])
  })

  test('over folds is the mean of the folds, each with its own metric', () => {
    const other = { ...madePredictions(['COVID', 'non-COVID'], 0.9, 10), positive: 'COVID' }
    const better = { ...madePredictions(['COVID', 'non-COVID'], 1.5, 10), positive: 'COVID' }
    const options = { metric: 'auc', positive: 'COVID', resamples: 200, permutations: 200 } as const
    const folds = statistics.compareMetric([first, other], [second, better], options)
    const alone = [statistics.compareMetric(first, second, options), statistics.compareMetric(other, better, options)]
    expect(folds.folds).toEqual(alone.map(one => one.difference.value))
    close(folds.difference.value, (folds.folds[0] + folds.folds[1]) / 2)
    close(folds.second - folds.first, folds.difference.value)
    // Groups 'COVID 0' to 'COVID 9' are in both folds: each is one unit.
    expect(folds.units).toBe(24)
  })

  test('finds nothing between a classifier and itself, in whichever order', () => {
    const same = statistics.compareMetric(first, first, { metric: 'matthews', permutations: 100, resamples: 100 })
    expect(same).toMatchObject({ pValue: 1, difference: { value: 0, low: NaN, high: NaN } })
    expect(inspect(same)).toMatch(/matthews, second minus first: 0\.000 \(– to –\), p = 1\.000/)
  })

  test('is NaN where the metric is not defined', () => {
    const oneClass = { ...first, labels: first.labels.map(() => 0) }
    const { difference, pValue } = statistics.compareMetric(oneClass, oneClass, { metric: 'auc', positive: 'COVID' })
    expect([difference.value, pValue]).toEqual([NaN, NaN])
  })

  test('says what it takes as independent', () => {
    const compared = statistics.compareMetric(ignoreGroups(first), ignoreGroups(second), { metric: 'auc' })
    expect(compared.units).toBe(240)
    expect(compared.intervalKind).toMatch(/as if each of the 240 images came from another patient: too sure if not/)
  })

  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  test.each<[string, any, any, any, RegExp]>([
    ['other images', first, { ...second, names: second.names.map(name => `${name}!`) }, { metric: 'auc' }, /same images/],
    ['fewer folds', [first, first], [second], { metric: 'auc' }, /2 folds and 1/],
    ['no folds', [], [], { metric: 'auc' }, /0 folds/],
    ['no metric', first, second, {}, /metric/],
    ['too few permutations', first, second, { metric: 'auc', permutations: 10 }, /permutations/],
    ['a misspelt option', first, second, { metric: 'auc', permutation: 10 }, /did you mean permutations/],
  ])('refuses %s', (_, one, two, options, message) => {
    expect(() => statistics.compareMetric(one, two, options)).toThrow(message)
  })

  /** Two equally good classifiers: each patient of five images suits one of the two. Images are not independent. */
  test('by group finds a difference that is not there in 5 of 100 worlds; by image it finds far more', () => {
    const worlds = 150, found = { group: 0, image: 0 }
    for (let world = 0; world < worlds; world++) {
      const numbers = stream('paired permutation', world)
      const suits = Array.from({ length: 20 }, () => numbers.integer(2))
      const predictions = (which: number): Predictions => statistics.fromArrays({
        classes: ['a', 'b'], truth: suits.flatMap((_, g) => new Array<string>(5).fill(g % 2 ? 'a' : 'b')),
        groups: suits.flatMap((_, g) => new Array<string>(5).fill(`p${g}`)),
        probabilities: suits.flatMap((suit, g) => Array.from({ length: 5 }, () => {
          const right = numbers.uniform() < (suit === which ? 0.9 : 0.5)
          return right === Boolean(g % 2) ? [1, 0] : [0, 1]
        })),
      })
      const one = predictions(0), two = predictions(1), options = { metric: 'accuracy', permutations: 200, resamples: 100 } as const
      found.group += Number(statistics.compareMetric(one, two, options).pValue < 0.05)
      found.image += Number(statistics.compareMetric(ignoreGroups(one), ignoreGroups(two), options).pValue < 0.05)
    }
    // Two standard errors of 150 worlds at .05 are .036.
    expect(found.group / worlds).toBeLessThan(0.09)
    expect(found.image / worlds).toBeGreaterThan(0.15)
  })
})

describe('the corrected resampled t-test', () => {
  test.each(golden.corrected)('has the values of SciPy: $differences.length runs', ({ differences, train, test, t, p, low, high }) => {
    const tested = statistics.correctedTTest(differences, { train, test })
    close(tested.t, t)
    close(tested.pValue, p)
    close(tested.difference.low, low)
    close(tested.difference.high, high)
    expect(tested.freedom).toBe(differences.length - 1)
  })

  test('tells nothing where all runs agree', () => {
    expect(statistics.correctedTTest([0, 0], { train: 1, test: 1 }).pValue).toBe(1)
    // The mean of three times .02 is not .02 to the last bit.
    for (const differences of [[0.5, 0.5], [0.02, 0.02, 0.02]])
      expect(statistics.correctedTTest(differences, { train: 1, test: 1 }))
        .toMatchObject({ pValue: NaN, t: NaN, difference: { low: NaN, high: NaN } })
  })

  test.each([[[0.1]], [[]], [[0.1, NaN]]])('refuses %j', differences => {
    expect(() => statistics.correctedTTest(differences, { train: 80, test: 20 })).toThrow(/two or more differences/)
  })

  test('refuses sizes that are none', () => {
    expect(() => statistics.correctedTTest([0, 1], { train: 0, test: 20 })).toThrow(/train/)
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    expect(() => statistics.correctedTTest([0, 1], { train: 80, tests: 20 } as any)).toThrow(/did you mean test/)
  })
})

describe('a family of comparisons', () => {
  test.each(golden.holm)('Holm, as statsmodels: $p', ({ p, adjusted }) => {
    statistics.holm(p).forEach((value, i) => close(value, adjusted[i]))
  })

  const declared = { primary: 'a', family: 'depths', secondary: ['b', 'c', 'd'] }

  test('adjusts all but the primary comparison, whichever order the p-values come in', () => {
    expect(statistics.judgeDeclared(declared, { d: 0.03, a: 0.04, c: 0.04, b: 0.01 })).toEqual([
      { comparison: 'a', role: 'primary', pValue: 0.04, adjusted: 0.04 },
      { comparison: 'b', role: 'depths', pValue: 0.01, adjusted: 0.03 },
      { comparison: 'c', role: 'depths', pValue: 0.04, adjusted: 0.06 },
      { comparison: 'd', role: 'depths', pValue: 0.03, adjusted: 0.06 },
    ])
  })

  test('refuses comparisons left out, added, named twice, and p-values that are none', () => {
    expect(() => statistics.judgeDeclared(declared, { a: 0.1, b: 0.1, c: 0.1 })).toThrow(/a p-value for d, as declared/)
    expect(() => statistics.judgeDeclared(declared, { a: 0.1, b: 0.1, c: 0.1, d: 0.1, e: 0.001 })).toThrow(/received e/)
    expect(() => statistics.judgeDeclared({ ...declared, secondary: ['a'] }, { a: 0.1 })).toThrow(/different names/)
    expect(() => statistics.judgeDeclared(declared, { a: NaN, b: 0.1, c: 0.1, d: 0.1 })).toThrow(/the p-value of a/)
    expect(() => statistics.holm([1.2])).toThrow(/p-value/)
  })
})
