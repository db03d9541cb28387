/** The published networks with 1,000 classes: Keras's, and torchvision's with its strides in other convolutions. */
import { afterAll, describe, expect, it } from 'vitest'
import { parameters, type Variant } from '../../src/lib/model/architecture'
import { read, release, tensor, type Tensor } from '../../src/lib/engine/engine'
import { describeResNet50 } from '../../src/lib/model/resnet50-layers'
import { crossEntropy } from '../../src/lib/network/loss'
import type { Model } from '../../src/lib/model/model'
import { Network } from '../../src/lib/network/network'
import { preprocessed } from '../../src/lib/model/preprocessing'
import { fromTorch } from '../../src/lib/weights/formats/torch-names'
import { images as hashedImages, positions, projections, tensor as hashed } from './hash'
import { relativeDifference } from './hashed-model'
import golden from './resnet50-variants.json'

// As in resnet50.test.ts: Keras and PyTorch computed in float64, the network in float32.
const tolerance = 5e-6
// If the input of a ReLU is 0 within rounding, rounding decides whether a gradient passes: differences of 2e-6 without
// such a case, 1e-3 with one.
const gradientTolerance = 2e-2

const images = tensor(hashedImages('images', golden.images), golden.images)
afterAll(() => release(images))
const numbers = new Map(parameters(describeResNet50({ classes: 1000 }))
  .map(({ name, shape }) => [name, hashed(name, shape)]))

/** torchvision's convolutions have no bias. */
function published(variant: Variant): Model {
  const weights = new Map([...numbers].map(([name, values]) =>
    [name, variant === 'v1.5' && name.endsWith('_conv/bias') ? new Float32Array(values.length) : values] as const))
  return {
    name: 'ResNet50', architecture: describeResNet50({ size: 64, variant, classes: 1000 }), weights, frozen: new Set(),
    labels: Array.from({ length: 1000 }, (_, i) => String(i)), size: 64, preprocessing: 'unit', start: 'hash',
  }
}

interface Sample { shape: number[]; mean: number; deviation: number; values: number[] }

function expectSample(name: string, output: Tensor, sample: Sample): void {
  const values = read(output)
  expect(output.shape).toEqual(sample.shape)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  expect(Math.abs(mean - sample.mean) / sample.deviation).toBeLessThan(tolerance)
  const at = positions(name, values.length, sample.values.length)
  expect(relativeDifference(at.map(i => values[i]), sample.values)).toBeLessThan(tolerance)
}

describe.each([['v1', 'Keras'], ['v1.5', 'torchvision']] as const)('%s with 1,000 classes, against %s', (variant, _framework) => {
  it.each(['infer', 'observe'] as const)('gives the same scores with the purpose %s', purpose => {
    const network = new Network(published(variant), purpose)
    const scores = network.infer(images)
    expectSample(`scores ${variant}`, scores, golden[variant].scores)
    release(scores)
    network.close()
  })
})

describe('v1.5, against torchvision', () => {
  it('the outputs of every stage are the same', () => {
    const network = new Network(published('v1.5'), 'observe')
    const stages = Object.entries(golden['v1.5'].stages)
    const outputs = network.observe(images, stages.map(([name]) => name))
    for (const [name, sample] of stages) expectSample(name, outputs.get(name)!, sample)
    release(...outputs.values())
    network.close()
  })

  it('gradients are the same through strides and padding', () => {
    const model = published('v1.5')
    const normalization = model.architecture.layers.filter(({ kind }) => kind === 'batch-normalization')
    const network = new Network({ ...model, frozen: new Set(normalization.map(({ name }) => name)) }, 'train')
    const scores = network.trainForward(images, { seed: 0, step: 0 })
    const start = tensor(crossEntropy(read(scores), golden.classes, 1000).gradient, [golden.classes.length, 1000])
    const shadows = new Map<string, number[]>()
    const { gradients } = golden['v1.5']
    for (const [name, gradient] of network.backward(start)) {
      if (name in gradients) shadows.set(name, projections(name, read(gradient)))
      release(gradient)
    }
    release(scores, start)
    network.close()
    for (const [name, { norm, projections: expected }] of Object.entries(gradients)) {
      const squares = expected.reduce((sum, value, k) => sum + (value - shadows.get(name)![k]) ** 2, 0)
      expect(Math.sqrt(squares / expected.length) / norm, name).toBeLessThan(gradientTolerance)
    }
  })

  it.each(['torchvision', 'transformers'] as const)('%s keeps it in other names and shapes: each finds its place', owner => {
    const empty = new Float32Array(0)
    const kept = Object.entries(golden['v1.5'][owner]).map(([name, shape]) => [name, { shape, values: empty }] as const)
    const wanted = parameters(describeResNet50({ variant: 'v1.5', classes: 1000 }))
    const found = fromTorch(new Map(kept), wanted)
    expect(new Map([...found].map(([name, { shape }]) => [name, shape])))
      .toEqual(new Map(wanted.map(({ name, shape }) => [name, shape])))
    expect([...found.keys()].filter(name => name.endsWith('_conv/bias'))).toHaveLength(53)
  })
})

describe('preprocessing, against Keras', () => {
  const { pixels, ...modes } = golden.preprocessing
  it.each(['caffe', 'torch'] as const)('%s', mode => {
    const image = { width: pixels.length / 3, height: 1, channels: 3, data: Uint8Array.from(pixels) } as const
    // Float32 keeps seven digits.
    expect(relativeDifference(preprocessed(image, mode), modes[mode])).toBeLessThan(1e-7)
  })

  it('a grey image is one of three equal channels', () => {
    const grey = { width: 2, height: 1, channels: 1, data: Uint8Array.of(7, 200) } as const
    const colour = { ...grey, channels: 3, data: Uint8Array.of(7, 7, 7, 200, 200, 200) } as const
    expect(preprocessed(grey, 'caffe')).toEqual(preprocessed(colour, 'caffe'))
  })
})
