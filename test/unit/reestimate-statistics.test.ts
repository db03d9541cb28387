import { describe, expect, test } from 'vitest'
import { computeActivations } from '../../src/lib/inference/activations'
import { openBatches } from '../../src/lib/batches/batches'
import { read, release, tensor, tensorCount } from '../../src/lib/engine/engine'
import { freeze } from '../../src/lib/model/freeze'
import type { Model } from '../../src/lib/model/model'
import { Network } from '../../src/lib/network/network'
import type { Part } from '../../src/lib/data/split/split'
import { reestimateStatistics } from '../../src/lib/inference/reestimate-statistics'
import { smallModel, smallSplit } from '../fixtures/small-model'

const { train: part } = smallSplit()
const changed = (before: Model, after: Model) =>
  [...before.weights.keys()].filter(name => after.weights.get(name) !== before.weights.get(name))
const isStatistic = (name: string) => /moving_(mean|variance)$/.test(name)

/** Class scores of a part's images, all in one batch. */
async function scores(model: Model, { indices }: Part, mode: 'infer' | 'train'): Promise<Float32Array> {
  const { input: images } = (await openBatches(part, model)).read([...indices.keys()])
  const input = tensor(images, [indices.length, model.size, model.size, 3])
  const network = new Network(model, mode)
  const output = network.infer(input)
  const values = read(output)
  release(input, output)
  network.close()
  return values
}

describe('statistics measured on a part', () => {
  test('of the first normalization are the mean and variance of what reaches it, however images share batches', async () => {
    const model = smallModel()
    const outputs = await Promise.all([...part.indices.keys()].map(async place =>
      (await computeActivations(model, part, place, ['first_conv']))[0].data))
    for (const batch of [5, 24]) {
      const { weights } = await reestimateStatistics(model, part, { batch })
      for (let channel = 0; channel < 4; channel++) {
        const values = outputs.flatMap(data => [...data].filter((_, i) => i % 4 === channel))
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length
        const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
        // Sums of 6,144 numbers of size 1 in float32, in another order.
        expect(weights.get('first_bn/moving_mean')![channel]).toBeCloseTo(mean, 5)
        expect(weights.get('first_bn/moving_variance')![channel]).toBeCloseTo(variance, 5)
      }
    }
  })

  test('of one batch make inference equal training mode for that batch, in every layer', async () => {
    const model = smallModel()
    const measured = await reestimateStatistics(model, part, { batch: part.indices.length })
    const inTraining = await scores(model, part, 'train')
    const atInference = await scores(measured, part, 'infer')
    // Folding multiplies the kernels before the convolution instead of its sums after it: float32 rounding apart.
    atInference.forEach((value, i) => expect(value).toBeCloseTo(inTraining[i], 4))
    expect(atInference).not.toEqual(await scores(model, part, 'infer'))
  })

  test('replace no other number; the original model does not change', async () => {
    const model = smallModel({ dropout: 0.5 })
    const before = [...model.weights].map(([name, values]) => [name, values.slice()])
    const after = await reestimateStatistics(model, part)
    expect(changed(model, after)).toEqual([...model.weights.keys()].filter(isStatistic))
    expect([...after.weights.keys()]).toEqual([...model.weights.keys()])
    expect([...model.weights]).toEqual(before)
  })

  test('are the same for the same seed', async () => {
    const weights = async (seed: number) => (await reestimateStatistics(smallModel(), part, { batch: 5, seed })).weights
    expect(await weights(1)).toEqual(await weights(1))
    expect(await weights(2)).not.toEqual(await weights(1))
  })

  test('of frozen layers do not change', async () => {
    const frozen = freeze(smallModel(), { through: 'stem' })
    const names = changed(frozen, await reestimateStatistics(frozen, part))
    expect(names).not.toContain('first_bn/moving_mean')
    expect(names).toContain('up_bn/moving_mean')
  })

  test('leave no tensor in the engine', async () => {
    await reestimateStatistics(smallModel(), part)
    const before = tensorCount()
    await reestimateStatistics(smallModel(), part, { batch: 7 })
    expect(tensorCount()).toBe(before)
  })

  test.each([
    ['a batch of one', smallModel(), part, { batch: 1 }],
    ['a part of one image', smallModel(), { ...part, indices: [3] }, {}],
    ['a model whose normalizations are all frozen', freeze(smallModel(), { through: 'head' }), part, {}],
  ])('are refused for %s', async (_, model, images, options) => {
    await expect(reestimateStatistics(model, images, options)).rejects.toMatchObject({ code: 'bad-argument' })
  })
})
