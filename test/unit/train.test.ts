import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { parameters } from '../../src/lib/model/architecture'
import { read, release, tensor, tensorCount, type Tensor } from '../../src/lib/engine/engine'
import { LabError } from '../../src/lib/system/errors'
import { freeze, unfreeze } from '../../src/lib/model/freeze'
import { countMovedNumbers } from '../../src/lib/model/moved-numbers'
import { operations } from '../../src/lib/engine/operations-in-use'
import { crossEntropy } from '../../src/lib/network/loss'
import type { Model } from '../../src/lib/model/model'
import { Network } from '../../src/lib/network/network'
import { Optimizer } from '../../src/lib/training/optimizer'
import { predict } from '../../src/lib/inference/predict'
import { reestimateStatistics } from '../../src/lib/inference/reestimate-statistics'
import { train } from '../../src/lib/training/train'
import type { TrainConfig } from '../../src/lib/training/config'
import { smallModel, smallSplit } from '../fixtures/small-model'

const split = smallSplit()
const config: TrainConfig = {
  epochs: 3, batch: 8, optimizer: { name: 'adamw', rate: 5e-3, decay: 0.05 }, schedule: { name: 'one-cycle' },
  augment: { rotation: 20, shift: 0.1, horizontalFlip: true }, labelSmoothing: 0.05, keepBest: true, seed: 7,
}
const folder = mkdtempSync(join(tmpdir(), 'train-'))
afterAll(() => rmSync(folder, { recursive: true }))

const hexadecimal = (values: Float32Array) => Buffer.from(values.slice().buffer).toString('hex')
const bits = (model: Model) =>
  Object.fromEntries([...model.weights].map(([name, values]) => [name, hexadecimal(values)]))

type FailingOperation =
  'convolve' | 'normalizeBatch' | 'normalizeBatchGradient' | 'convolveKernelGradient' | 'stepAdam'

/** Lets an operation fail from its call number `time` on, as the engine fails: donated inputs are released. */
function failing(operation: FailingOperation, time: number) {
  const all = operations() as unknown as Record<string, (...inputs: unknown[]) => unknown>
  const original = all[operation]
  let calls = 0
  return vi.spyOn(all, operation).mockImplementation((...inputs) => {
    if (++calls < time) return original(...inputs)
    const tensors = inputs.flatMap(input => (Array.isArray(input) ? input : [input, ...Object.values(input as object)]))
    const donated = tensors.filter(one => (one as Partial<Tensor>)?.donated) as Tensor[]
    release(...donated)
    throw new LabError('too-large', { expected: operation, received: 'out of memory', remedy: 'Take less' })
  })
}

