/** Checkpoints that cannot be resumed, and numbers that JSON cannot hold. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { tensorCount } from '../../src/lib/engine/engine'
import type { TrainConfig } from '../../src/lib/training/config'
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
  const path = join(folder, 'checkpoint.tensors')
  await writeTensorFile(path, change(await readTensorFile(path)))
  return folder
}

const withState = (change: Record<string, unknown>) => ({ tensors, meta }: TensorFile): TensorFile =>
  ({ tensors, meta: { ...meta, state: { ...meta.state as object, ...change } } })

describe('a checkpoint', () => {
  test.each([
    ['of the version before', ({ tensors, meta: { fingerprint: run, state: progress } }: TensorFile) =>
      ({ tensors, meta: { run, progress } }), /bad-checkpoint.*this version.*another version.*Delete it/],
    ['without its state', ({ tensors, meta: { version, fingerprint } }: TensorFile) =>
      ({ tensors, meta: { version, fingerprint } }), /bad-checkpoint.*state of a run/],
    ['whose epoch is no number', withState({ epoch: 'two' }), /bad-checkpoint.*epoch.*Delete this file/],
    ['whose steps are negative', withState({ steps: -1 }), /bad-checkpoint.*steps/],
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
})
