import { expect, test } from 'vitest'
import { computeActivations } from '../../src/lib/inference/activations'
import { openPhantom } from '../../src/lib/data/phantom/phantom'
import { tensorCount } from '../../src/lib/engine/engine'
import { resnet50 } from '../../src/lib/weights/resnet50'
import { splitByGroup, type Part } from '../../src/lib/data/split/split'
import { fitProbe } from '../../src/lib/training/linear-probe'
import { concatenateStages, featureStages, stageFeatures, type StageFeatures } from '../../src/lib/inference/stage-features'
import { stream } from '../../src/lib/system/random'

const split = openPhantom({ patients: 20, slicesPerPatient: 3, size: 64 })
  .then(phantom => splitByGroup(phantom, { validation: 0.2, test: 0.2, seed: 1 }))

test('a stage’s features are the output of its last layer averaged over positions; nothing stays in the engine', async () => {
  const { test: part, dataset } = await split
  const model = await resnet50({ classes: dataset.labels, weights: 'none', width: 'quarter', size: 48 })
  const ends = ['pool1_pool', 'conv2_block3_out', 'conv3_block4_out', 'conv4_block6_out', 'conv5_block3_out']
  const observed = await computeActivations(model, part, 2, ends)
  const before = tensorCount()
  const features = await stageFeatures(model, part)
  expect(tensorCount()).toBe(before)
  featureStages.forEach((stage, s) => {
    const { height, width, channels, data } = observed[s]
    const found = features.get(stage)!
    expect([found.count, found.dimensions]).toEqual([part.indices.length, channels])
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0
      for (let pixel = 0; pixel < height * width; pixel++) sum += data[pixel * channels + channel]
      // float32 sums in another order, of layers joined in another way.
      expect(found.values[2 * channels + channel]).toBeCloseTo(sum / (height * width), 4)
    }
  })
})

test('a cancelled computation ends with the signal’s reason', async () => {
  const { test: part, dataset } = await split
  const model = await resnet50({ classes: dataset.labels, weights: 'none', width: 'quarter', size: 32 })
  const before = tensorCount()
  await expect(stageFeatures(model, part, { signal: AbortSignal.abort('enough') })).rejects.toBe('enough')
  expect(tensorCount()).toBe(before)
})

test('stages stand side by side, image by image', () => {
  const features: StageFeatures = new Map([
    ['stem', { count: 2, dimensions: 1, values: Float32Array.of(1, 2) }],
    ['conv2', { count: 2, dimensions: 2, values: Float32Array.of(3, 4, 5, 6) }],
  ])
  expect([...concatenateStages(features, ['stem', 'conv2']).values]).toEqual([1, 3, 4, 2, 5, 6])
})

test('where sixty features say little the validation part chooses a stricter penalty than where one says all', async () => {
  const parts = await split
  const made = (signal: number) => ({ dataset, indices }: Part): StageFeatures => {
    const dimensions = 60
    const values = Float32Array.from({ length: indices.length * dimensions }, (_, i) => {
      const item = indices[Math.floor(i / dimensions)]
      const noise = stream('made features', item, i % dimensions).normal()
      return i % dimensions ? noise : noise + signal * dataset.items[item].label
    })
    return new Map([['conv3', { count: indices.length, dimensions, values }]])
  }
  const [little, all] = [0.3, 20].map(made).map(of =>
    fitProbe({ split: parts, train: of(parts.train), validation: of(parts.validation), test: of(parts.test) }, ['conv3']))
  expect(little.penalty).toBeGreaterThan(all.penalty)
  expect(all).toMatchObject({ features: 60, trainedParameters: 2 * 61 })
  expect(all.validationLoss).toBeLessThan(Math.log(2) / 2)
  expect(all.test().accuracy.value).toBeGreaterThan(0.9)
})
