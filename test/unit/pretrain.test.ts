import { describe, expect, it } from 'vitest'
import { pretrainOnFractals } from '../../src/lib/experiments/pretraining'
import { listProjectWeights, loadProjectWeights } from '../../src/lib/weights/project-weights'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
const tiny = { width: 'quarter', steps: 2, classes: 4, images: 24 } as const

describe('pre-training on fractals', () => {
  it('leaves weights of all stages but the head, and a card that says how they were made', async () => {
    const folder = path('first')
    const { card, trained } = await pretrainOnFractals(tiny, {}, { folder })
    expect(trained.stopped).toBe('finished')
    expect(card).toMatchObject({
      name: 'resnet50-fractal-quarter', licence: 'Apache-2.0', parameters: 1_500_896, kernels: 'float16',
      recipe: {
        command: 'npm run pretrain -- fractals --width quarter --steps 2 --classes 4 --images 24 --difficulty plain '
          + '--seed 1',
        data: '4 × 24 fractals (plain), drawn by formula: no photograph, no patient', preprocessing: 'centered',
      },
    })
    const { weights } = await loadProjectWeights('fractal', 'quarter', folder)
    expect(weights.size).toBe(318)
    expect([...weights.keys()].filter(name => !/^conv[1-5]_/.test(name))).toEqual([])
    for (const { values } of weights.values()) expect(values.every(Number.isFinite)).toBe(true)
  })

  it('cancelled saves no weights; gone on with it has the bits of a run straight through', async () => {
    const folder = path('second'), checkpoint = { folder: path('checkpoint') }
    const cancel = new AbortController()
    const onProgress = () => cancel.abort()
    const { signal } = cancel
    const { card, trained } = await pretrainOnFractals(tiny, { signal, onProgress, checkpoint }, { folder })
    expect([trained.stopped, card, listProjectWeights(folder)]).toEqual(['cancelled', null, []])
    const resumed = await pretrainOnFractals(tiny, { checkpoint }, { folder })
    const straight = await loadProjectWeights('fractal', 'quarter', path('first'))
    expect(resumed.card!.sha256).toBe(straight.card.sha256)
  })

  it('is stored in one byte a number where asked, and is the same but for that', async () => {
    const folder = path('int8'), checkpoint = { folder: path('checkpoint') }
    const { card } = await pretrainOnFractals(tiny, { checkpoint }, { folder, kernels: 'int8' })
    expect(card!.kernels).toBe('int8')
    const half = (await loadProjectWeights('fractal', 'quarter', path('first'))).weights
    for (const [name, { values }] of (await loadProjectWeights('fractal', 'quarter', folder)).weights) {
      const largest = half.get(name)!.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      // Half a step of 127 to the channel's largest number, and float16's own rounding.
      const error = name.endsWith('/kernel') ? largest * (1 / 254 + 1 / 2048) : 0
      expect(values.every((value, i) => Math.abs(value - half.get(name)!.values[i]) <= error), name).toBe(true)
    }
  })

  it.each([['steps', 0], ['steps', 1.5], ['classes', 1], ['images', 1], ['seed', -1]])('refuses %s of %d', async (name, value) => {
    await expect(pretrainOnFractals({ ...tiny, [name]: value }, {}, { folder: path('none') }))
      .rejects.toMatchObject({ code: 'bad-argument', expected: expect.stringContaining(name) as string })
  })
})
