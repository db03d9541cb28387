import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { tensorCount } from '../../src/lib/engine/engine'
import { evaluate } from '../../src/lib/inference/evaluate'
import { freeze } from '../../src/lib/model/freeze'
import { train } from '../../src/lib/notebook/live/training'
import { train as trainQuietly } from '../../src/lib/training/train'
import type { TrainConfig } from '../../src/lib/training/config'
import { smallModel, smallSplit } from '../fixtures/small-model'

const config: TrainConfig = { epochs: 2, batch: 8, optimizer: { name: 'adam', rate: 0.01 } }

let lines: string[]
beforeEach(() => {
  lines = []
  vi.spyOn(console, 'log').mockImplementation(line => void lines.push(line))
})
afterEach(() => vi.restoreAllMocks())

describe('training that is watched', () => {
  it('gives the same bits as training that is not', async () => {
    const watched = await train(smallModel(), smallSplit(), config)
    const plain = await trainQuietly(smallModel(), smallSplit(), config)
    expect(watched.model.weights).toEqual(plain.model.weights)
    expect(watched.config).toEqual(config)
  })

  it('writes a line an epoch and how it ended, where there is no notebook', async () => {
    await train(smallModel(), smallSplit(), config, { title: 'Small' })
    expect(lines).toHaveLength(3)
    expect(lines[0]).toMatch(/^Small █{10}░{10} 50 % · epoch 1 of 2 · step 3 of 3 · loss \d\.\d{3} · accuracy /)
    expect(lines[2]).toMatch(/^Small █{20} 100 % · 2 epochs done · best validation: epoch [12], loss /)
  })

  it('says so while what frozen layers give is computed for later', async () => {
    const frozen = freeze(smallModel(), { through: 'stem' })
    const calls: number[][] = []
    const onPreparing = (...call: [number, number]) => void calls.push(call)
    await train(frozen, smallSplit(), config, { title: 'Small', onPreparing })
    expect(calls).toEqual([[24, 24], [8, 8]])
    expect(lines[0]).toMatch(/^Small ░{20} 0 % · what the frozen layers give, computed once: 24 of 24 images/)
  })

  it('stops at an interrupt with what was learnt, and leaves nothing behind', async () => {
    const tensors = tensorCount(), listeners = process.listeners('SIGINT')
    let steps = 0
    const stopped = await train(smallModel(), smallSplit(), { ...config, epochs: 50 }, {
      onProgress: () => { if (++steps === 5) process.emit('SIGINT') },
    })
    expect(stopped.stopped).toBe('cancelled')
    expect(stopped.history).toHaveLength(1)
    expect(stopped.model.weights).not.toEqual(smallModel().weights)
    expect(lines.at(-1)).toMatch(/interrupted after 1 epoch; weights kept/)
    expect(tensorCount()).toBe(tensors)
    expect(process.listeners('SIGINT')).toEqual(listeners)
  })

  it('heeds the caller\'s own signal too', async () => {
    const controller = new AbortController()
    controller.abort()
    const stopped = await train(smallModel(), smallSplit(), config, { signal: controller.signal })
    expect(stopped).toMatchObject({ stopped: 'cancelled', history: [], best: null })
  })
})

describe('evaluating a model', () => {
  it('judges each image of the part once, in the order of the split', async () => {
    const { test } = smallSplit()
    const evaluation = await evaluate(smallModel(), test, { positive: 'bright' })
    expect(evaluation.predictions.names).toEqual(test.indices.map(index => test.dataset.items[index].name))
    expect(evaluation.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(test.indices.length)
    expect(evaluation.positive).toBe('bright')
  })
})
