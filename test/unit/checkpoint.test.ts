/** Checkpoints that cannot be resumed, and numbers that JSON cannot hold. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { tensorCount } from '../../src/lib/engine/engine'
import type { TrainConfig, Trained } from '../../src/lib/training/config'
import { train } from '../../src/lib/training/train'
import { readTensorFile, writeTensorFile, type TensorFile } from '../../src/lib/weights/formats/tensor-file'
import { smallModel, smallSplit } from '../fixtures/small-model'
import { temporaryFolder } from '../fixtures/temporary'

const split = smallSplit()
const config: TrainConfig = { epochs: 2, batch: 8, optimizer: { name: 'adam', rate: 1e-3 }, seed: 7 }
const inFolder = temporaryFolder()
let folders = 0

/** A checkpoint after the first of two epochs, changed. */
async function changedCheckpoint(change: (file: TensorFile) => TensorFile): Promise<string> {
  const folder = inFolder(`${folders++}`)
  const cancel = new AbortController()
  const onProgress = ({ history }: { history: readonly unknown[] }) => { if (history.length) cancel.abort() }
  await train(smallModel(), split, config, { checkpoint: { folder }, signal: cancel.signal, onProgress })
  // The interrupt saved the same state once more.
  rmSync(join(folder, 'checkpoint-before.tensors'))
  const path = join(folder, 'checkpoint.tensors')
  await writeTensorFile(path, change(await readTensorFile(path)))
  return folder
}

const withState = (change: Record<string, unknown>) => ({ tensors, meta }: TensorFile): TensorFile =>
  ({ tensors, meta: { ...meta, state: { ...meta.state as object, ...change } } })

describe('a checkpoint', () => {
  test.each([
    ['of the version before', ({ tensors, meta: { fingerprint: run, state: progress } }: TensorFile) =>
      ({ tensors, meta: { run, progress } }), /other-version.*an earlier version of this program wrote\. Delete it/],
    ['of a later version', ({ tensors, meta }: TensorFile) => ({ tensors, meta: { ...meta, version: 99 } }),
      /other-version.*version 99, which a later version of this program wrote\. Update this program \(git pull/],
    ['without its state', ({ tensors, meta: { version, fingerprint } }: TensorFile) =>
      ({ tensors, meta: { version, fingerprint } }), /bad-checkpoint.*state of a run/],
    ['whose epoch is no number', withState({ epoch: 'two' }), /bad-checkpoint.*epoch.*Delete this file/],
    ['whose steps are negative', withState({ steps: -1 }), /bad-checkpoint.*steps/],
    ['of a step behind the end of the epoch', withState({ step: 99 }), /bad-checkpoint.*step 99 of/],
    ['of an epoch behind the end of the run', withState({ epoch: 3 }), /bad-checkpoint.*epoch 3 of 2/],
    ['whose steps do not add up', withState({ steps: 5 }), /bad-checkpoint.*5 steps in 1 epochs/],
    ['whose records are not those of its epochs', withState({ history: [] }), /bad-checkpoint.*records of the epochs – after 1/],
    ['whose best epoch is none of its epochs', withState({ best: 7 }), /bad-checkpoint.*7 as the best of 1 epochs/],
    ['with an array of another shape', ({ tensors, meta }: TensorFile) => ({ meta, tensors: new Map([...tensors]
      .map(([name, one]) => name.includes('predictions/bias') ? [name, { shape: [1], values: one.values.slice(0, 1) }] : [name, one])) }),
    /bad-checkpoint.*an array predictions\/bias of shape 2/],
    ['without one of the variables', ({ tensors, meta }: TensorFile) =>
      ({ tensors: new Map([...tensors].filter(([name]) => !name.includes('predictions/bias'))), meta }),
    /bad-checkpoint.*an array predictions\/bias/],
  ])('%s is refused, and nothing stays in the engine', async (_, change, words) => {
    const before = tensorCount()
    const folder = await changedCheckpoint(change)
    await expect(train(smallModel(), split, config, { checkpoint: { folder } })).rejects.toThrow(words)
    expect(tensorCount()).toBe(before)
  })

  test('holds figures that are not finite', async () => {
    const [record] = (await train(smallModel(), split, { ...config, epochs: 1 })).history
    const folder = await changedCheckpoint(withState({
      history: [{ ...record, validationLoss: 'Infinity', validationAccuracy: 'NaN' }],
    }))
    const { history: [first, second], best } = await train(smallModel(), split, config, { checkpoint: { folder } })
    expect([first.validationLoss, first.validationAccuracy]).toEqual([Infinity, NaN])
    expect(best).toEqual(second)
    const { meta } = await readTensorFile(join(folder, 'checkpoint.tensors'))
    expect(meta.state).toMatchObject({ history: [{ validationLoss: 'Infinity', validationAccuracy: 'NaN' }, {}] })
  })

  const straight = () => train(smallModel(), split, config)
  const same = async (run: Trained) =>
    expect([...run.model.weights].map(([name, values]) => [name, [...values]]))
      .toEqual([...(await straight()).model.weights].map(([name, values]) => [name, [...values]]))

  test('that is damaged gives way to the one before, which says so and leads to the same bits', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const folder = await changedCheckpoint(file => file)
    const names = ['checkpoint.tensors', 'checkpoint-before.tensors'].map(name => join(folder, name))
    renameSync(names[0], names[1])
    writeFileSync(names[0], readFileSync(names[1]).subarray(0, 1000))
    const stopped = AbortSignal.abort()
    await train(smallModel(), split, config, { checkpoint: { folder }, signal: stopped }).catch(() => {})
    for (const name of names.filter(existsSync)) expect((await readTensorFile(name)).meta).toBeDefined()
    writeFileSync(names[0], 'damaged again')
    await same(await train(smallModel(), split, config, { checkpoint: { folder } }))
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/last checkpoint is damaged.*goes on from the one before/))
    warn.mockRestore()
  })

  test('that cannot be read gives way to the one before, too', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const folder = await changedCheckpoint(file => file), last = join(folder, 'checkpoint.tensors')
    renameSync(last, join(folder, 'checkpoint-before.tensors'))
    mkdirSync(last)
    await same(await train(smallModel(), split, config, { checkpoint: { folder } }))
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/last checkpoint is damaged: a folder.*from the one before/))
    warn.mockRestore()
  })

  test('that a killed process had just set aside is found, and what that process left half-written is removed', async () => {
    const folder = await changedCheckpoint(file => file)
    renameSync(join(folder, 'checkpoint.tensors'), join(folder, 'checkpoint-before.tensors'))
    writeFileSync(join(folder, '.checkpoint.tensors.999999999-0.tmp'), 'half')
    await same(await train(smallModel(), split, config, { checkpoint: { folder } }))
    expect(readdirSync(folder).sort()).toEqual(['checkpoint-before.tensors', 'checkpoint.tensors'])
  })

  test('that cannot be written does not stop the run', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const folder = inFolder(`${folders++}`)
    writeFileSync(folder, 'a file where the folder should be')
    await same(await train(smallModel(), split, config, { checkpoint: { folder } }))
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/goes on, but it cannot be saved: write-failed/))
    warn.mockRestore()
  })
})
