/** Classes of unequal numbers: weights, balanced batches; and learning rates by stage. */
import { describe, expect, test } from 'vitest'
import { train } from '../../src/lib/training/train'
import type { Dataset } from '../../src/lib/data/dataset'
import { parameters } from '../../src/lib/model/architecture'
import { countMovedNumbers } from '../../src/lib/model/moved-numbers'
import { balancedOrder, classWeightsOf } from '../../src/lib/training/class-balance'
import { fallingRates } from '../../src/lib/training/optimizer'
import type { TrainConfig } from '../../src/lib/training/config'
import { smallDataset, smallModel, smallSplit } from '../fixtures/small-model'

/** Every fifth image is of the second class. */
function unequal(): Dataset {
  const dataset = smallDataset()
  return { ...dataset, contentHash: 'unequal', items: dataset.items.map((item, i) => ({ ...item, label: i % 5 === 0 ? 1 : 0 })) }
}
const parts = smallSplit(unequal())
const config: TrainConfig = { epochs: 1, batch: 8, optimizer: { name: 'adam', rate: 1e-3 }, seed: 3 }

describe('classWeightsOf', () => {
  test("'balanced': images / (classes · images of the class), as scikit-learn's compute_class_weight", () => {
    // 24 training images, of which those with index 0, 5, 10, 15, 20 are of the second class.
    expect(classWeightsOf('balanced', parts.train)).toEqual([24 / (2 * 19), 24 / (2 * 5)])
  })

  test('by name, in the order of the classes', () => {
    expect(classWeightsOf({ dark: 3, bright: 0.5 }, parts.train)).toEqual([0.5, 3])
    expect(classWeightsOf(undefined, parts.train)).toBeUndefined()
  })
})

describe('balancedOrder', () => {
  const labels = [0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 0, 0, 0]

  test('every stretch has as many of each class, or one more', () => {
    const order = balancedOrder(labels, 3, 5, 2)
    expect(order).toHaveLength(labels.length)
    for (let start = 0; start + 6 <= order.length; start++) {
      const counts = [0, 0, 0]
      for (const index of order.subarray(start, start + 6)) counts[labels[index]]++
      expect(counts).toEqual([2, 2, 2])
    }
  })

  test('over the epochs all images of a class come equally often, or once more', () => {
    const seen = new Array(labels.length).fill(0)
    for (let epoch = 0; epoch < 7; epoch++) for (const index of balancedOrder(labels, 3, 5, epoch)) seen[index]++
    for (const k of [0, 1, 2]) {
      const own = seen.filter((_, i) => labels[i] === k)
      expect(Math.max(...own) - Math.min(...own)).toBeLessThanOrEqual(1)
      expect(Math.min(...own)).toBeGreaterThan(0)
    }
  })

  test('differs by epoch and seed, and is the same for the same ones', () => {
    expect(balancedOrder(labels, 3, 1, 0)).toEqual(balancedOrder(labels, 3, 1, 0))
    expect(balancedOrder(labels, 3, 1, 1)).not.toEqual(balancedOrder(labels, 3, 1, 0))
    expect(balancedOrder(labels, 3, 2, 0)).not.toEqual(balancedOrder(labels, 3, 1, 0))
  })
})

describe('train', () => {
  test.each<readonly [string, Partial<TrainConfig>]>([
    ['balanced weights', { classWeights: 'balanced' }], ['weights by name', { classWeights: { bright: 1, dark: 4 } }],
    ['balanced batches', { balancedBatches: true }], ['rates by stage', { optimizer: { ...config.optimizer, stageRates: { stem: 0.1 } } }],
  ])('learns otherwise with %s, and gives the same bits again', async (_, more) => {
    const plain = await train(smallModel(), parts, config)
    const changed = await train(smallModel(), parts, { ...config, ...more })
    expect(changed.history[0].loss).not.toBe(plain.history[0].loss)
    expect((await train(smallModel(), parts, { ...config, ...more })).model.weights).toEqual(changed.model.weights)
  })

  test('an optimizer with rates of 1 for all stages takes the same steps', async () => {
    const stageRates = { stem: 1, head: 1 }
    const plain = await train(smallModel(), parts, config)
    const same = await train(smallModel(), parts, { ...config, optimizer: { ...config.optimizer, stageRates } })
    expect(same.model.weights).toEqual(plain.model.weights)
  })

  test('a stage with the rate 0 keeps its kernels', async () => {
    const model = smallModel()
    const optimizer = { ...config.optimizer, stageRates: { conv2: 0 } }
    const { model: after } = await train(model, parts, { ...config, optimizer })
    const stageOf = new Map(model.architecture.layers.map(({ name, stage }) => [name, stage]))
    for (const { name, layer } of parameters(model.architecture).filter(one => one.trainable))
      if (stageOf.get(layer) === 'conv2') expect(after.weights.get(name), name).toEqual(model.weights.get(name))
    expect(countMovedNumbers(model, after)).toBeTruthy()
  })

  test.each<readonly [string, Partial<TrainConfig> | object, string]>([
    ['both ways at once', { classWeights: 'balanced', balancedBatches: true }, 'Choose one'],
    ['another word', { classWeights: 'balance' }, "classWeights to be 'balanced'"],
    ['a weight of 0', { classWeights: { bright: 0, dark: 1 } }, 'classWeights.bright to be a number above 0'],
    ['a weight without a class', { classWeights: { bright: 1, drak: 1 } }, "Nearest: 'dark'"],
    ['a class without a weight', { classWeights: { bright: 1 } }, 'none for dark'],
    ['a rate for no stage', { optimizer: { ...config.optimizer, stageRates: { conv6: 0.1 } } }, 'conv6: did you mean conv'],
    ['a factor above 1', { optimizer: { ...config.optimizer, stageRates: { head: 10 } } }, 'optimizer.stageRates.head'],
  ])('refuses %s', async (_, more, message) => {
    await expect(train(smallModel(), parts, { ...config, ...more } as TrainConfig)).rejects.toThrow(message)
  })

  test('refuses balance where a class has no training images', async () => {
    const dataset = { ...smallDataset(), items: smallDataset().items.map(item => ({ ...item, label: 0 })) }
    for (const more of [{ classWeights: 'balanced' }, { balancedBatches: true }] as const)
      await expect(train(smallModel(), smallSplit(dataset), { ...config, ...more })).rejects.toThrow('none of dark')
  })
})

test('fallingRates falls by the factor from stage to stage', () => {
  expect(fallingRates(2)).toEqual({ stem: 1 / 32, conv2: 1 / 16, conv3: 1 / 8, conv4: 1 / 4, conv5: 1 / 2, head: 1 })
})
