import { describe, expect, test } from 'vitest'
import { tensorCount } from '../../src/lib/engine'
import { freeze } from '../../src/lib/freeze'
import { findRate } from '../../src/lib/rate-finder'
import { train } from '../../src/lib/train'
import type { TrainConfig } from '../../src/lib/training'
import { smallModel, smallSplit } from '../fixtures/small-model'

const split = smallSplit()
const config: TrainConfig = { epochs: 1, batch: 8, optimizer: { name: 'adam', rate: 1 }, seed: 3 }

describe('the search for a learning rate', () => {
  test('tries rates that grow by the same factor, from the first to the last', async () => {
    const { points } = await findRate(smallModel(), split, config, { from: 1e-5, to: 1e-3, steps: 9 })
    expect(points).toHaveLength(9)
    points.forEach(({ rate }, i) => expect(Math.log10(rate)).toBeCloseTo(-5 + i / 4, 10))
  })

  test('ends where the loss has run away, and suggests a tenth of the rate that was best', async () => {
    const steep: TrainConfig = { ...config, optimizer: { name: 'sgd', rate: 1 } }
    const { points, suggestion } = await findRate(smallModel(), split, steep, { from: 1e-3, to: 1e9, steps: 60 })
    expect(points.length).toBeLessThan(60)
    const best = points.reduce((a, b) => (b.loss < a.loss ? b : a))
    expect(best.loss).toBeLessThan(points[0].loss)
    expect(suggestion).toBe(best.rate / 10)
  })

  test('begins with the loss that training begins with', async () => {
    const whole: TrainConfig = { ...config, batch: split.train.indices.length }
    const { history } = await train(smallModel(), split, whole)
    const { points } = await findRate(smallModel(), split, whole, { steps: 2 })
    expect(points[0].loss).toBeCloseTo(history[0].loss, 6)
  })

  test('gives the same numbers for the same seed, and leaves the model as it was', async () => {
    const model = smallModel({ dropout: 0.3 })
    const before = [...model.weights.values()].map(values => values.slice())
    const run = (seed: number) => findRate(model, split, { ...config, seed, augment: { rotation: 20 } }, { steps: 7 })
    expect(await run(1)).toEqual(await run(1))
    expect(await run(2)).not.toEqual(await run(1))
    expect([...model.weights.values()]).toEqual(before)
  })

  test('goes with frozen layers, tells how far it is, and leaves no tensor behind', async () => {
    const frozen = freeze(smallModel(), { through: 'stem' })
    const search = (onProgress?: (done: number, count: number) => void) =>
      findRate(frozen, split, config, { steps: 5, onProgress })
    await search()
    const before = tensorCount()
    const seen: number[][] = []
    await search((done, count) => seen.push([done, count]))
    expect(seen).toEqual([[1, 5], [2, 5], [3, 5], [4, 5], [5, 5]])
    expect(tensorCount()).toBe(before)
  })

  test('can be cancelled', async () => {
    const cancel = new AbortController()
    const before = tensorCount()
    const onProgress = (done: number) => { if (done === 3) cancel.abort(new Error('enough')) }
    await expect(findRate(smallModel(), split, config, { onProgress, signal: cancel.signal })).rejects.toThrow('enough')
    expect(tensorCount()).toBe(before)
  })

  test.each([{ from: 0 }, { from: 1, to: 1 }, { steps: 1 }, { steps: 2.5 }])('refuses %o', async sweep => {
    await expect(findRate(smallModel(), split, config, sweep)).rejects.toMatchObject({ code: 'bad-argument' })
  })

  test('refuses a model of which nothing trains', async () => {
    const still = freeze(smallModel(), { through: 'head' })
    await expect(findRate(still, split, config)).rejects.toMatchObject({ code: 'bad-argument' })
  })
})
