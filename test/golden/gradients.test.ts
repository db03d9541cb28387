import { afterAll, describe, expect, it } from 'vitest'
import { read, release, tensor } from '../../src/lib/engine/engine'
import { crossEntropy } from '../../src/lib/network/loss'
import type { Model } from '../../src/lib/model/model'
import { Network } from '../../src/lib/network/network'
import golden from './gradients.json'
import { images as hashedImages, projections } from './hash'
import { hashedModel, positiveModel } from './hashed-model'
import { images as shape, labels } from './resnet50.json'

interface Shadow { norm: number; projections: number[] }

const images = tensor(hashedImages('images', shape), shape)
afterAll(() => release(images))

function gradientsOf(model: Model): Map<string, Float32Array> {
  const network = new Network(model, 'train')
  const scores = network.trainForward(images, { seed: 0, step: 0 })
  const start = tensor(crossEntropy(read(scores), labels, 2).gradient, [4, 2])
  const tensors = new Map(network.backward(start))
  const values = new Map([...tensors].map(([name, gradient]) => [name, read(gradient)]))
  release(scores, start, ...tensors.values())
  network.close()
  return values
}

/** All batch normalization frozen, all convolutions training. */
function fixedModel(): Model {
  const model = hashedModel()
  const layers = model.architecture.layers.filter(({ kind }) => kind === 'batch-normalization')
  return { ...model, frozen: new Set(layers.map(({ name }) => name)) }
}

/** Length of the difference as a share of the gradient's own, estimated from eight projections, right within half. */
function distance(name: string, gradient: Float32Array, { norm, projections: expected }: Shadow): number {
  const squares = projections(name, gradient).reduce((sum, value, k) => sum + (value - expected[k]) ** 2, 0)
  return Math.sqrt(squares / expected.length) / norm
}

// Where the input of a ReLU is 0 within rounding, or two numbers in a window of max pooling are equal within it, the
// gradient may go the other way. Among n outputs of a layer that changes the gradients before it by a few times 1/√n.
const cases = [
  // Only max pooling, behind conv1, can turn. Measured up to 7e-5, most 2e-5, and PyTorch's own float32 4e-5.
  { name: 'in training mode where ReLU passes all', model: positiveModel, expected: golden.positive,
    tolerance: (name: string) => name.startsWith('conv1_') ? 1e-2 : 2e-4 },
  // A ReLU or none turns: measured 2e-6 throughout where none did.
  { name: 'with batch normalization fixed', model: fixedModel, expected: golden.fixed, tolerance: () => 2e-2 },
  // Some in ten thousand turn: PyTorch's own float32 is as far from its float64.
  { name: 'in training mode', model: hashedModel, expected: golden.training,
    tolerance: () => 2 * golden.training.single.largest },
]

describe.each(cases)('the gradient $name, against PyTorch in float64', ({ model, expected, tolerance }) => {
  const shadows: Record<string, Shadow> = expected.gradients
  const gradients = gradientsOf(model())

  it('reaches every parameter whose gradient is not zero by calculus', () => {
    expect(Object.keys(shadows).filter(name => !gradients.has(name))).toEqual([])
  })

  it.each(Object.keys(shadows))('%s', name => {
    expect(distance(name, gradients.get(name)!, shadows[name])).toBeLessThan(tolerance(name))
  })
})
