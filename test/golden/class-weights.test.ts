/** Class weights and stage rates against PyTorch in float64: see class-weights.py. */
import { expect, test } from 'vitest'
import { tensor } from '../../src/lib/engine/engine'
import { Variable } from '../../src/lib/engine/variable'
import { crossEntropy } from '../../src/lib/network/loss'
import { Optimizer } from '../../src/lib/training/optimizer'
import golden from './class-weights.json'

test.each(golden.losses)('weighted cross-entropy: weights $weights, smoothing $smoothing', ({ weights, smoothing, loss, gradient }) => {
  const scores = Float32Array.from(golden.scores)
  const found = crossEntropy(scores, golden.labels, 3, smoothing, weights)
  // Scores are float32, of which PyTorch read the float64 neighbors.
  expect(found.loss).toBeCloseTo(loss, 6)
  gradient.forEach((value, i) => expect(found.gradient[i], `element ${i}`).toBeCloseTo(value, 7))
})

test('equal weights give what no weights give', () => {
  const scores = Float32Array.from(golden.scores)
  const weighted = crossEntropy(scores, golden.labels, 3, 0.1, [2, 2, 2])
  const plain = crossEntropy(scores, golden.labels, 3, 0.1)
  expect(weighted.correct).toBe(plain.correct)
  expect(weighted.loss).toBeCloseTo(plain.loss, 12)
  plain.gradient.forEach((value, i) => expect(weighted.gradient[i]).toBeCloseTo(value, 7))
})

test('two stages with different rates take the steps of two parameter groups', () => {
  const { start, gradients, after } = golden.groups
  const names = ['late/kernel', 'early/kernel']
  const variables = new Map(names.map(name => [name, new Variable(name, [4], Float32Array.from(start))]))
  const optimizer = new Optimizer({ name: 'sgd', rate: 0.1, momentum: 0.9, stageRates: { conv4: 1 / 2.6 } }, variables,
    new Map([['late/kernel', 'head'], ['early/kernel', 'conv4']]))
  gradients.forEach((gradient, step) => {
    optimizer.apply(names.map(name => [name, tensor(Float32Array.from(gradient), [4])] as const), 0.1)
    names.forEach((name, which) => after[step][which].forEach((value, i) =>
      expect(variables.get(name)!.numbers()[i], `step ${step}, ${name}`).toBeCloseTo(value, 6)))
  })
  optimizer.close()
  for (const variable of variables.values()) variable.close()
})
