/** Intervals and tests in worlds whose truth is known; test/simulation/coverage.ts has more. */
import { expect, test } from 'vitest'
import { statistics } from '../../src/lib/index'
import { measureFrequencies, truthOf, worldOf } from '../fixtures/grouped-worlds'

const world = { patients: 40, imagesEach: 5, distance: 2, alike: 1 }

test('the truth of a world is what many of its patients show', () => {
  const [many] = worldOf({ ...world, patients: 8000 }, 1), { auc, share, calibrationError } = truthOf(world)
  const { positive, accuracy } = statistics.scorePredictions(many)
  // Three standard errors: patients, not images, are independent.
  expect(Math.abs(positive!.auc - auc)).toBeLessThan(0.01)
  expect(Math.abs(accuracy - share)).toBeLessThan(0.01)
  const { error } = statistics.measureCalibration(many, { ranges: 5, resamples: 100 })
  expect(Math.abs(error.value - calibrationError)).toBeLessThan(0.01)
})

test('intervals by patient hold the truth in about 95 of 100 worlds, those by image in far fewer; tests likewise', () => {
  const rows = measureFrequencies(world, 100, 200)
  const intervals = rows.filter(row => !row.what.startsWith('test')), tests = rows.filter(row => row.what.startsWith('test'))
  // Two standard errors of 100 worlds at .95 are .044.
  for (const { what, by, share } of intervals)
    if (by === 'patients') expect(share, what).toBeGreaterThan(0.9)
    else if (what !== 'calibration error') expect(share, what).toBeLessThan(0.9)
  for (const { what, by, share } of tests)
    if (by === 'patients') expect(share, what).toBeLessThan(0.1)
    else expect(share, what).toBeGreaterThan(0.1)
})
