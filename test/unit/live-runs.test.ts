import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { trainRuns } from '../../src/lib/notebook/live/runs'
import { train } from '../../src/lib/training/train'
import { smallModel, smallSplit } from '../fixtures/small-model'

const config = { epochs: 1, batch: 8, optimizer: { name: 'adam', rate: 0.01 } } as const

let lines: string[]
beforeEach(() => { lines = [] })
afterEach(() => vi.restoreAllMocks())

test('each run trains as it would alone, under its own name', async () => {
  vi.spyOn(console, 'log').mockImplementation(line => void lines.push(line))
  const runs = await trainRuns({
    slow: { model: smallModel(), config: { ...config, optimizer: { name: 'adam', rate: 1e-4 } } },
    fast: { model: smallModel(), config },
  }, smallSplit())
  expect(Object.keys(runs)).toEqual(['slow', 'fast'])
  expect(runs.fast.model.weights).toEqual((await train(smallModel(), smallSplit(), config)).model.weights)
  expect(lines.filter(line => line.includes('1 epoch done')).map(line => line.split(' ')[0])).toEqual(['slow', 'fast'])
})

test('an interrupt ends the run under way and leaves out those after it', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => void process.emit('SIGINT'))
  const long = { model: smallModel(), config: { ...config, epochs: 50 } }
  const runs = await trainRuns({ first: long, second: long }, smallSplit())
  expect(Object.keys(runs)).toEqual(['first'])
  expect(runs.first).toMatchObject({ stopped: 'cancelled' })
  expect(runs.first.history.length).toBeLessThan(50)
})
