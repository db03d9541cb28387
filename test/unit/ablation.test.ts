/** ResNet50 without one of its ideas, and watched runs that train it. */
import { describe, expect, it } from 'vitest'
import { parameters } from '../../src/lib/model/architecture'
import { sizeOf } from '../../src/lib/system/shape'
import { tensorCount } from '../../src/lib/engine/engine'
import { LabError } from '../../src/lib/system/errors'
import { measureLateLoss, watchTraining } from '../../src/lib/training/watched-run'
import { freeze } from '../../src/lib/model/freeze'
import { describeVariant, networkVariant, type NetworkVariant } from '../../src/lib/model/variants'
import { countStageCosts } from '../../src/lib/model/convolution-cost'
import { ablationChart } from '../../src/lib/display/figures/ablation-chart'
import { describeResNet50 } from '../../src/lib/model/resnet50-layers'
import { train } from '../../src/lib/training/train'
import { smallDataset, smallModel, smallSplit } from '../fixtures/small-model'

const classes = ['bright', 'dark']
const layersOf = (variant: NetworkVariant, options = {}) => describeVariant(variant, { classes: 2, ...options })
const multiplications = (variant: NetworkVariant, options = {}) =>
  countStageCosts({ architecture: layersOf(variant, options) }).reduce((sum, row) => sum + row.multiplications, 0)

describe('variants of ResNet50', () => {
  it('with every idea kept: ResNet50, layer by layer', () => {
    const quarter = describeResNet50({ classes: 2, width: 'quarter', size: 64, momentum: 0.9 })
    expect(layersOf({}, { filters: 16 }).layers).toEqual(quarter.layers)
  })

  it('of two 3 × 3 a block: ResNet-34 at full width', () => {
    // torchvision's resnet34 has 21,797,672 parameters, 513,000 of them in the layer for 1,000 classes, and no biases.
    const counted = parameters(layersOf({ block: 'two 3×3' }, { filters: 64 }))
      .filter(({ name }) => name !== 'predictions/kernel' && /\/(kernel|gamma|beta)$/.test(name))
    expect(counted.reduce((sum, { shape }) => sum + sizeOf(shape), 0)).toBe(21_797_672 - 513_000)
    // He et al. (2016), table 1: 3.6 and 3.8 billion multiplications for 34 and 50 layers.
    expect(multiplications({ block: 'two 3×3' }, { filters: 64, size: 224 }) / 1e9).toBeCloseTo(3.66, 1)
    const [two, three] = (['two 3×3', 'bottleneck'] as const).map(block => multiplications({ block }))
    expect(Math.abs(two / three - 1)).toBeLessThan(0.05)
  })

  it('without skips: 50 layers in a row, each reading the layer before', () => {
    const { layers } = layersOf({ skip: false })
    expect(layers.filter(layer => layer.kind === 'convolution' || layer.kind === 'dense')).toHaveLength(50)
    expect(layers.slice(1).map(layer => layer.inputs)).toEqual(layers.slice(0, -1).map(layer => [layer.name]))
    expect(layers.at(-1)!.shape).toEqual([2])
  })

  it('without batch normalization: every other layer is there', () => {
    const kinds = (variant: NetworkVariant) => layersOf(variant).layers.map(layer => layer.kind)
    expect(kinds({ normalize: false })).toEqual(kinds({}).filter(kind => kind !== 'batch-normalization'))
  })

  it('start with the same numbers where they have the same layers', () => {
    const of = (variant: NetworkVariant, seed: number) => networkVariant(variant, { classes, filters: 2, seed }).weights
    const whole = of({}, 4)
    for (const [name, values] of of({ normalize: false }, 4)) expect(values).toEqual(whole.get(name))
    expect(of({}, 5).get('conv1_conv/kernel')).not.toEqual(whole.get('conv1_conv/kernel'))
  })

  it.each([
    [{ blocks: [3, 4, 6] }, {}, /four stages/],
    [{ blocks: [3, 4, 6, 0] }, {}, /four stages/],
    [{}, { filters: 0.5 }, /filters/],
    [{}, { size: 31 }, /size/],
    [{ block: 'bottlenek' as 'bottleneck' }, {}, /received 'bottlenek'/],
  ])('outside the ranges: %j %j', (variant, options, words) => {
    expect(() => layersOf(variant, options)).toThrow(LabError)
    expect(() => layersOf(variant, options)).toThrow(words)
  })
})

