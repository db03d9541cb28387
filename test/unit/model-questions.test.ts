/** Questions about a model's numbers and about maps, counted by hand on a network of a few layers. */
import { expect, test } from 'vitest'
import { evenMap } from '../../src/lib/images/feature-map'
import { correlateLayers, findGreatestDifference } from '../../src/lib/images/map-comparison'
import { countBlock } from '../../src/lib/model/block-cost'
import { countStageCosts, shareCosts } from '../../src/lib/model/convolution-cost'
import { readFilters, sumInputs } from '../../src/lib/model/filters'
import { freeze } from '../../src/lib/model/freeze'
import { countMovingAverages, countTrainableByDepth, listLayers, traceDrift } from '../../src/lib/model/layer-list'
import { countParameters } from '../../src/lib/model/parameter-count'
import { smallModel } from '../fixtures/small-model'

const model = smallModel()

test('layers that hold numbers, in order', () => {
  expect(listLayers(model)[0]).toBe('first_conv')
  expect(listLayers(model).at(-1)).toBe('predictions')
  expect(listLayers(model)).not.toContain('first_relu')
})

test('each normalized channel has two moving averages; the stem has four channels', () => {
  expect(countMovingAverages(model)).toEqual({ frozen: 0, moving: 64 })
  expect(countMovingAverages(freeze(model, { through: 'stem' }))).toEqual({ frozen: 8, moving: 56 })
})

test('numbers that train: all of them at first, only the head behind conv5', () => {
  const depths = countTrainableByDepth(model)
  expect(depths[0]).toEqual({ label: 'nothing frozen', value: countParameters(model).trainable })
  expect(depths.at(-1)).toEqual({ label: 'frozen through conv5', value: 2 * 8 + (8 + 1) * 5 + (5 + 1) * 2 })
})

test('drift is the change of the moving mean, channel by channel', () => {
  const weights = new Map(model.weights)
  const name = 'first_bn/moving_mean'
  weights.set(name, weights.get(name)!.map((mean, channel) => mean + channel))
  const [{ points }] = traceDrift(model, { ...model, weights }, ['first_bn'], 3)
  expect(points.map(({ y }) => Math.round(1e5 * y) / 1e5)).toEqual([0, 1, 2])
  expect(() => traceDrift(model, model, ['first_conv'])).toThrow(/first_conv/)
})

test('the stem’s 3 × 3 kernels are applied at 16 × 16 positions', () => {
  expect(countStageCosts(model)[0]).toEqual({ stage: 'stem', convolutions: 1, weights: 108, multiplications: 108 * 256 })
  const cost = (stage: 'stem' | 'conv2', weights: number, multiplications: number) =>
    ({ stage, weights, multiplications, convolutions: 1 })
  expect(shareCosts([cost('stem', 1, 30), cost('conv2', 3, 10)]).map(({ value }) => value)).toEqual([0.25, 0.75, 0.75, 0.25])
})

test('filters: the kernels of a convolution, and their sums over the channels read', () => {
  expect(readFilters(model, 'first_conv')).toMatchObject({ height: 3, width: 3, inputs: 3, outputs: 4 })
  expect(() => readFilters(model, 'first_bn')).toThrow(/first_bn/)
  const summed = sumInputs({ height: 1, width: 1, inputs: 3, outputs: 2, data: Float32Array.of(1, 2, 3, 4, 5, 6) })
  expect([summed.inputs, ...summed.data]).toEqual([1, 9, 12])
})

test('a block’s cost, one convolution a row', () => {
  expect(countBlock('b', [[3, 2, 4]], 5))
    .toEqual([{ block: 'b', convolution: '3 × 3, 2 → 4', weights: 72, multiplications: 72 * 25 }])
})

test('maps: the greatest difference has no sign; layers correlate channel by channel', () => {
  expect(findGreatestDifference(evenMap(3), evenMap(1))).toBe(2)
  const a = { width: 2, height: 1, channels: 2, data: Float32Array.of(0, 0, 1, 1) }
  const b = { ...a, data: Float32Array.of(0, 1, 1, 0) }
  expect(correlateLayers(a, a)).toBeCloseTo(1, 6)
  expect(correlateLayers(a, b)).toBeCloseTo(0, 6)
})
