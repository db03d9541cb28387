/** Calibration, temperature, decision curves and subgroups, against scikit-learn and SciPy. */
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import golden from '../golden/calibration.json'
import scores from '../golden/scores.json'
import { measureReliability } from '../../src/lib/evaluation/calibration/reliability'
import { ignoreGroups, measurePredictions, statistics, type Predictions } from '../../src/lib/index'
import { stream } from '../../src/lib/system/random'
import { madePredictions } from '../fixtures/figures'

const close = (received: number, expected: number, tolerance = 1e-12) =>
  expect(Math.abs(received - expected), `${received} for ${expected}`).toBeLessThan(tolerance)

/** Other images of other patients. */
const renamed = (predictions: Predictions): Predictions => ({
  ...predictions, names: predictions.names.map(name => `test ${name}`),
  groups: predictions.groups.map(group => group && `test ${group}`),
})

const samples = new Map(scores.cases.map(({ name, truth, probabilities }) => {
  const classes = probabilities[0].map((_, k) => `class ${k}`)
  return [name, statistics.fromArrays({ classes, truth: truth.map(k => classes[k]), probabilities })]
}))

describe.each(golden.cases)('$sample', ({ sample, curve, called, temperature, net }) => {
  const predictions = samples.get(sample)!

  test.each([['of one class', 'class 0', curve], ['of the called class', undefined, called]] as const)(
    'reliability diagram and calibration error %s, as scikit-learn', (_, positive, expected) => {
      const options = { positive, ranges: expected.ranges, resamples: 100 }
      const { error, rows } = statistics.measureCalibration(predictions, options)
      const filled = rows.filter(row => row.images > 0)
      expect(filled.map(row => row.images)).toEqual(expected.images)
      filled.forEach((row, i) => {
        close(row.meanScore, expected.meanScore[i])
        close(row.observedShare, expected.observedShare[i])
      })
      close(error.value, expected.error)
    })

  test('temperature, as SciPy finds it', () => {
    const fitted = statistics.fitTemperature(predictions)
    // SciPy's minimum is flat to the square root of double precision.
    close(fitted.temperature / temperature.temperature, 1, 1e-6)
    close(fitted.after, temperature.after, 1e-9)
    expect(fitted.after).toBeLessThanOrEqual(fitted.before)
    const { probabilities } = statistics.applyTemperature(fitted, renamed(predictions))
    // 1e-6: probabilities are kept in 32 bits.
    temperature.probabilities.flat().forEach((expected, i) => close(probabilities[i], expected, 1e-6))
  })

  test('net benefit', () => {
    const thresholds = net.map(one => one.threshold)
    const points = statistics.traceDecisionCurve(predictions, 'class 0', { thresholds, resamples: 100 })
    points.forEach((point, i) => {
      close(point.netBenefit, net[i].netBenefit)
      close(point.everybody, net[i].everybody)
    })
  })
})

