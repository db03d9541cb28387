/** DeLong, Obuchowski and BCa, against MLstatkit, formulas computed pair by pair, and SciPy. */
import { describe, expect, test } from 'vitest'
import golden from '../golden/area_intervals.json'
import { bcaInterval } from '../../src/lib/evaluation/bca'
import { delongInterval } from '../../src/lib/evaluation/delong'
import { ignoreGroups, measurePredictions, statistics, type Predictions } from '../../src/lib/index'
import { madePredictions } from '../fixtures/figures'

/** Both sides compute in float64. */
const close = (received: number, expected: number, tolerance = 1e-12) =>
  expect(Math.abs(received - expected), `${received} for ${expected}`).toBeLessThan(tolerance)

type Case = (typeof golden.cases)[number]
function predictionsOf({ truth, scores, groups }: Case, which: number): Predictions {
  return statistics.fromArrays({
    classes: ['ill', 'well'], truth: truth.map(one => (one ? 'ill' : 'well')), groups: groups.map(group => `p${group}`),
    probabilities: scores[which].map(score => [score, 1 - score]),
  })
}

describe.each(golden.cases)('DeLong: $name', sample => {
  const first = predictionsOf(sample, 0), second = predictionsOf(sample, 1)

  test('by image, as MLstatkit', () => {
    const { delong } = sample, one = ignoreGroups(first), two = ignoreGroups(second)
    const compared = statistics.compareAreas(one, two, 'ill')
    for (const [side, expected, area] of [
      [compared.first, delong.first, sample.areas[0]], [compared.second, delong.second, sample.areas[1]],
    ] as const) {
      close(side.value, area)
      close(side.low, expected[0])
      close(side.high, expected[1])
    }
    close(compared.z, delong.z, 1e-10)
    close(compared.pValue, delong.p)
    expect(compared.intervalKind).toMatch(/as if each of the \d+ images came from another patient/)
  })

  test('by group, as Obuchowski', () => {
    const compared = statistics.compareAreas(first, second, 'ill')
    close(compared.first.standardError, sample.obuchowski.errors[0])
    close(compared.second.standardError, sample.obuchowski.errors[1])
    close((compared.second.value - compared.first.value) / compared.z, sample.obuchowski.difference)
    expect(compared.intervalKind).toMatch(/over \d+ patients/)
  })

  test('of the other class it is the same interval', () => {
    const ill = delongInterval(first, 'ill'), well = delongInterval(first, 'well')
    for (const end of ['value', 'low', 'high', 'standardError'] as const) close(well[end], ill[end])
  })

  test('two classifiers that differ in nothing have a p of 1 and no interval; order does not matter', () => {
    const order = first.names.map((_, i) => i).reverse()
    const reversed: Predictions = {
      ...second, classes: ['well', 'ill'], names: order.map(i => second.names[i]),
      groups: order.map(i => second.groups[i]),
      labels: Int32Array.from(order, i => 1 - second.labels[i]),
      probabilities: second.probabilities.slice().reverse(),
    }
    expect(statistics.compareAreas(first, reversed, 'ill')).toEqual(statistics.compareAreas(first, second, 'ill'))
    expect(statistics.compareAreas(first, first, 'ill'))
      .toMatchObject({ pValue: 1, z: NaN, difference: { value: 0, low: NaN, high: NaN } })
  })
})

test('an area of 1 has no DeLong interval, and neither has one group', () => {
  const perfect = statistics.fromArrays({
    classes: ['ill', 'well'], truth: ['ill', 'ill', 'well', 'well'], probabilities: [[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0, 1]],
  })
  expect(delongInterval(perfect, 'ill')).toEqual({ value: 1, low: NaN, high: NaN, standardError: NaN })
  const [sample] = golden.cases
  const one = { ...predictionsOf(sample, 0), groups: sample.truth.map(String) }
  expect(delongInterval(one, 'ill').standardError).toBeNaN()
})

test('without images there is no area, no interval and no p', () => {
  const none = statistics.fromArrays({ classes: ['ill', 'well'], truth: [], probabilities: [] })
  const { first, difference, pValue, intervalKind } = statistics.compareAreas(none, none, 'ill')
  expect([first.value, difference.value, pValue, intervalKind]).toEqual([NaN, NaN, NaN, 'No interval: there are no images'])
  for (const interval of [undefined, 'bootstrap', 'bca', 'delong'] as const)
    expect(statistics.estimate(none, 'auc', { positive: 'ill', interval })).toMatchObject({ value: NaN, low: NaN, high: NaN })
})

test('two areas of other images are not compared', () => {
  const [sample] = golden.cases, first = predictionsOf(sample, 0)
  expect(() => statistics.compareAreas(first, { ...first, names: first.names.map(name => `${name}!`) }, 'ill'))
    .toThrow(/same images/)
  expect(() => statistics.compareAreas(first, { ...first, classes: ['ill', 'dead'] }, 'ill')).toThrow(/same images/)
  expect(() => statistics.compareAreas(first, first, 'dead')).toThrow(/'dead'/)
})

