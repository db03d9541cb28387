import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import * as live from '../../src/lib/notebook/live/weights'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
let lines: string[]
beforeEach(() => {
  vi.stubEnv('LAB_DATA_FOLDER', path())
  lines = []
  vi.spyOn(console, 'log').mockImplementation(line => void lines.push(line))
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

it('a bar stands over weights that have to be fetched, and an interrupt ends the download', async () => {
  vi.stubGlobal('fetch', async (url: string, { signal }: { signal: AbortSignal }) => {
    await nextTurn()
    process.emit('SIGINT')
    signal.throwIfAborted()
    throw new Error(`${url} was fetched all the same`)
  })
  const asked = [live.recognizer, () => live.resnet50({ classes: ['a', 'b'], weights: 'imagenet' })]
  for (const ask of asked)
    await expect(ask()).rejects.toMatchObject({ code: 'download-failed', received: 'an interrupt' })
  expect(lines).toEqual([
    expect.stringMatching(/^imagenet-top, MIT.*stopped/), expect.stringMatching(/^imagenet, MIT.*stopped/),
  ])
})

it('there is none where nothing has to be fetched', async () => {
  await live.resnet50({ classes: ['a', 'b'], weights: 'none', width: 'quarter', size: 32 })
  await expect(live.recognizer({ weightsFile: path('mine.h5') })).rejects.toMatchObject({ code: 'data-missing' })
  expect(lines).toEqual([])
})

it('bytes are told in millions', () => expect(live.megabytes(94_765_736)).toBe('94.8'))
