import { describe, expect, test } from 'vitest'
import { scatterOf } from '../../src/lib/training/contrastive/collapse'
import { contrastiveLoss } from '../../src/lib/training/contrastive/loss'
import { contrastiveObjective } from '../../src/lib/training/contrastive/objective'
import { gradientInEngine } from '../fixtures/engine-gradient'
import golden from './contrastive.json'
import { uniform } from './hash'

/** As contrastive.py makes them: rows i and n + i are two views of image i. */
function projections(name: string, images: number, width: number): Float32Array {
  const first = uniform(`${name} first`, images * width), second = uniform(`${name} second`, images * width)
  return Float32Array.from({ length: 2 * first.length }, (_, i) =>
    (i < first.length ? first[i] : 0.4 * first[i - first.length] + second[i - first.length]))
}

describe.each(Object.entries(golden.cases))('%s views', (name, { images, width, temperature, ...expected }) => {
  const rows = projections(name, images, width)
  const { loss, found, gradient } = contrastiveLoss(rows, width, temperature)

  test("have PyTorch's decoupled contrastive loss, and not SimCLR's", () => {
    // Both compute in float64 from the same float32 numbers; the file holds nine digits.
    expect(loss).toBeCloseTo(expected.loss, 7)
    expect(found).toBeCloseTo(expected.found, 7)
    expect(Math.abs(loss - expected.simclr)).toBeGreaterThan(0.01)
  })

  test("have autograd's gradient", () => {
    // A gradient is rounded to float32, to 6e-8 of itself.
    const largest = Math.max(...expected.gradient.map(Math.abs))
    gradient.forEach((value, i) => expect(Math.abs(value - expected.gradient[i])).toBeLessThan(2e-7 * largest))
  })

  test("have autograd's gradient in the engine too", () => {
    const largest = Math.max(...expected.gradient.map(Math.abs))
    const [found] = gradientInEngine(contrastiveObjective(temperature, width, 2 * images), rows, [2 * images, width])
    // Float32 against float64: at most 3e-7 of the largest number was measured.
    found.forEach((value, i) => expect(Math.abs(value - expected.gradient[i])).toBeLessThan(3e-6 * largest))
  })

  test("have the spread and the participation ratio of NumPy's eigenvalues", () => {
    const { spread, dimensions } = scatterOf(rows, width)
    expect(spread).toBeCloseTo(expected.spread, 7)
    expect(dimensions).toBeCloseTo(expected.dimensions, 6)
  })
})

test('only directions count: lengths change neither the loss nor the scatter', () => {
  const rows = projections('many', 16, 32)
  const longer = rows.map((value, i) => value * 2 ** (Math.floor(i / 32) % 5))
  expect(contrastiveLoss(longer, 32, 0.1).loss).toBe(contrastiveLoss(rows, 32, 0.1).loss)
  expect(scatterOf(longer, 32)).toEqual(scatterOf(rows, 32))
})

test('a row of zeros has no direction: it gets no gradient, and the others keep a finite one', () => {
  const rows = projections('many', 16, 32).fill(0, 0, 32)
  const { loss, gradient } = contrastiveLoss(rows, 32, 0.1)
  expect(Number.isFinite(loss)).toBe(true)
  expect(gradient.subarray(0, 32).every(value => value === 0)).toBe(true)
  expect(gradient.every(Number.isFinite)).toBe(true)
})
