import { expect, test } from 'vitest'
import { learningCurves } from '../../src/lib/display/figures/learning-curves'

const epoch = (number: number, validationLoss: number) => ({
  epoch: number, loss: 0.5, accuracy: 0.8, validationLoss, validationAccuracy: 0.7, rate: 1e-3, seconds: 1,
})

test('losses of a diverged run are cut off, so that they do not flatten the other curves', () => {
  const runs = { calm: [epoch(1, 0.6), epoch(2, 0.4)], wild: [epoch(1, 1e16), epoch(2, 0.9)] }
  const { svg, alt } = learningCurves(runs, { highestLoss: 3 })
  expect(svg).toContain('cut off at 3')
  expect(svg).not.toMatch(/e\+?1\d/)
  expect(alt).toContain('calm ends after 2 epochs at validation loss 0.400')
})