describe('calibration', () => {
  test('scores on the end of a range belong to the range that begins there, in 32 bits too', () => {
    const scores = [...Array(10).fill(0.6), ...Array(10).fill(0.7)], ill = (i: number) => (i < 10 ? i < 8 : i < 15)
    const written = statistics.fromArrays({
      classes: ['ill', 'well'], truth: scores.map((_, i) => (ill(i) ? 'ill' : 'well')), positive: 'ill',
      probabilities: scores.map(score => [score, 1 - score]),
    })
    const { error, rows } = statistics.measureCalibration(written, { resamples: 100 })
    expect(rows.filter(row => row.images).map(row => [row.from, row.images])).toEqual([[0.6, 10], [0.7, 10]])
    close(error.value, 0.2, 1e-7)
    const shares = measureReliability(scores.map((_, i) => Number(ill(i))), scores, 10).filter(row => row.images)
    expect(shares.map(row => [row.from, row.observedShare])).toEqual([[0.6, 0.8], [0.7, 0.5]])
  })

  const predictions = madePredictions(['COVID', 'non-COVID'], 1)

  test('has intervals by group, and says what chance alone would show', () => {
    const measured = statistics.measureCalibration(predictions, { positive: 'COVID', ranges: 5 })
    const { error, errorIfCalibrated, rows, intervalKind } = measured
    expect(intervalKind).toBe('95 % intervals by bootstrap over 24 number blocks')
    expect(error.low).toBeLessThan(error.high)
    expect(errorIfCalibrated).toBeGreaterThan(0)
    for (const { observedShare, low, high } of rows) {
      expect(low).toBeLessThanOrEqual(observedShare)
      expect(high).toBeGreaterThanOrEqual(observedShare)
    }
    expect(inspect(measured)).toMatch(/Expected calibration error 0\.\d+ .* would show 0\.\d+/)
    const byImage = statistics.measureCalibration(ignoreGroups(predictions), { positive: 'COVID', ranges: 5 })
    expect(byImage.error.value).toBe(error.value)
    expect(byImage.error.high - byImage.error.low).toBeLessThan(error.high - error.low)
  })

  /** Each patient's four images share a score, which is right on average, and the truth: the true error is 0. */
  test('of calibrated probabilities: the error is what chance would show, and the interval begins at 0', () => {
    const worlds = 60
    let errors = 0, chance = 0, holds = 0
    for (let world = 0; world < worlds; world++) {
      const numbers = stream('calibrated worlds', world)
      const patients = Array.from({ length: 60 }, (_, patient) => {
        const score = numbers.uniform()
        return { patient: `p${patient}`, score, truth: numbers.uniform() < score ? 'a' : 'b' }
      })
      const images = patients.flatMap(one => [one, one, one, one])
      const measured = statistics.measureCalibration(statistics.fromArrays({
        classes: ['a', 'b'], truth: images.map(one => one.truth), groups: images.map(one => one.patient),
        probabilities: images.map(({ score }) => [score, 1 - score]), positive: 'a',
      }), { ranges: 5, resamples: 200 })
      errors += measured.error.value / worlds
      chance += measured.errorIfCalibrated / worlds
      holds += Number(measured.error.low === 0)
    }
    close(errors, chance, 0.015)
    expect(holds / worlds).toBeGreaterThan(0.9)
  })

  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  test.each<[any, RegExp]>([
    [{ ranges: 1 }, /ranges/], [{ ranges: 2.5 }, /ranges/], [{ bins: 10 }, /bins/], [{ positive: 'x' }, /'x'/], [{ seed: -1 }, /seed/],
    [{ resamples: 1 }, /resamples/],
  ])('refuses %j', (options, message) => expect(() => statistics.measureCalibration(predictions, options)).toThrow(message))
})

describe('a temperature', () => {
  const predictions = madePredictions(['a', 'b', 'c'], 1)
  const fitted = statistics.fitTemperature(predictions)

  test('keeps the called classes, and is undone by its inverse', () => {
    const scaled = statistics.applyTemperature(fitted, renamed(predictions))
    expect(measurePredictions(scaled).confusion).toEqual(measurePredictions(predictions).confusion)
    const back = statistics.applyTemperature({ ...fitted, temperature: 1 / fitted.temperature }, scaled)
    back.probabilities.forEach((p, i) => close(p, predictions.probabilities[i], 1e-6))
    expect(inspect(scaled)).toMatch(/240|360 images, at a temperature of/)
  })

  test('mends probabilities that somebody made too extreme', () => {
    const half = { ...fitted, temperature: 0.5, names: [] }
    const extreme = { ...predictions, probabilities: statistics.applyTemperature(half, predictions).probabilities }
    close(statistics.fitTemperature(extreme).temperature / fitted.temperature, 2, 1e-4)
  })

  test('is not applied to images that chose it, and warns of their patients', () => {
    expect(() => statistics.applyTemperature(fitted, predictions)).toThrow(/did not choose the temperature.*360 images/)
    const others = { ...renamed(predictions), groups: predictions.groups }
    expect(inspect(statistics.applyTemperature(fitted, others))).toMatch(/36 groups had images among those/)
  })

  test('is refused where none is best', () => {
    const of = (rows: number[][], truth: string[]) => statistics.fromArrays({ classes: ['a', 'b'], truth, probabilities: rows })
    expect(() => statistics.fitTemperature(of([[0.9, 0.1], [0.2, 0.8]], ['a', 'b']))).toThrow(/all called what they are/)
    expect(() => statistics.fitTemperature(of([[0.9, 0.1], [0.2, 0.8]], ['b', 'a']))).toThrow(/less than equal/)
    expect(() => statistics.fitTemperature(of([[0.5, 0.5]], ['b']))).toThrow(/less than equal/)
    expect(statistics.findTemperature(of([[0.9, 0.1], [0.2, 0.8]], ['a', 'b']))).toEqual({ missing: expect.stringMatching(/all called what they are/) })
    expect(() => statistics.fitTemperature(of([], []))).toThrow(/[Nn]o images/)
  })
})