describe('BCa', () => {
  test.each(golden.bca)('ends as SciPy’s: $name', ({ draws, value, leftOut, low, high }) => {
    const interval = bcaInterval(draws, value, leftOut)
    close(interval.low, low)
    close(interval.high, high)
  })

  test('has no ends where resamples agree or the value is not defined', () => {
    expect(bcaInterval([1, 1, 1], 1, [1, 1])).toEqual({ low: NaN, high: NaN })
    expect(bcaInterval([], 1, [1])).toEqual({ low: NaN, high: NaN })
    expect(bcaInterval([1, 2], NaN, [1])).toEqual({ low: NaN, high: NaN })
  })
})

describe('an estimate', () => {
  const predictions = { ...madePredictions(['COVID', 'non-COVID'], 1.2), positive: 'COVID' }
  const evaluation = measurePredictions(predictions), scores = statistics.scorePredictions(predictions)

  test('is, by default, that of measurePredictions, by group and by image', () => {
    for (const one of [predictions, ignoreGroups(predictions)]) {
      const evaluation = measurePredictions(one)
      for (const metric of ['accuracy', 'sensitivity', 'specificity', 'precision', 'f1', 'auc', 'balancedAccuracy'] as const) {
        expect(statistics.estimate(one, metric)).toMatchObject(evaluation[metric])
        expect(statistics.estimate(one, metric).intervalKind).toBe(evaluation.intervalKind)
      }
    }
  })

  test('has the values of scorePredictions, and lies inside its interval, of whatever kind', () => {
    const { matthews, kappa, brier, logLoss } = scores, { averagePrecision, negativePredictiveValue } = scores.positive!
    const oneVsOneAuc = scores.oneVsOne.macro
    const values = { matthews, kappa, brier, logLoss, averagePrecision, negativePredictiveValue, oneVsOneAuc }
    for (const [metric, expected] of Object.entries(values))
      for (const interval of ['bootstrap', 'bca'] as const) {
        const name = metric as keyof typeof values
        const { value, low, high } = statistics.estimate(predictions, name, { interval, resamples: 200 })
        close(value, expected)
        expect(low).toBeLessThan(value)
        expect(high).toBeGreaterThan(value)
      }
    const mean = statistics.estimate(madePredictions(['a', 'b', 'c'], 1), 'averagePrecision')
    expect(mean.positive).toBeNull()
    const rows = statistics.scorePredictions(madePredictions(['a', 'b', 'c'], 1)).perClass
    close(mean.value, (rows[0].averagePrecision + rows[1].averagePrecision + rows[2].averagePrecision) / 3)
  })

  test('names the class that it describes, and none where it describes all', () => {
    const named = (metric: 'auc' | 'f1' | 'accuracy' | 'matthews') =>
      statistics.estimate(predictions, metric, { resamples: 100 }).positive
    expect([named('auc'), named('f1'), named('accuracy'), named('matthews')]).toEqual(['COVID', 'COVID', null, null])
  })

  test('has DeLong’s interval, by group', () => {
    const { low, high } = delongInterval(predictions, 'COVID')
    expect(statistics.estimate(predictions, 'auc', { interval: 'delong' })).toEqual({
      value: evaluation.auc.value, low, high, metric: 'auc', positive: 'COVID', images: 240,
      intervalKind: 'DeLong’s 95 % interval over 24 number blocks',
    })
  })

  test('has Wilson’s and Clopper-Pearson’s of independent images only', () => {
    const alone = ignoreGroups(predictions), [truePositives, falseNegatives] = scores.confusion[0]
    expect(statistics.estimate(alone, 'sensitivity', { interval: 'wilson' }))
      .toMatchObject(measurePredictions(alone).sensitivity)
    expect(statistics.estimate(alone, 'sensitivity', { interval: 'clopper-pearson' }))
      .toMatchObject(statistics.clopperPearson(truePositives, truePositives + falseNegatives))
    for (const interval of ['wilson', 'clopper-pearson'] as const)
      expect(() => statistics.estimate(predictions, 'accuracy', { interval })).toThrow(/ignoreGroups/)
  })

  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  test.each<[string, any, any, RegExp]>([
    ['a metric that is none', 'acuracy', {}, /metric to be .*accuracy/],
    ['an interval that is none', 'auc', { interval: 'de long' }, /Nearest: 'delong'/],
    ['DeLong of something else', 'accuracy', { interval: 'delong' }, /auc with a positive class/],
    ['a proportion’s interval of an area', 'auc', { interval: 'wilson' }, /a proportion/],
    ['no resamples', 'auc', { resamples: 0 }, /resamples/],
    ['a class that is none', 'auc', { positive: 'x' }, /'x'/],
    ['a misspelt option', 'auc', { sed: 1 }, /did you mean seed/],
  ])('refuses %s', (_, metric, options, message) => {
    expect(() => statistics.estimate(predictions, metric, options)).toThrow(message)
  })
})
