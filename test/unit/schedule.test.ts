import { describe, expect, test } from 'vitest'
import { learningRate, type Schedule } from '../../src/lib/training/schedule'

const epochs = (...accuracies: number[]) =>
  accuracies.map(validationAccuracy => ({ validationAccuracy, validationLoss: 1 - validationAccuracy }))

describe('one-cycle', () => {
  const at = (step: number) => learningRate({ name: 'one-cycle', warmup: 0.25 }, 1, { step, steps: 101, history: [] })

  test('starts at a 25th, peaks after the warm-up, ends near nothing', () => {
    expect(at(0)).toBeCloseTo(0.04, 10)
    expect(at(25)).toBeCloseTo(1, 10)
    expect(at(100)).toBeCloseTo(1e-4, 10)
  })

  test('rises, then falls', () => {
    for (let step = 1; step <= 25; step++) expect(at(step)).toBeGreaterThan(at(step - 1))
    for (let step = 26; step <= 100; step++) expect(at(step)).toBeLessThan(at(step - 1))
  })
})

describe('plateau, as Keras reduces on one', () => {
  const plateau: Schedule = { name: 'plateau', watch: 'validationAccuracy', factor: 0.7, patience: 2, least: 0.002 }
  const rate = (...accuracies: number[]) =>
    learningRate(plateau, 0.003, { step: 0, steps: 1, history: epochs(...accuracies) })

  test('keeps the rate while the figure improves', () => expect(rate(0.5, 0.6, 0.7)).toBe(0.003))
  test('lowers it after so many epochs without improvement', () => {
    expect(rate(0.5, 0.5)).toBe(0.003)
    expect(rate(0.5, 0.5, 0.5)).toBeCloseTo(0.0021, 10)
  })
  test('counts anew after each reduction, and stops at the least rate', () => {
    expect(rate(0.5, 0.5, 0.5, 0.5)).toBeCloseTo(0.0021, 10)
    expect(rate(0.5, 0.5, 0.5, 0.5, 0.5)).toBe(0.002)
    expect(rate(0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5)).toBe(0.002)
  })
  test('watches a loss downwards', () => {
    const loss: Schedule = { ...plateau, watch: 'validationLoss' } as Schedule
    expect(learningRate(loss, 0.003, { step: 0, steps: 1, history: epochs(0.5, 0.6, 0.7, 0.8) })).toBe(0.003)
  })
})

test('an unknown schedule is refused', () => {
  expect(() => learningRate({ name: 'cosine' } as unknown as Schedule, 1, { step: 0, steps: 1, history: [] })).toThrow(/one-cycle/)
})
