import { afterAll, beforeAll, describe, expect, test, vi, type MockInstance } from 'vitest'
import { contrastive } from '../../scripts/pretrain/contrastive'
import { listProjectWeights, readProjectWeights } from '../../src/lib/weights/project-weights'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()

describe('npm run pretrain -- contrastive', () => {
  let log: MockInstance<typeof console.log>
  beforeAll(() => { log = vi.spyOn(console, 'log').mockImplementation(() => {}) })
  afterAll(() => { vi.restoreAllMocks() })

  test('interrupted saves the run; the same command leaves weights for this split', async () => {
    // A seed that nobody else takes keeps the run's files in the cache apart.
    const words = ['--data', 'phantom', '--seed', '40783', '--start', 'none', '--width', 'quarter', '--size', '32',
      '--epochs', '1', '--folder', path()]
    await contrastive(words, AbortSignal.abort())
    expect(log).toHaveBeenLastCalledWith('Saved. The same command goes on from there.')
    expect(listProjectWeights(path())).toEqual([])

    await contrastive(words, new AbortController().signal)
    const [name] = listProjectWeights(path())
    expect(log.mock.lastCall![0]).toMatch(new RegExp(`${name}.tensors: .*\\nFor this split only`))
    const { card } = await readProjectWeights(path(`${name}.tensors`))
    expect(card.description).toContain('For this split only')
    expect(card.recipe).toMatchObject({ epochs: 1, temperature: 0.2, start: 'random', size: 32 })
  })

  test('refuses a folder outside the project before it trains', async () => {
    await expect(contrastive(['--folder', '/'], AbortSignal.abort())).rejects.toMatchObject({ code: 'outside-folder' })
  })

  test.each([
    ['a split of another kind', ['--split', 'patient'], '--split patient'],
    ['a sixth fold', ['--fold', '6'], '--fold 6'],
    ['weights to start from that it does not know', ['--start', 'places'], '--start places'],
    ['a width of another name', ['--width', 'double'], '--width double'],
    ['a word for a number', ['--epochs', 'many'], '--epochs many'],
    ['nothing for a number', ['--temperature', ''], '--temperature '],
    ['an option that it does not have', ['--rate', '1'], '--rate'],
    ['a word too many', ['half'], 'half'],
  ])('refuses %s, and says how it is used', async (_, words, received) => {
    await expect(contrastive(words, AbortSignal.abort())).rejects.toMatchObject({
      code: 'bad-argument', received: expect.stringContaining(received) as string,
      remedy: expect.stringContaining('npm run pretrain -- contrastive') as string,
    })
  })

  test('refuses a data set that there is not, and epochs of none, before anything is trained', async () => {
    await expect(contrastive(['--data', 'sars-cov-3'], AbortSignal.abort()))
      .rejects.toMatchObject({ code: 'unknown-data-set' })
    await expect(contrastive(['--data', 'phantom', '--start', 'none', '--width', 'quarter', '--epochs', '0'],
      AbortSignal.abort())).rejects.toMatchObject({ code: 'bad-argument' })
  })
})
