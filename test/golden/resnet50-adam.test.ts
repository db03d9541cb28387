/** Training steps of the whole network against Keras in float64. */
import { afterAll, describe, expect, it } from 'vitest'
import { read, release, tensor } from '../../src/lib/engine/engine'
import { crossEntropy } from '../../src/lib/network/loss'
import type { Model } from '../../src/lib/model/model'
import { Network } from '../../src/lib/network/network'
import { Learner } from '../../src/lib/training/learner'
import { crossEntropyObjective } from '../../src/lib/training/objective'
import type { OptimizerConfig } from '../../src/lib/training/optimizer'
import { images as hashedImages, positions } from './hash'
import { positiveModel } from './hashed-model'
import golden from './resnet50-adam.json'
import { images as shape, labels } from './resnet50.json'

const images = tensor(hashedImages('images', shape), shape)
afterAll(() => release(images))

/** Three steps in training mode: the loss before each, and the model afterwards. */
function threeSteps(model: Model, config: OptimizerConfig): { losses: number[]; after: Model } {
  const learner = new Learner(model, { optimizer: config, batch: labels.length })
  const losses = [0, 1, 2].map(() => learner.step(images, config.rate, crossEntropyObjective(labels, 2)).loss)
  const after = { ...model, weights: learner.weights() }
  learner.close()
  return { losses, after }
}

function inferenceLoss(model: Model): number {
  const network = new Network(model, 'infer')
  const scores = network.infer(images, true)
  const { loss } = crossEntropy(read(scores), labels, 2)
  release(scores)
  network.close()
  return loss
}

describe.each([
  { name: 'Adam by default', config: { name: 'adam', rate: 1e-5 } as const, expected: golden.default },
  { name: 'Adam with the reference\'s ε', config: { name: 'adam', rate: 3e-5, epsilon: 0.1 } as const,
    expected: golden.reference },
])('three steps of $name, against Keras in float64', ({ config, expected }) => {
  const before = positiveModel()
  const { losses, after } = threeSteps(before, config)

  it('give the same losses, in training mode and afterwards in inference mode', () => {
    // Measured 1.3e-6 after three steps; the losses themselves change by 4e-2 a step.
    const relative = [...losses, inferenceLoss(after)].map((loss, i) =>
      Math.abs(loss / [...expected.losses, expected.inferenceLossAfter][i] - 1))
    expect(Math.max(...relative)).toBeLessThan(1e-5)
  })

  it.each(Object.entries<number[]>(expected.moved))('move %s equally far', (name, values) => {
    const start = before.weights.get(name)!, end = after.weights.get(name)!
    const farthest = values.reduce((high, value) => Math.max(high, Math.abs(value)), 0)
    const largest = start.reduce((high, value) => Math.max(high, Math.abs(value)), 0)
    // float32 rounds the parameter at each step, and gradients are exact to a few in 10,000.
    const tolerance = 0.01 * farthest + 3 * 2 ** -23 * largest
    const indices = positions(name, start.length, values.length)
    const errors = indices.map((index, k) => Math.abs(end[index] - start[index] - values[k]))
    expect(Math.max(...errors)).toBeLessThan(tolerance)
  })
})