describe('a training run', () => {
  test('learns: the loss falls, and the start model does not change', async () => {
    const model = smallModel()
    const before = bits(model)
    const longer = { ...config, epochs: 12, keepBest: false }
    const { history, model: after, stopped, best } = await train(model, split, longer)
    expect(history).toHaveLength(12)
    expect(history[11].loss).toBeLessThan(history[0].loss)
    expect(stopped).toBe('finished')
    expect(best!.validationLoss).toBe(Math.min(...history.map(epoch => epoch.validationLoss)))
    expect(bits(model)).toEqual(before)
    expect(bits(after)).not.toEqual(before)
  })

  test.each([1, 8])('gives the same bits for the same seed, different bits for another seed; channels: %i times', async times => {
    const run = async (seed: number) =>
      bits((await train(smallModel({ dropout: 0.3, times }), split, { ...config, seed })).model)
    expect(await run(1)).toEqual(await run(1))
    expect(await run(2)).not.toEqual(await run(1))
  })

  test('recorded validation figures are those of predict on the returned weights', async () => {
    const { model, history } = await train(smallModel(), split, { ...config, keepBest: false })
    const { probabilities, labels } = await predict(model, split.validation)
    const loss = labels.reduce((sum, label, row) => sum - Math.log(probabilities[row * 2 + label]), 0) / labels.length
    expect(history[2].validationLoss).toBeCloseTo(loss, 5)
  })

  test.each(['stem', null] as const)('returns measured statistics if they are asked for; frozen through: %s', async stage => {
    const model = stage ? freeze(smallModel(), { through: stage }) : smallModel()
    const followed = await train(model, split, config)
    const measured = await train(model, split, { ...config, statistics: 'measured' })
    const apart = await reestimateStatistics(followed.model, split.train, { batch: 8, seed: 7 })
    // Behind frozen layers the same operations run on batches of features: the last digits of float32 may differ.
    for (const [name, values] of measured.model.weights)
      values.forEach((value, i) => expect(value, name).toBeCloseTo(apart.weights.get(name)![i], 4))
    expect(bits(measured.model)).not.toEqual(bits(followed.model))
    expect(measured.history.map(({ loss }) => loss)).toEqual(followed.history.map(({ loss }) => loss))
  })

  test.each([[1, 1], [4, 8], [8, 1]])('cancelled after step %i and resumed, ends with the bits of a run straight through'
    + '; channels: %i times', async (stopAt, times) => {
    const model = smallModel({ dropout: 0.2, times })
    const straight = await train(model, split, config)
    const checkpoint = { folder: join(folder, `stop-${stopAt}`) }
    const cancel = new AbortController()
    let steps = 0
    const seen = () => { if (++steps === stopAt) cancel.abort() }
    const first = await train(model, split, config, { checkpoint, onProgress: seen, signal: cancel.signal })
    expect(first.stopped).toBe('cancelled')
    const second = await train(model, split, config, { checkpoint })
    expect(bits(second.model)).toEqual(bits(straight.model))
    const figures = (history: typeof straight.history) =>
      history.map(({ seconds, ...rest }) => ({ ...rest, timed: seconds > 0 }))
    expect(figures(second.history)).toEqual(figures(straight.history))
  })

  test('killed between two saves and resumed, ends with the same bits', async () => {
    const straight = await train(smallModel(), split, config)
    const checkpoint = { folder: join(folder, 'killed'), everySteps: 2 }
    let steps = 0
    const die = () => { if (++steps === 8) throw new Error('killed') }
    await expect(train(smallModel(), split, config, { checkpoint, onProgress: die })).rejects.toThrow('killed')
    let reports = 0
    const second = await train(smallModel(), split, config, { checkpoint, onProgress: () => { reports++ } })
    expect(reports).toBeLessThan(8)
    expect(bits(second.model)).toEqual(bits(straight.model))
  })

  test('refuses the checkpoint of another run', async () => {
    const checkpoint = { folder: join(folder, 'other') }
    await train(smallModel(), split, { ...config, epochs: 1 }, { checkpoint })
    await expect(train(smallModel(), split, { ...config, epochs: 1, seed: 8 }, { checkpoint }))
      .rejects.toMatchObject({ code: 'bad-checkpoint' })
  })

  test('stops early when the validation loss stalls', async () => {
    const still: TrainConfig = { ...config, epochs: 9, patience: 2, optimizer: { name: 'sgd', rate: 0 } }
    const all = parameters(smallModel().architecture).map(({ layer }) => layer)
    const layers = all.filter(layer => layer !== 'predictions')
    const { stopped, history } = await train(freeze(smallModel(), { layers }), split, { ...still, schedule: undefined })
    expect(stopped).toBe('early')
    expect(history).toHaveLength(3)
  })

  test('that stopped early has nothing left to do when it is resumed', async () => {
    const checkpoint = { folder: join(folder, 'early') }
    const stalling: TrainConfig = { ...config, epochs: 40, patience: 1, optimizer: { name: 'sgd', rate: 0 } }
    const first = await train(smallModel(), split, stalling, { checkpoint })
    expect(first.stopped).toBe('early')
    const second = await train(smallModel(), split, stalling, { checkpoint })
    expect(second).toEqual(first)
  })

  test.each(['convolve', 'normalizeBatch', 'normalizeBatchGradient', 'convolveKernelGradient', 'stepAdam'] as const)(
    'leaves nothing in the engine where %s fails', async operation => {
      const before = tensorCount()
      const spy = failing(operation, 3)
      await expect(train(smallModel(), split, config)).rejects.toThrow('out of memory')
      spy.mockRestore()
      expect(tensorCount()).toBe(before)
    })

  test.each([
    ['epochs', { epochs: 0 }], ['batch', { batch: 1 }], ['labelSmoothing', { labelSmoothing: 1 }],
    ['statistics', { statistics: 'guessed' as 'measured' }],
    ['patience', { patience: 0 }], ['rate', { optimizer: { name: 'adam', rate: -1 } }],
  ] as [string, Partial<TrainConfig>][])('refuses a bad %s', async (_, change) => {
    const before = tensorCount()
    await expect(train(smallModel(), split, { ...config, ...change })).rejects.toMatchObject({ code: 'bad-argument' })
    expect(tensorCount()).toBe(before)
  })

  test('refuses a model with nothing left to train, and one made for other classes', async () => {
    for (const model of [freeze(smallModel(), { through: 'head' }), { ...smallModel(), labels: ['a', 'b'] }])
      await expect(train(model, split, config)).rejects.toMatchObject({ code: 'bad-argument' })
  })
})