describe('a decision curve', () => {
  const predictions = madePredictions(['COVID', 'non-COVID'], 1.2)

  test('has 99 thresholds, intervals by group, and lies above 0 where everybody’s falls below', () => {
    const points = statistics.traceDecisionCurve(predictions, 'COVID', { resamples: 200 })
    expect(points.map(point => point.threshold).slice(0, 2)).toEqual([0.01, 0.02])
    expect(points).toHaveLength(99)
    for (const { netBenefit, low, high } of points.filter(point => !Number.isNaN(point.low))) {
      expect(low).toBeLessThanOrEqual(netBenefit)
      expect(high).toBeGreaterThanOrEqual(netBenefit)
    }
    close(points[49].everybody, 0)
    expect(points[49].netBenefit).toBeGreaterThan(0)
  })

  test('counts a score that was written as the threshold', () => {
    const one = statistics.fromArrays({ classes: ['a', 'b'], truth: ['a', 'b'], probabilities: [[0.7, 0.3], [0.1, 0.9]] })
    expect(statistics.traceDecisionCurve(one, 'a', { thresholds: [0.7] })[0].netBenefit).toBe(0.5)
  })

  test('refuses thresholds of percent, none, and misspelt options', () => {
    for (const thresholds of [[0], [1], [50], [NaN], []])
      expect(() => statistics.traceDecisionCurve(predictions, 'COVID', { thresholds })).toThrow(/threshold/)
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    expect(() => statistics.traceDecisionCurve(predictions, 'COVID', { threshold: [0.5] } as any)).toThrow(/did you mean thresholds/)
    expect(() => statistics.traceDecisionCurve(predictions, 'covid')).toThrow(/'covid'/)
  })
})

describe('subgroups', () => {
  const predictions = { ...madePredictions(['COVID', 'non-COVID'], 1.2), positive: 'COVID' }
  const bySite = predictions.names.map((_, i) => (i % 120 < 80 ? 'A' : i % 120 < 110 ? 'B' : null))

  test('are judged each by itself, the largest first, images without a value as unknown', () => {
    const rows = statistics.estimateBySubgroup(predictions, bySite, 'sensitivity')
    expect(rows.map(({ subgroup, images, units, positives }) => [subgroup, images, units, positives]))
      .toEqual([['A', 160, 16, 80], ['B', 60, 6, 30], ['unknown', 20, 2, 10]])
    for (const { subgroup, value, low } of rows) {
      const images = bySite.flatMap((site, i) => ((site ?? 'unknown') === subgroup ? [i] : []))
      const right = images.filter(i => predictions.labels[i] === 0 && predictions.probabilities[2 * i] >= 0.5)
      close(value, right.length / images.filter(i => predictions.labels[i] === 0).length)
      expect(low).toBeLessThan(value)
    }
    expect(rows.map(row => row.warning)).toEqual(['only 16 number blocks', 'only 6 number blocks', 'only 2 number blocks'])
  })

  test('may come by the images’ names, and small ones are warned of', () => {
    const column = Object.fromEntries(predictions.names.slice(0, 5).map(name => [name, 'few']))
    const [rest, few] = statistics.estimateBySubgroup(ignoreGroups(predictions), column, 'accuracy')
    expect([rest.subgroup, rest.images, rest.warning]).toEqual(['unknown', 235, ''])
    expect([few.subgroup, few.images, few.warning])
      .toEqual(['few', 5, 'only 5 images; only 5 images of COVID; only 0 images of the rest'])
    const without = statistics.estimateBySubgroup({ ...predictions, positive: undefined }, column, 'accuracy')
    expect(without[1].warning).toBe('only 1 number block; only 5 images of COVID; only 0 images of non-COVID')
  })

  test('are refused for other images', () => {
    expect(() => statistics.estimateBySubgroup(predictions, ['A'], 'accuracy')).toThrow(/240 values/)
    expect(() => statistics.estimateBySubgroup(predictions, { 'x.png': 'A' }, 'accuracy')).toThrow(/values by image name/)
    expect(() => statistics.estimateBySubgroup(predictions, { toString: 'A' }, 'accuracy')).toThrow(/received toString/)
  })

  test('bands of numbers', () => {
    expect(statistics.toBands([39.9, 40, 59, 60, 99, null], [40, 60]))
      .toEqual(['below 40', '40 to below 60', '40 to below 60', 'from 60', 'from 60', null])
    expect(() => statistics.toBands([1], [60, 40])).toThrow(/an edge/)
    expect(() => statistics.toBands([1], [])).toThrow(/one edge/)
    expect(() => statistics.toBands([NaN], [40])).toThrow(/a value/)
  })
})
