import { describe, expect, it } from 'vitest'
import { computeActivations } from '../../src/lib/inference/activations'
import { openPhantom } from '../../src/lib/data/phantom/phantom'
import { resnet50 } from '../../src/lib/weights/resnet50'
import { splitRandom } from '../../src/lib/data/split/split'

describe('an untrained ResNet50', () => {
  const classes = ['a', 'b']
  const untrained = resnet50({ classes, weights: 'none', width: 'quarter', size: 32, seed: 3 })

  it('passes every block’s input on: branches are closed, shortcuts open', async () => {
    const dataset = await openPhantom({ patients: 4, slicesPerPatient: 2, size: 32 })
    const part = splitRandom(dataset, { validation: 0.25, test: 0.25, seed: 1 }).train
    const layers = ['conv2_block1_out', 'conv2_block2_out', 'conv2_block3_out', 'conv3_block1_0_bn', 'conv3_block4_out']
    const [first, second, third, shortcut, last] = await computeActivations(await untrained, part, 0, layers)
    expect(second.data).toEqual(first.data)
    expect(third.data).toEqual(first.data)
    expect(last.data).toEqual(shortcut.data.map(value => Math.max(0, value)))
    expect(first.data.some(value => value > 0)).toBe(true)
  })

  it('has kernels as He et al. (2015) draw them: mean 0, variance 2 / inputs', async () => {
    const { weights } = await untrained
    for (const [name, inputs] of [['conv3_block2_2_conv', 9 * 32], ['conv5_block1_3_conv', 128]] as const) {
      const kernel = weights.get(`${name}/kernel`)!
      const mean = kernel.reduce((sum, value) => sum + value) / kernel.length
      const variance = kernel.reduce((sum, value) => sum + value ** 2, 0) / kernel.length
      // Five standard errors, of the mean and of the variance of normal numbers.
      expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(2 / inputs / kernel.length))
      expect(Math.abs(variance * inputs / 2 - 1)).toBeLessThan(5 * Math.sqrt(2 / kernel.length))
    }
  })

  it('is the same for the same seed, and another for another seed', async () => {
    const kernel = (of: number) => resnet50({ classes, weights: 'none', width: 'quarter', size: 32, seed: of })
      .then(({ weights }) => weights.get('conv1_conv/kernel'))
    expect(await kernel(3)).toEqual((await untrained).weights.get('conv1_conv/kernel'))
    expect(await kernel(4)).not.toEqual(await kernel(3))
  })
})
