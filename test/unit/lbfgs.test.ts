import { expect, test } from 'vitest'
import { minimize } from '../../src/lib/baselines/lbfgs'

test('finds the minimum of a long, narrow bowl', () => {
  const steepness = [1, 100, 1e4, 1e6], bottom = [3, -2, 0.5, 7]
  const found = minimize(point => ({
    value: point.reduce((sum, x, i) => sum + steepness[i] / 2 * (x - bottom[i]) ** 2, 0),
    gradient: point.map((x, i) => steepness[i] * (x - bottom[i])),
  }), new Float64Array(4), { tolerance: 1e-9 })
  found.forEach((x, i) => expect(x).toBeCloseTo(bottom[i], 8))
})

test('finds the minimum of Rosenbrock’s valley, (1, 1)', () => {
  const start = Float64Array.of(-1.2, 1)
  const found = minimize(([x, y]) => ({
    value: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
    gradient: Float64Array.of(-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)),
  }), start, { tolerance: 1e-8 })
  expect(found[0]).toBeCloseTo(1, 6)
  expect(found[1]).toBeCloseTo(1, 6)
  expect([...start]).toEqual([-1.2, 1])
})

test('stays at a point that is the minimum already', () => {
  const flat = () => ({ value: 0, gradient: new Float64Array(2) })
  expect([...minimize(flat, Float64Array.of(4, 5))]).toEqual([4, 5])
})
