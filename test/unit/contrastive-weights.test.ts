import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { removeLabels } from '../../src/lib/training/contrastive/images'
import type { ContrastivelyTrained } from '../../src/lib/training/contrastive/config'
import { saveContrastive } from '../../src/lib/experiments/contrastive-weights'
import { chestViews } from '../../src/lib/training/contrastive/views'
import { resnet50 } from '../../src/lib/weights/resnet50'
import { readProjectWeights, type WeightsCard } from '../../src/lib/weights/project-weights'
import { smallSplit } from '../fixtures/small-model'
import { temporaryFolder } from '../fixtures/temporary'

const folder = temporaryFolder()()

const options = { classes: ['COVID', 'non-COVID'], width: 'quarter', size: 32 } as const
const images = removeLabels(smallSplit())
const command = 'npm run pretrain -- contrastive --width quarter'
const record = { epoch: 1, loss: 3, found: 0.5, spread: 0.9, dimensions: 12, seconds: 2 }

/** What a run would leave, without running it. */
async function trained(temperature: number): Promise<ContrastivelyTrained> {
  const model = await resnet50({ ...options, weights: 'none', seed: 5 })
  const optimizer = { name: 'adamw', rate: 1e-3 } as const
  const config = { epochs: 1, batch: 8, temperature, views: chestViews, optimizer, seed: 0 }
  return { model, start: 'random', history: [record], stopped: 'finished', seconds: 2.4, config }
}

describe('weights from contrastive learning', () => {
  let card: WeightsCard
  beforeAll(async () => {
    card = await saveContrastive(await trained(0.2), images, { width: 'quarter', command }, folder)
  })

  test('have a card that tells the split, the command and every setting', () => {
    expect(card.name).toMatch(/^resnet50-contrastive-quarter-[0-9a-f]{8}$/)
    expect(card.description).toContain(`${images.count} images`)
    expect(card).toMatchObject({
      recipe: { command, images: images.description, imagesHash: images.hash, start: 'random', temperature: 0.2 },
      result: { found: 0.5, images: images.count }, seconds: 2,
    })
    expect(card.recipe.views).toEqual(chestViews)
  })

  test('have another name with another recipe, so that none overwrites another', async () => {
    const other = await saveContrastive(await trained(0.5), images, { width: 'quarter', command }, folder)
    expect(other.name).not.toBe(card.name)
    const reworded = await saveContrastive(await trained(0.2), images, { width: 'quarter', command: 'the same' }, folder)
    expect(reworded.name).toBe(card.name)
  })

  test('are what a ResNet50 starts from, its head new', async () => {
    const weightsFile = join(folder, `${card.name}.tensors`)
    const { weights } = await readProjectWeights(weightsFile)
    const model = await resnet50({ ...options, weights: 'own', weightsFile })
    expect(model.start).toBe(card.name)
    const bytes = ({ buffer, byteOffset, byteLength }: Float32Array) => Buffer.from(buffer, byteOffset, byteLength)
    for (const [name, { values }] of weights)
      expect(bytes(model.weights.get(name)!).equals(bytes(values)), name).toBe(true)
    expect([...weights.keys()].filter(name => name.startsWith('predictions'))).toEqual([])
    expect(weights.size).toBe(model.weights.size - 2)
  })

  test('are given what they were learnt on: those on top of ImageNet’s, blue first and less its means', async () => {
    const learnt = await trained(0.2)
    const caffe = { ...learnt, start: 'imagenet', model: { ...learnt.model, preprocessing: 'caffe' } as const }
    const { name } = await saveContrastive(caffe, images, { width: 'quarter', command }, folder)
    const model = await resnet50({ ...options, weights: 'own', weightsFile: join(folder, `${name}.tensors`) })
    expect(model.preprocessing).toBe('caffe')
  })

  test.each([
    ["'own' without a file", { weights: 'own' }], ["'fractal' with one", { weights: 'fractal', weightsFile: 'any' }],
  ] as const)('%s is refused', async (_, change) => {
    await expect(resnet50({ ...options, ...change })).rejects.toMatchObject({ code: 'bad-argument' })
  })

  test('that are not there are said to be missing', async () => {
    await expect(resnet50({ ...options, weights: 'own', weightsFile: join(folder, 'no.tensors') }))
      .rejects.toMatchObject({ code: 'data-missing' })
  })
})
