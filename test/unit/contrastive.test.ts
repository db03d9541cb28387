import { readdirSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Dataset } from '../../src/lib/data/dataset'
import { openPhantom } from '../../src/lib/data/phantom/phantom'
import { tensorCount } from '../../src/lib/engine/engine'
import { freeze } from '../../src/lib/model/freeze'
import type { Model } from '../../src/lib/model/model'
import { trainContrastively } from '../../src/lib/training/contrastive/contrastive'
import { refuseCollapse } from '../../src/lib/training/contrastive/collapse'
import { removeLabels } from '../../src/lib/training/contrastive/images'
import type { ContrastiveConfig, ContrastiveProgress } from '../../src/lib/training/contrastive/config'
import { chestViews, type ViewConfig } from '../../src/lib/training/contrastive/views'
import { resnet50 } from '../../src/lib/weights/resnet50'
import { splitByGroup } from '../../src/lib/data/split/split'
import { smallDataset, smallModel, smallSplit } from '../fixtures/small-model'
import { temporaryFolder } from '../fixtures/temporary'

const split = smallSplit()
const images = removeLabels(split)
const config: ContrastiveConfig = {
  epochs: 3, batch: 8, optimizer: { name: 'adamw', rate: 5e-3, decay: 0.05 }, seed: 7,
}
/** Views that equal the image. */
const unchanged: ViewConfig =
  { leastArea: 1, rotation: 0, horizontalFlip: false, contrast: 0, brightness: 0, blur: 0 }
const folder = temporaryFolder()()

const hexadecimal = (values: Float32Array) => Buffer.from(values.slice().buffer).toString('hex')
const bits = ({ weights }: Model) =>
  Object.fromEntries([...weights].map(([name, values]) => [name, hexadecimal(values)]))

describe('contrastive learning', () => {
  test('runs on phantom slices at quarter width, and reports its progress', async () => {
    const phantom = await openPhantom({ patients: 12, slicesPerPatient: 4, size: 96 })
    const parts = splitByGroup(phantom, { validation: 0.2, test: 0.2, seed: 1 })
    const start = await resnet50({ classes: phantom.labels, weights: 'none', width: 'quarter', size: 32 })
    const reports: ContrastiveProgress[] = []
    const trained = await trainContrastively(start, removeLabels(parts), { epochs: 2, batch: 14 },
      { onProgress: progress => { reports.push(progress) } })
    const { history, stopped, model } = trained
    expect(stopped).toBe('finished')
    expect([trained.start, model.start]).toEqual(['random', 'random, then contrastive'])
    expect(reports.map(({ epoch, step }) => [epoch, step])).toEqual([[1, 1], [1, 2], [1, 2], [2, 1], [2, 2], [2, 2]])
    for (const { loss, found, spread, dimensions } of history) {
      // Guessing has a loss of ln 26, for the 26 views of other images, and finds 1 view in 27.
      expect(Math.abs(loss - Math.log(26))).toBeLessThan(1)
      expect(found).toBeLessThan(0.5)
      expect(spread).toBeGreaterThan(0.5)
      expect(dimensions).toBeGreaterThan(4)
    }
  })

  test('learns to find the second view of an image', async () => {
    const views = { ...unchanged, leastArea: 0.95, contrast: 0.2, brightness: 0.05 }
    const { history } = await trainContrastively(
      smallModel(), images, { epochs: 16, batch: 12, views, optimizer: { name: 'adamw', rate: 0.01 } })
    const mean = (part: typeof history, figure: 'loss' | 'found') =>
      part.reduce((sum, epoch) => sum + epoch[figure] / part.length, 0)
    expect(mean(history.slice(-4), 'loss')).toBeLessThan(mean(history.slice(0, 4), 'loss') - 0.4)
    expect(mean(history.slice(-4), 'found')).toBeGreaterThan(1.4 * mean(history.slice(0, 4), 'found'))
  })

  test('moves every stage, changes neither the head nor the start model, and leaves no tensor behind', async () => {
    const start = smallModel()
    const before = bits(start), tensors = tensorCount()
    const { model } = await trainContrastively(start, images, config)
    expect(tensorCount()).toBe(tensors)
    expect(bits(start)).toEqual(before)
    expect([...model.weights.keys()]).toEqual([...start.weights.keys()])
    const after = bits(model)
    const moved = Object.keys(after).filter(name => after[name] !== before[name])
    expect(moved).toEqual(Object.keys(after).filter(name =>
      !/^(head_bn|hidden|predictions)/.test(name) && !name.endsWith('_conv/bias')))
  })

  test('leaves nothing in the engine after a loss that is not finite, or a rate that is refused', async () => {
    const tensors = tensorCount(), start = smallModel()
    const weights = new Map([...start.weights].map(([name, values]) => [name, values.map(() => 1e30)]))
    const lost = { ...start, weights }
    await expect(trainContrastively(lost, images, config)).rejects.toMatchObject({ code: 'engine-failed' })
    await expect(trainContrastively(start, images, { ...config, optimizer: { name: 'adam', rate: -1 } }))
      .rejects.toMatchObject({ code: 'bad-argument' })
    expect(tensorCount()).toBe(tensors)
  })

  test('leaves frozen layers as they are', async () => {
    const start = freeze(smallModel(), { through: 'stem' })
    const { model } = await trainContrastively(start, images, { ...config, epochs: 1 })
    const stem = [...start.weights.keys()].filter(name => name.startsWith('first'))
    for (const name of stem) expect(model.weights.get(name)).toEqual(start.weights.get(name))
    expect(model.weights.get('up_conv/kernel')).not.toEqual(start.weights.get('up_conv/kernel'))
  })

  test('gives the same bits for the same seed, different bits for another seed', async () => {
    const run = async (seed: number) =>
      bits((await trainContrastively(smallModel(), images, { ...config, seed })).model)
    const first = await run(1)
    expect(await run(1)).toEqual(first)
    expect(await run(2)).not.toEqual(first)
  })

  test.each([1, 3, 4])('cancelled after report %i and resumed, has the bits of a run straight through', async stopAt => {
    const straight = await trainContrastively(smallModel(), images, config)
    const checkpoint = { folder: join(folder, `stop-${stopAt}`) }
    const cancel = new AbortController()
    let reports = 0
    const onProgress = () => { if (++reports === stopAt) cancel.abort() }
    const { signal } = cancel
    const first = await trainContrastively(smallModel(), images, config, { checkpoint, onProgress, signal })
    expect(first.stopped).toBe('cancelled')
    const second = await trainContrastively(smallModel(), images, config, { checkpoint })
    expect(bits(second.model)).toEqual(bits(straight.model))
    expect(second.history.map(({ loss }) => loss)).toEqual(straight.history.map(({ loss }) => loss))
  })

  test('refuses the checkpoint of other images', async () => {
    const checkpoint = { folder: join(folder, 'other') }
    await trainContrastively(smallModel(), images, { ...config, epochs: 1 }, { checkpoint })
    const otherImages = removeLabels({ ...split, train: split.validation })
    await expect(trainContrastively(smallModel(), otherImages, { ...config, epochs: 1 }, { checkpoint }))
      .rejects.toMatchObject({ code: 'bad-checkpoint' })
  })

  test('refuses a damaged checkpoint, and says what to do with it', async () => {
    const checkpoint = { folder: join(folder, 'damaged') }
    await trainContrastively(smallModel(), images, { ...config, epochs: 1 }, { checkpoint })
    const [file] = readdirSync(checkpoint.folder)
    truncateSync(join(checkpoint.folder, file), 1000)
    await expect(trainContrastively(smallModel(), images, { ...config, epochs: 1 }, { checkpoint }))
      .rejects.toThrow(/^bad-checkpoint.*Delete this file to start afresh/)
  })

  test('uses its defaults for settings that are undefined', async () => {
    const unsaid = { temperature: undefined, views: undefined, optimizer: undefined, seed: undefined }
    const trained = await trainContrastively(smallModel(), images, { epochs: 1, batch: 8, ...unsaid })
    expect(trained.config).toEqual({
      epochs: 1, batch: 8, temperature: 0.2, views: chestViews, optimizer: { name: 'adamw', rate: 1e-3, decay: 0.05 }, seed: 0,
    })
    await expect(trainContrastively(smallModel(), images, { epochs: 1, batch: undefined })).rejects
      .toThrow(/batch.*received 64/)
  })

  test('refuses a model whose images cannot be read at twice the size', async () => {
    await expect(trainContrastively({ ...smallModel(), size: 513 }, images, config))
      .rejects.toThrow(/bad-argument.*image size.*at most 512, received 513/)
  })

  test.each([
    ['epochs', { epochs: 0 }], ['batch', { batch: 2 }], ['batch', { batch: 25 }], ['temperature', { temperature: 0 }],
    ['seed', { seed: 0.5 }], ['rotation', { views: { ...unchanged, rotation: 200 } }],
  ] as [string, Partial<ContrastiveConfig>][])('refuses a bad %s', async (name, change) => {
    await expect(trainContrastively(smallModel(), images, { ...config, ...change }))
      .rejects.toMatchObject({ code: 'bad-argument', expected: expect.stringContaining(name) as string })
  })
})

