import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { pretrainOnFractals } from '../../src/lib/pretrain/pretrain'
import { listOwnWeights, loadOwnWeights } from '../../src/lib/weights/own'

const folder = mkdtempSync(join(tmpdir(), 'pretrain-'))
afterAll(() => rmSync(folder, { recursive: true }))

const tiny = { width: 'quarter', steps: 2, classes: 4, images: 24 } as const

describe('pre-training on fractals', () => {
  it('leaves weights of all stages but the head, and a card that says how they were made', async () => {
    const { card, trained } = await pretrainOnFractals(tiny, {}, folder)
    expect(trained.stopped).toBe('finished')
    expect(card).toMatchObject({
      name: 'resnet50-fractal-quarter', licence: 'Apache-2.0', parameters: 1_500_896,
      recipe: { command: 'npm run pretrain -- fractals --width quarter --steps 2 --classes 4 --images 24 --difficulty plain --seed 1' },
    })
    const { weights } = await loadOwnWeights('fractal', 'quarter', folder)
    expect(weights.size).toBe(318)
    expect([...weights.keys()].filter(name => !/^conv[1-5]_/.test(name))).toEqual([])
    for (const values of weights.values()) expect(values.every(Number.isFinite)).toBe(true)
  })

  it('gives the same bits for the same options', async () => {
    const again = join(folder, 'again')
    const [first, second] = [await loadCard(folder), (await pretrainOnFractals(tiny, {}, again)).card!.sha256]
    expect(second).toBe(first)
  })

  it('saves no weights when it is cancelled', async () => {
    const cancelled = join(folder, 'cancelled')
    const { card, trained } = await pretrainOnFractals(tiny, { signal: AbortSignal.abort() }, cancelled)
    expect(trained.stopped).toBe('cancelled')
    expect(card).toBeNull()
    expect(listOwnWeights(cancelled)).toEqual([])
  })
})

async function loadCard(from: string): Promise<string> {
  return (await loadOwnWeights('fractal', 'quarter', from)).card.sha256
}
