/** What notebook 03 counts of a network: costs, filters, receptive fields. */
import { describe, expect, it } from 'vitest'
import { countConvolution, countStageCosts } from '../../src/lib/model/convolution-cost'
import { sumInputs } from '../../src/lib/model/filters'
import { measureReceptiveFields } from '../../src/lib/model/receptive-field'
import { describeResNet50 } from '../../src/lib/model/resnet50-layers'
import { resnet50 } from '../../src/lib/weights/resnet50'

describe('the cost of convolutions', () => {
  it('is counted as He et al. (2016) describe the bottleneck', () => {
    const cost = countConvolution({ kernel: 3, inputs: 64, outputs: 64, side: 56 })
    expect(cost).toEqual({ weights: 36864, multiplications: 115605504 })
  })

  it('sums to 3.86 billion multiplications at 224 pixels, in 53 convolutions', async () => {
    // He et al., table 1, give 3.8 billion for ResNet-50; the strides on the first 1×1 are theirs.
    const costs = countStageCosts(await resnet50({ classes: ['a', 'b'], weights: 'none', width: 'full', size: 224 }))
    const sum = (key: 'convolutions' | 'weights' | 'multiplications') =>
      costs.reduce((total, row) => total + row[key], 0)
    expect(sum('convolutions')).toBe(53)
    // 23,587,712 less 26,560 biases and four numbers for each of 26,560 channels.
    expect(sum('weights')).toBe(23587712 - 5 * 26560)
    expect(sum('multiplications') / 1e9).toBeCloseTo(3.86, 1)
  })
})

it('grey filters are the sums over the channels they read', () => {
  const shape = { height: 1, width: 2, outputs: 2 }
  const colour = Float32Array.of(1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60)
  expect(sumInputs({ ...shape, inputs: 3, data: colour }))
    .toEqual({ ...shape, inputs: 1, data: Float32Array.of(6, 60, 15, 150) })
})

it('receptive fields are those of the literature', () => {
  const fields = measureReceptiveFields(describeResNet50({ classes: 2, size: 224 }))
  const of = (layer: string) => fields.find(row => row.layer === layer)!
  expect(of('input_layer')).toMatchObject({ side: 224, step: 1, field: 1 })
  expect(of('conv1_conv')).toMatchObject({ side: 112, step: 2, field: 7 })
  expect(of('pool1_pool')).toMatchObject({ side: 56, step: 4, field: 11 })
  // Araujo, Norris and Sim, "Computing receptive fields of convolutional neural networks" (2019): 483 for ResNet-50 v1.
  expect(of('conv5_block3_out')).toMatchObject({ side: 7, step: 32, field: 483 })
})