describe('a run reads', () => {
  const watched = (dataset: Dataset, allowed: readonly number[], seen: number[]): Dataset => ({
    ...dataset, contentHash: `${dataset.contentHash} watched`,
    read: async index => {
      if (!allowed.includes(index)) throw new Error(`image ${index} is not for training`)
      seen.push(index)
      return dataset.read(index)
    },
  })

  test('every training image once, and no image of another part', async () => {
    const seen: number[] = []
    const dataset = watched(smallDataset(), split.train.indices, seen)
    await trainContrastively(smallModel(), removeLabels(smallSplit(dataset)), config)
    expect(seen.sort((a, b) => a - b)).toEqual([...split.train.indices])
  })

  test('no labels: with other labels the result is the same', async () => {
    const dataset = smallDataset()
    const relabelled = { ...dataset, items: dataset.items.map((item, i) => ({ ...item, label: i % 3 ? 1 : 0 })) }
    const run = async (set: Dataset) =>
      bits((await trainContrastively(smallModel(), removeLabels(smallSplit(set)), config)).model)
    expect(await run(relabelled)).toEqual(await run(dataset))
  })

  test('nothing that names a label', () => {
    expect(Object.keys(images).sort()).toEqual(['count', 'description', 'hash', 'licence', 'open'])
    for (const label of split.dataset.labels) expect(images.description).not.toContain(label)
  })
})

describe('collapse', () => {
  test('is reported: a network cannot distinguish images that are all of one grey', async () => {
    const grey = { width: 16, height: 16, channels: 1, data: new Uint8Array(256).fill(90) } as const
    const dataset: Dataset = { ...smallDataset(), contentHash: 'one grey', read: async () => grey }
    await expect(trainContrastively(smallModel(), removeLabels(smallSplit(dataset)), { ...config, views: unchanged }))
      .rejects.toMatchObject({ code: 'collapsed', expected: expect.stringContaining('spread') as string })
  })

  test('into one direction is reported as well', () => {
    expect(() => refuseCollapse({ spread: 0.9, dimensions: 1 }, 4)).toThrow(/collapsed.*1\.0 dimensions after epoch 4/)
    expect(() => refuseCollapse({ spread: 0.9, dimensions: 20 }, 4)).not.toThrow()
  })
})
