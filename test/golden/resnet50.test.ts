/** ResNet50 forward, in inference mode and in training mode, against Keras in float64. */
import { afterAll, describe, expect, it } from 'vitest'
import { parameters } from '../../src/lib/model/architecture'
import { read, release, tensor, type Tensor } from '../../src/lib/engine/engine'
import { softmax } from '../../src/lib/model/softmax'
import { crossEntropy } from '../../src/lib/network/loss'
import { Network } from '../../src/lib/network/network'
import { images as hashedImages, positions } from './hash'
import { hashedModel, relativeDifference, upTo } from './hashed-model'
import golden from './resnet50.json'

// Keras computed in float64, the network in float32: sums of up to 4,608 products, each rounded to 6e-8. Measured 4e-7
// to 7e-7 at every stage; a wrong ε, stride, padding or variance is off by 1e-3 and more.
const inferenceTolerance = 5e-6
// Later stages have fewer numbers a channel (16 in conv5), so their batch statistics magnify rounding. Each tolerance
// is three times the difference between Keras in float32 and Keras in float64.
const trainingTolerances: Record<string, number> = {
  conv1_relu: 2e-6, pool1_pool: 2e-6, conv2_block3_out: 6e-6, conv3_block4_out: 2.2e-5, conv4_block6_out: 1e-4,
  conv5_block3_out: 3.5e-4, avg_pool: 2e-4, scores: 1.5e-4,
}

const model = hashedModel()
const images = tensor(hashedImages('images', golden.images), golden.images)
afterAll(() => release(images))

interface Sample { shape: number[]; mean: number; deviation: number; values: number[] }

function expectSample(name: string, output: Tensor, sample: Sample, tolerance: number): void {
  const values = read(output)
  expect(output.shape).toEqual(sample.shape)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  expect(Math.abs(mean - sample.mean) / sample.deviation).toBeLessThan(tolerance)
  expect(Math.abs(deviation / sample.deviation - 1)).toBeLessThan(tolerance)
  const at = positions(name, values.length, sample.values.length)
  expect(relativeDifference(at.map(i => values[i]), sample.values)).toBeLessThan(tolerance)
}

/** @param losses the expected cross-entropy for each label smoothing */
function expectLosses(scores: Float32Array, losses: Record<string, number>, decimals: number): void {
  for (const [smoothing, loss] of Object.entries(losses))
    expect(crossEntropy(scores, golden.labels, 2, Number(smoothing)).loss).toBeCloseTo(loss, decimals)
}

function inferredScores(network: Network): Float32Array {
  const scores = network.infer(images, true)
  const values = read(scores)
  release(scores)
  network.close()
  return values
}

describe('ResNet50 in Keras\'s layout', () => {
  it('has Keras\'s parameters: names, shapes, counts', () => {
    const shapes = Object.fromEntries(parameters(model.architecture).map(({ name, shape }) => [name, [...shape]]))
    expect(shapes).toEqual(golden.tensors)
    const count = (of: typeof model, left: RegExp) => parameters(of.architecture)
      .filter(({ name }) => !left.test(name)).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0)
    expect(count(model, /^predictions/)).toBe(golden.withoutTop)
    expect(count(hashedModel('reference'), /^$/)).toBe(golden.reference.parameters)
  })
})

describe('in inference mode, against Keras', () => {
  it('the outputs of every stage are the same', () => {
    const network = new Network(model, 'observe')
    const stages = Object.entries(golden.inference.stages)
    const outputs = network.observe(images, stages.map(([name]) => name))
    for (const [name, sample] of stages) expectSample(name, outputs.get(name)!, sample, inferenceTolerance)
    release(...outputs.values())
    network.close()
  })

  it.each(['observe', 'infer'] as const)('scores, probabilities and losses are the same with the purpose %s', purpose => {
    const scores = inferredScores(new Network(model, purpose))
    expect(relativeDifference(scores, golden.inference.logits)).toBeLessThan(inferenceTolerance)
    expect(relativeDifference(softmax(scores, 2), golden.inference.probabilities)).toBeLessThan(inferenceTolerance)
    expectLosses(scores, golden.inference.loss, 5)
  })

  it('the reference stem and head give the same scores', () => {
    const scores = inferredScores(new Network(hashedModel('reference'), 'infer'))
    expect(relativeDifference(scores, golden.reference.logits)).toBeLessThan(inferenceTolerance)
  })
})

describe('in training mode, against Keras', () => {
  it.each(Object.entries(golden.training.stages))('the outputs of %s are the same', (name, sample) => {
    const network = new Network(upTo(model, name), 'train')
    const output = network.trainForward(images, { seed: 0, step: 0 })
    expectSample(name, output, sample, trainingTolerances[name])
    network.close()
  })

  it('scores and losses are the same, and every moving average moves as in Keras', () => {
    const network = new Network(model, 'train')
    const scores = read(network.trainForward(images, { seed: 0, step: 0 }))
    const moved = network.weights()
    network.close()
    expect(relativeDifference(scores, golden.training.logits)).toBeLessThan(trainingTolerances.scores)
    expectLosses(scores, golden.training.loss, 3)
    for (const [name, { values }] of Object.entries(golden.movingAverages)) {
      const before = model.weights.get(name)!
      const at = positions(name, before.length, values.length)
      const step = (after: (i: number, k: number) => number) => at.map((i, k) => after(i, k) - before[i])
      // The step is a hundredth of the way to the batch's value, so that float32 rounds it by up to 2e-4.
      expect(relativeDifference(step(i => moved.get(name)![i]), step((_, k) => values[k])), name).toBeLessThan(1e-3)
    }
  })
})
