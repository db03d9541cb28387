import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { contrastive } from '../../scripts/pretrain/contrastive'

describe('npm run pretrain -- contrastive', () => {
  beforeAll(() => { vi.spyOn(console, 'log').mockImplementation(() => {}) })
  afterAll(() => { vi.restoreAllMocks() })

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
      expected: expect.stringContaining('npm run pretrain -- contrastive') as string,
    })
  })

  test('refuses a data set that there is not, and epochs of none, before anything is trained', async () => {
    await expect(contrastive(['--data', 'sars-cov-3'], AbortSignal.abort()))
      .rejects.toMatchObject({ code: 'unknown-data-set' })
    await expect(contrastive(['--data', 'phantom', '--start', 'none', '--width', 'quarter', '--epochs', '0'],
      AbortSignal.abort())).rejects.toMatchObject({ code: 'bad-argument' })
  })
})