describe('a watched run', () => {
  const model = networkVariant({ blocks: [1, 1, 1, 1] }, { classes, filters: 2, size: 32 })
  const split = smallSplit(smallDataset(60))
  const run = { steps: 4, rate: 0.01, batch: 8, seed: 3 }

  it('tells the loss that `train` tells, and the gradient by which `train` moves the weights', async () => {
    const batch = split.train.indices.length
    const seen = await watchTraining(model, split.train, { steps: 2, rate: 0.01, batch, seed: 3 })
    const optimizer = { name: 'sgd', rate: 0.01, momentum: 0.9 } as const
    const trained = await train(model, split, { epochs: 1, batch, optimizer, seed: 3 })
    expect(seen.losses[0]).toBeCloseTo(trained.history[0].loss, 6)
    const moved = (block: string) => Math.sqrt([...trained.model.weights]
      .filter(([name]) => name.startsWith(`${block}_`) && name.endsWith('/kernel'))
      .reduce((sum, [name, values]) => sum
        + values.reduce((total, value, i) => total + ((value - model.weights.get(name)![i]) / 0.01) ** 2, 0), 0))
    expect(seen.gradients.first.map(({ block }) => block))
      .toEqual(['conv1', 'conv2_block1', 'conv3_block1', 'conv4_block1', 'conv5_block1'])
    // A weight has 24 bits: of a step of a hundredth of the gradient, four to five digits are left.
    for (const { block, length } of seen.gradients.first) expect(length / moved(block)).toBeCloseTo(1, 3)
  })

  it('is the same for the same seed, leaves the model as it was and nothing in the engine', async () => {
    const before = tensorCount()
    const weights = new Map([...model.weights].map(([name, values]) => [name, values.slice()]))
    const first = await watchTraining(model, split.train, run)
    expect(await watchTraining(model, split.train, run)).toEqual(first)
    expect(first.losses).toHaveLength(4)
    expect(first.gradients.last).toHaveLength(5)
    expect(model.weights).toEqual(weights)
    expect(tensorCount()).toBe(before)
  })

  it('trains what is behind frozen first layers', async () => {
    const { gradients } = await watchTraining(freeze(model, { through: 'stem' }), split.train, run)
    expect(gradients.last.map(({ block }) => block))
      .toEqual(['conv2_block1', 'conv3_block1', 'conv4_block1', 'conv5_block1'])
  })

  it('ends when the loss is no longer finite, and returns the losses before', async () => {
    const before = tensorCount()
    const bare = networkVariant({ normalize: false, blocks: [1, 1, 1, 1] }, { classes, filters: 2, size: 32 })
    const seen = await watchTraining(bare, split.train, { ...run, steps: 20, rate: 100 })
    expect(seen.brokeAt).toBe(seen.losses.length + 1)
    expect(seen.losses.every(Number.isFinite)).toBe(true)
    expect(seen.gradients.first).toHaveLength(5)
    expect(seen.gradients.last).toEqual([])
    expect(tensorCount()).toBe(before)
  })

  it('has a late loss: the mean of its last sixth', () => {
    const losses = [9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 1, 2], gradients = { first: [], last: [] }
    expect(measureLateLoss({ losses, gradients, brokeAt: null })).toBe(1.5)
    expect(measureLateLoss({ losses: [3], gradients, brokeAt: null })).toBe(3)
    expect(measureLateLoss({ losses, gradients, brokeAt: 13 })).toBeNaN()
  })

  it('can be stopped', async () => {
    const stop = new AbortController()
    const seen = await watchTraining(model, split.train, { ...run, signal: stop.signal,
      onProgress: () => stop.abort() })
    expect(seen.losses).toHaveLength(1)
    expect(seen.brokeAt).toBeNull()
  })

  it.each([
    [{ steps: 1 }, /steps/], [{ rate: 0 }, /rate/], [{ rate: NaN }, /rate/], [{ batch: 1 }, /batch/],
    [{ batch: 37 }, /from 2 to 36.*images as the part has/],
  ])('outside the ranges: %j', async (wrong, words) => {
    await expect(watchTraining(model, split.train, { ...run, ...wrong })).rejects.toThrow(words)
  })

  it('refuses a model of other classes', async () => {
    const other = { ...smallModel(), labels: ['up', 'down'] }
    await expect(watchTraining(other, split.train, run)).rejects.toThrow('bad-argument')
  })
})

describe('the chart of watched runs', () => {
  const gradients = (scale: number) => [4, 2, 1].map((length, i) => ({ block: `conv${i}`, length: length * scale }))
  const calm = { losses: [0.9, 0.5, 0.4], gradients: { first: gradients(1), last: gradients(0.1) }, brokeAt: null }
  const broken = { losses: [18], gradients: { first: gradients(100), last: [] }, brokeAt: 2 }

  it('shows a run that broke down as far as it came', () => {
    const { svg, alt } = ablationChart({ calm, broken }, { name: 'made-up', title: 'Made up', highestLoss: 2 })
    expect(alt).toBe('Made up. calm ends at a loss of 0.400; broken breaks down at step 2.')
    expect(svg).toContain('cut off at 2')
    expect(svg).not.toMatch(/NaN|undefined|Infinity/)
  })

  it('leaves out gradients of exactly zero, which a logarithmic scale cannot show', () => {
    const still = { ...calm, gradients: { first: [{ block: 'conv1', length: 0 }], last: gradients(1) } }
    expect(ablationChart({ still }, { name: 'made-up', title: 'Made up' }).svg).not.toMatch(/NaN|Infinity/)
  })
})
