/** The backward pass of ResNet50 against PyTorch's gradients in float64. */
import { afterAll, describe, expect, it } from 'vitest'
import { read, release, tensor, type Tensor } from '../../src/lib/engine/engine'
import { OneCall, runsAsOneCall } from '../../src/lib/engine/one-call'
import { operations } from '../../src/lib/engine/operations-in-use'
import { crossEntropyTargets } from '../../src/lib/network/loss'
import type { Model } from '../../src/lib/model/model'
import { Network } from '../../src/lib/network/network'
import golden from './gradients.json'
import { images as hashedImages, projections } from './hash'
import { hashedModel, positiveModel } from './hashed-model'
import { images as shape, labels } from './resnet50.json'

/** A gradient in PyTorch: its length, and its projections onto eight random directions. */
interface Shadow { norm: number; projections: number[] }

const images = tensor(hashedImages('images', shape), shape)
afterAll(() => release(images))

function gradientsOf(model: Model): Map<string, Float32Array> {
  const network = new Network(model, 'train')
  const names: string[] = []
  const work = ([batch, targets, shares]: readonly Tensor[]) => network.withFreshValues(() => {
    const scores = network.trainForwardWith(batch, new Map())
    const start = operations().crossEntropyGradient(scores, targets, shares)
    const gradients = [...network.backward(start)]
    release(scores, start)
    names.push(...gradients.map(([name]) => name))
    return gradients.map(([, gradient]) => gradient)
  })
  const { targets, shares } = crossEntropyTargets(labels, 2)
  const inputs = [images, tensor(targets, [4, 2]), tensor(shares, [4, 1])], call = new OneCall(work)
  const tensors = runsAsOneCall() ? call.run(inputs) : work(inputs)
  const values = new Map(tensors.map((gradient, i) => [names[i], read(gradient)]))
  release(...tensors, ...inputs.slice(1))
  call.close()
  network.close()
  return values
}

/** ResNet50 with frozen batch normalizations and trainable convolutions. */
function frozenNormalizationModel(): Model {
  const model = hashedModel()
  const layers = model.architecture.layers.filter(({ kind }) => kind === 'batch-normalization')
  return { ...model, frozen: new Set(layers.map(({ name }) => name)) }
}

/** Length of the difference, divided by the length of the gradient. Eight projections estimate it to within half. */
function distance(name: string, gradient: Float32Array, { norm, projections: expected }: Shadow): number {
  const squares = projections(name, gradient).reduce((sum, value, k) => sum + (value - expected[k]) ** 2, 0)
  return Math.sqrt(squares / expected.length) / norm
}

// If the input of a ReLU is 0 within rounding, rounding decides whether the gradient passes; if two numbers of a max
// pooling window are equal within rounding, it decides to which one the gradient goes. One such decision among the n
// outputs of a layer changes the gradients before that layer by a few times 1/√n.
const cases = [
  // Only max pooling, behind conv1, can decide otherwise. Measured: up to 7e-5, mostly 2e-5; PyTorch in float32: 4e-5.
  { name: 'in training mode where every ReLU passes everything', model: positiveModel, expected: golden.positive,
    tolerance: (name: string) => name.startsWith('conv1_') ? 1e-2 : 2e-4 },
  // At most one ReLU decides otherwise. Measured without any: 2e-6 for all parameters.
  { name: 'with frozen batch normalization', model: frozenNormalizationModel, expected: golden.fixed, tolerance: () => 2e-2 },
  // Some in ten thousand decide otherwise. PyTorch in float32 differs from PyTorch in float64 as much.
  { name: 'in training mode', model: hashedModel, expected: golden.training,
    tolerance: () => 2 * golden.training.single.largest },
]

describe.each(cases)('the gradient $name, against PyTorch in float64', ({ model, expected, tolerance }) => {
  const expectedGradients: Record<string, Shadow> = expected.gradients
  const gradients = gradientsOf(model())

  it('exists for every parameter whose gradient is not zero by calculus', () => {
    expect(Object.keys(expectedGradients).filter(name => !gradients.has(name))).toEqual([])
  })

  it.each(Object.keys(expectedGradients))('%s', name => {
    expect(distance(name, gradients.get(name)!, expectedGradients[name])).toBeLessThan(tolerance(name))
  })
})
