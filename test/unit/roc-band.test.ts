/** The ROC curve with its band. */
import { expect, test } from 'vitest'
import { ignoreGroups, measurePredictions, statistics } from '../../src/lib/index'
import { madePredictions } from '../fixtures/figures'

const predictions = madePredictions(['COVID', 'non-COVID'], 1)

test('passes through the points of the curve, the highest where several lie at one rate, and along lines between', () => {
  const { roc } = measurePredictions(predictions, { positive: 'COVID' })
  const band = statistics.traceRocBand(predictions, 'COVID', { points: 121, resamples: 100 })
  for (const { falsePositiveRate, truePositiveRate } of band) {
    // 120 negatives: each rate of the band is one of the curve's.
    const highest = Math.max(...roc.filter(point => Math.abs(point.falsePositiveRate - falsePositiveRate) < 1e-9)
      .map(point => point.truePositiveRate))
    expect(truePositiveRate).toBeCloseTo(highest, 12)
  }
  const tied = statistics.fromArrays({
    classes: ['a', 'b'], truth: ['a', 'a', 'b', 'a', 'b'],
    probabilities: [0.75, 0.5, 0.5, 0.25, 0.25].map(p => [p, 1 - p]),
  })
  expect(statistics.traceRocBand(tied, 'a', { points: 5 }).map(point => point.truePositiveRate))
    .toEqual([1 / 3, 1 / 2, 2 / 3, 5 / 6, 1].map(rate => expect.closeTo(rate, 12)))
})

test('has a band around the curve, by group wider than by image', () => {
  const width = (one: typeof predictions) => {
    const band = statistics.traceRocBand(one, 'COVID', { resamples: 300 }).filter(point => !Number.isNaN(point.low))
    for (const { truePositiveRate, low, high } of band) {
      expect(low).toBeLessThanOrEqual(truePositiveRate)
      expect(high).toBeGreaterThanOrEqual(truePositiveRate)
    }
    return band.reduce((total, { low, high }) => total + high - low, 0)
  }
  expect(width(predictions)).toBeGreaterThan(1.5 * width(ignoreGroups(predictions)))
})

test('is never a line without width where resamples agree, and is not defined without both classes', () => {
  const of = (truth: string[]) => statistics.fromArrays({
    classes: ['a', 'b'], truth, probabilities: [[0.9, 0.1], [0.8, 0.2], [0.2, 0.8], [0.1, 0.9]],
  })
  for (const { truePositiveRate, low, high } of statistics.traceRocBand(of(['a', 'a', 'b', 'b']), 'a', { points: 3 }))
    expect([truePositiveRate, low, high]).toEqual([1, NaN, NaN])
  for (const { truePositiveRate, low } of statistics.traceRocBand(of(['a', 'a', 'a', 'a']), 'a', { points: 3 }))
    expect([truePositiveRate, low]).toEqual([NaN, NaN])
})

test('refuses settings out of range', () => {
  expect(() => statistics.traceRocBand(predictions, 'covid')).toThrow(/'covid'/)
  for (const options of [{ points: 1 }, { points: 2.5 }, { resamples: 1 }, { seed: -1 }])
    expect(() => statistics.traceRocBand(predictions, 'COVID', options)).toThrow(/bad-argument/)
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  expect(() => statistics.traceRocBand(predictions, 'COVID', { point: 3 } as any)).toThrow(/did you mean points/)
})
