/** A checkpoint that was changed and sealed again is refused: it would lead to another model without a word. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { TrainConfig, Trained } from '../../src/lib/training/config'
import { train } from '../../src/lib/training/train'
import { readTensorFile, writeTensorFile, type TensorFile, type Values } from '../../src/lib/weights/formats/tensor-file'
import { smallModel, smallSplit } from '../fixtures/small-model'
import { temporaryFolder } from '../fixtures/temporary'

const split = smallSplit()
const config: TrainConfig = { epochs: 2, batch: 8, optimizer: { name: 'adam', rate: 1e-3 }, seed: 7, keepBest: true }
const inFolder = temporaryFolder()
let straight: Trained, whole: TensorFile

beforeAll(async () => {
  straight = await train(smallModel(), split, config, { checkpoint: { folder: inFolder('straight'), everySteps: 1 } })
  // The last step of the second epoch is done, and the epoch is open: the first one is the best so far.
  whole = await readTensorFile(inFolder('straight', 'checkpoint-before.tensors'))
})

async function resume(name: string, file: TensorFile): Promise<Trained> {
  const folder = inFolder(name)
  mkdirSync(folder)
  await writeTensorFile(join(folder, 'checkpoint.tensors'), file)
  return train(smallModel(), split, config, { checkpoint: { folder } })
}

type Change = (file: TensorFile) => TensorFile

/** Each array for which `change` gives undefined is left out. */
const arrays = (change: (name: string, array: Values) => Values | undefined): Change => ({ tensors, meta }) =>
  ({ meta, tensors: new Map([...tensors].flatMap(([name, array]) => {
    const changed = change(name, array)
    return changed ? [[name, changed] as const] : []
  })) })

const one = (which: string, changed: Values | undefined): Change =>
  arrays((name, array) => name === which ? changed : array)

/** `change` of the state, which has one finished epoch in its history. */
const state = (change: (state: { history: object[]; sums: object }) => object): Change => ({ tensors, meta }) => {
  const before = meta.state as { history: object[]; sums: object }
  return { tensors, meta: { ...meta, state: { ...before, ...change(before) } } }
}
const sums = (change: object): Change => state(({ sums }) => ({ sums: { ...sums, ...change } }))
const record = (change: object): Change => state(({ history: [first] }) => ({ history: [{ ...first, ...change }] }))

const bias = 'predictions/bias', withNaN = { shape: [2], values: Float32Array.of(NaN, 0) }

describe('a checkpoint that was sealed again', () => {
  test('unchanged leads to the same bits', async () => {
    const { model, best } = await resume('unchanged', whole)
    expect(best!.epoch).toBe(straight.best!.epoch)
    expect([...model.weights]).toEqual([...straight.model.weights])
  })

  test.each<[string, Change, RegExp]>([
    ['without the best weights', arrays((name, array) => name.startsWith('best:') ? undefined : array), /best epoch’s weights.*0 arrays/],
    ['without one of the best weights', one(`best:${bias}`, undefined), /best epoch’s weights.*arrays, not/],
    ['with a short best array', one(`best:${bias}`, { shape: [1], values: new Float32Array(1) }), /predictions\/bias with 1 numbers, not 2/],
    ['with NaN in the best weights', one(`best:${bias}`, withNaN), /not finite in predictions\/bias/],
    ['with NaN in a variable', one(`variable:${bias}`, withNaN), /finite numbers.*predictions\/bias with NaN/],
    ['with an array more', ({ tensors, meta }) => ({ meta, tensors: new Map(tensors).set('x', withNaN) }), /\d+ arrays/],
    ['with best weights of no epoch', state(() => ({ best: null })), /none as the best of 1/],
    ['with sums over no images', sums({ loss: 0, correct: 0, images: 0 }), /0 right of 0 images after 3 steps/],
    ['with more images correct than there are', sums({ correct: 25 }), /25 right of 24 images/],
    ['with a negative sum', sums({ loss: -5 }), /sums\.loss/],
    ['with an accuracy of 17', record({ accuracy: 17 }), /history\.0\.accuracy/],
    ['with a validation accuracy of −1', record({ validationAccuracy: -1 }), /history\.0\.validationAccuracy/],
    ['with a negative loss', record({ loss: -5 }), /history\.0\.loss/],
  ])('%s is refused', async (name, change, words) => {
    await expect(resume(name, change(whole))).rejects.toThrow(/^bad-checkpoint/)
    await expect(train(smallModel(), split, config, { checkpoint: { folder: inFolder(name) } })).rejects.toThrow(words)
  })

  test('whose best epoch is not the best of its records is refused', async () => {
    const end = await readTensorFile(inFolder('straight', 'checkpoint.tensors'))
    const other = 1 - (straight.best!.epoch - 1)
    await expect(resume('another best', state(() => ({ best: other }))(end))).rejects.toThrow(/the best of 2/)
  })
})
