/** A last checkpoint that is an odd link gives way to the whole one before, and never takes its place. */
import { existsSync, lstatSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test, vi } from 'vitest'
import type { TrainConfig, Trained } from '../../src/lib/training/config'
import { train } from '../../src/lib/training/train'
import { readTensorFile, writeTensorFile, type TensorFile } from '../../src/lib/weights/formats/tensor-file'
import { smallModel, smallSplit } from '../fixtures/small-model'
import { temporaryFolder } from '../fixtures/temporary'

const split = smallSplit()
const config: TrainConfig = { epochs: 1, batch: 8, optimizer: { name: 'adam', rate: 1e-3 }, seed: 7 }
const inFolder = temporaryFolder()
let straight: Trained, whole: TensorFile

beforeAll(async () => {
  straight = await train(smallModel(), split, config, { checkpoint: { folder: inFolder('straight'), everySteps: 1 } })
  whole = await readTensorFile(inFolder('straight', 'checkpoint-before.tensors'))
})

/** A folder with a whole checkpoint under one name and a link under the other. */
async function folderWith(link: { name: string; to: string }): Promise<string> {
  const folder = inFolder(`${link.name} to ${link.to.replaceAll('/', ' ')}`)
  mkdirSync(folder)
  const names = ['checkpoint.tensors', 'checkpoint-before.tensors']
  await writeTensorFile(join(folder, names.find(name => name !== link.name)!), whole)
  symlinkSync(link.to, join(folder, link.name))
  return folder
}

test.each([
  ['a device', { name: 'checkpoint.tensors', to: '/dev/zero' }],
  ['itself', { name: 'checkpoint.tensors', to: 'checkpoint.tensors' }],
  ['nothing', { name: 'checkpoint.tensors', to: '/nowhere/at/all' }],
  ['a device, in the place of the one before', { name: 'checkpoint-before.tensors', to: '/dev/zero' }],
])('a link to %s', async (_, link) => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const folder = await folderWith(link), isLast = link.name === 'checkpoint.tensors'
  const { model, stopped } = await train(smallModel(), split, config, { checkpoint: { folder, everySteps: 1 } })
  expect(stopped).toBe('finished')
  expect([...model.weights]).toEqual([...straight.model.weights])
  for (const name of ['checkpoint.tensors', 'checkpoint-before.tensors'].map(name => join(folder, name)).filter(existsSync)) {
    expect(lstatSync(name).isFile()).toBe(true)
    expect((await readTensorFile(name)).meta).toBeDefined()
  }
  if (isLast) expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/last checkpoint is damaged.*goes on from the one before/))
  else expect(warn).not.toHaveBeenCalled()
  warn.mockRestore()
})
