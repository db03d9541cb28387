import { afterEach, expect, test, vi } from 'vitest'
import { watchTraining } from '../../src/lib/training/watched-run'
import { watchRuns } from '../../src/lib/notebook/live/watching'
import { smallModel, smallSplit } from '../fixtures/small-model'

const recipe = { steps: 3, rate: 0.01, batch: 8 }

afterEach(() => vi.restoreAllMocks())

test('each model is watched as it would be alone, under its own name', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  const { train } = smallSplit()
  const models = { one: smallModel(), another: smallModel({ seed: 2 }) }
  const runs = await watchRuns(models, train, recipe)
  expect(Object.keys(runs)).toEqual(['one', 'another'])
  expect(runs.another).toEqual(await watchTraining(models.another, train, recipe))
  expect(runs.one.losses).not.toEqual(runs.another.losses)
})

test('an interrupt ends the run under way and leaves out those after it', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  const before = process.listenerCount('SIGINT')
  const timer = setInterval(() => {
    if (process.listenerCount('SIGINT') === before) return
    clearInterval(timer)
    process.emit('SIGINT')
  }, 200)
  const models = { first: smallModel(), second: smallModel() }
  const runs = await watchRuns(models, smallSplit().train, { ...recipe, steps: 100_000 })
  expect(Object.keys(runs)).toEqual(['first'])
  expect(runs.first.losses.length).toBeLessThan(100_000)
})