describe('freezing', () => {
  const model = smallModel()
  const layers = [...new Set(parameters(model.architecture).map(parameter => parameter.layer))]

  test.each(['stem', 'conv2'] as const)('through %s: not one bit of it moves, all that trains behind it does', async stage => {
    const frozen = freeze(model, { through: stage })
    const { model: after } = await train(frozen, split, { ...config, keepBest: false })
    for (const { name, layer, trainable } of parameters(model.architecture)) {
      const moved = bits(after)[name] !== bits(model)[name]
      const superfluous = name.endsWith('_conv/bias')
      if (frozen.frozen.has(layer)) expect(moved, name).toBe(false)
      else if (trainable && !superfluous) expect(moved, name).toBe(true)
    }
    const rows = countMovedNumbers(frozen, after)
    expect(rows.find(row => row.stage === stage)).toMatchObject({ moved: 0, trainable: 0 })
    expect(rows.find(row => row.stage === 'head')!.moved).toBeGreaterThan(0)
  })

  test.each(layers)('%s alone: not one bit of it moves', async layer => {
    const { model: after } = await train(freeze(model, { layers: [layer] }), split, { ...config, epochs: 1 })
    for (const { name } of parameters(model.architecture).filter(parameter => parameter.layer === layer))
      expect(bits(after)[name], name).toBe(bits(model)[name])
  })

  test('returns a new model and leaves the old one as it was', () => {
    const frozen = freeze(model, { through: 'stem' })
    expect(model.frozen.size).toBe(0)
    expect(unfreeze(frozen).frozen.size).toBe(0)
    expect(frozen.frozen.size).toBeGreaterThan(0)
  })

  test('names the nearest layers when one is unknown', () => {
    expect(() => freeze(model, { layers: ['middle_cnv'] })).toThrow(/middle_conv/)
  })
})

describe('the network', () => {
  test.each(['train', 'infer', 'observe'] as const)('opened to %s and closed, leaves no tensor behind', purpose => {
    const before = tensorCount()
    new Network(smallModel(), purpose).close()
    expect(tensorCount()).toBe(before)
  })

  test('holds the same number of tensors after 100 training steps as after one', () => {
    const model = freeze(smallModel({ dropout: 0.5 }), { layers: ['first_conv', 'up_bn', 'middle_conv'] })
    const network = new Network(model, 'train')
    const optimizer = new Optimizer(config.optimizer, network.trainable)
    const step = (index: number) => {
      const images = tensor(new Float32Array(4 * 16 * 16 * 3).fill(0.5), [4, 16, 16, 3])
      const scores = network.trainForward(images, { seed: 0, step: index })
      const start = tensor(crossEntropy(read(scores), [0, 1, 0, 1], 2).gradient, [4, 2])
      optimizer.apply(network.backward(start), 1e-3)
      release(images, scores, start)
      return tensorCount()
    }
    const first = step(0)
    for (let i = 1; i < 100; i++) step(i)
    expect(tensorCount()).toBe(first)
    optimizer.close()
    network.close()
  })

  test('folded, unfolded and frozen in training mode, gives the same scores', () => {
    const model = smallModel()
    const images = tensor(Float32Array.from({ length: 4 * 768 }, (_, i) => Math.sin(i) ** 2), [4, 16, 16, 3])
    const folded = new Network(model, 'infer'), observed = new Network(model, 'observe')
    const frozen = new Network({ ...model, frozen: new Set(model.architecture.layers.map(layer => layer.name)) }, 'train')
    const trained = frozen.trainForward(images, { seed: 0, step: 0 })
    const [a, b, c] = [folded.infer(images), observed.infer(images), trained].map(read)
    // Folding multiplies the kernels before the convolution instead of its sums after it: float32 rounding apart.
    a.forEach((value, i) => expect(value).toBeCloseTo(b[i], 4))
    a.forEach((value, i) => expect(value).toBeCloseTo(c[i], 5))
    for (const network of [folded, observed, frozen]) network.close()
  })
})
