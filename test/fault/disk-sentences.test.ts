/** What a disk that fails does to whoever reads and writes: no file counts as missing, caches do not stop the work. */
import { hostname } from 'node:os'
import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { requireRoom } from '../../scripts/set-up/disk.mjs'
import { readFileFacts } from '../../src/lib/data/look/file-facts'
import { recordTransferRow, type TransferRow } from '../../src/lib/experiments/plans/pretraining/recorded'
import { LabError } from '../../src/lib/system/errors'
import { isThere, namesIn } from '../../src/lib/system/is-there'
import { locked } from '../../src/lib/system/locked'
import { inRoom } from '../../src/lib/system/room'
import { guardedWrite } from '../../src/lib/system/safe-path'
import { saveModel } from '../../src/lib/training/saved/save-model'
import { readProjectWeights, saveProjectWeights } from '../../src/lib/weights/project-weights'
import { openModel } from '../../src/lib/weights/saved/open-model'
import { smallDataset, smallModel } from '../fixtures/small-network'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
const notices: string[] = []
beforeEach(() => {
  notices.length = 0
  vi.spyOn(console, 'warn').mockImplementation((sentence: string) => { notices.push(sentence) })
})
afterEach(() => vi.restoreAllMocks())

/** A link that leads to itself: the system does not tell what lies there. Rights do not stop root. */
function untold(name: string): string {
  symlinkSync(path(name), path(name))
  return path(name)
}

describe('a path of which the system does not tell', () => {
  test('is no missing file', () => {
    expect(isThere(path('none'))).toBe(false)
    writeFileSync(path('file'), '')
    expect(isThere(path('file'))).toBe(true)
    expect(isThere(path('file', 'below'))).toBe(false)
    expect(namesIn(path('none'))).toEqual([])
    for (const ask of [isThere, namesIn])
      expect(() => ask(untold(ask.name))).toThrow(/^data-missing: expected to read .*, received links that lead to each other/)
  })

  test('loses no recorded rows', async () => {
    const row: TransferRow = {
      task: 'none', classes: null, images: null, steps: null, bits: null, width: 'half', minutes: null, heldOutAccuracy: null,
      split: 'random', validationAccuracy: 0.8, validationLoss: 0.5, seed: 1,
    }
    await expect(recordTransferRow(row, untold('rows.csv'))).rejects.toMatchObject({ code: 'data-missing' })
  })
})

test('a cache that cannot be written is told once, and stops nothing', async () => {
  writeFileSync(path('small'), 'a file where the cache’s folder should be')
  process.env.LAB_DATA_FOLDER = path()
  expect(await readFileFacts(smallDataset(4))).toHaveLength(4)
  expect(notices).toEqual([expect.stringMatching(
    /file-facts-\w+\.json is not kept: a file where a folder should be \(ENOTDIR\)\. It is computed again next time\.$/) as string])
})

test('a lock that cannot be written is an error in one sentence', async () => {
  writeFileSync(path('no folder'), '')
  const done = locked(path('no folder', 'lock'), async () => 'done', { onBusy: 'refuse' })
  await expect(done).rejects.toMatchObject({ code: 'write-failed' })
  const fault = new Error('the work failed')
  await expect(locked(path('lock'), () => Promise.reject(fault), { onBusy: 'refuse' })).rejects.toBe(fault)
})

describe('a full disk', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write', errno: -28 })
  const write = (fault: unknown) => inRoom(path('set'), () => ({ bytes: 4_800_000, what: '80 files of mine' }),
    () => guardedWrite(path('set', 'one.png'), () => Promise.reject(fault as Error)))

  test('is told with what is needed, and in which folder', async () => {
    await expect(write(full)).rejects.toThrow(`write-failed: expected about 4.8 MB of free disk in ${path('set')} for 80 files `
      + 'of mine, received a full disk (ENOSPC). Free some disk space, then run this again.')
    const other = new LabError('write-failed', { expected: 'a', received: 'b', remedy: 'C' })
    await expect(write(other)).rejects.toBe(other)
  })

  test('stops the set-up before it begins', () => {
    expect(() => requireRoom(1e9, '/disk', 1e9)).not.toThrow()
    expect(() => requireRoom(3.9e9, '/disk', 36e6)).toThrow(/^disk-full\n {2}expected {2}3\.9 GB of free disk in \/disk\n {2}received {2}36 MB\n/)
  })
})

describe('work that stopped between two steps', () => {
  test('leaves a saved model that opens: a folder set aside is put back', async () => {
    await saveModel(smallModel(), path('models', 'small'))
    renameSync(path('models', 'small'), path('models', `.small.999999999-0@${hostname()}.old`))
    expect((await openModel(path('models', 'small'))).labels).toEqual(smallModel().labels)
  })

  test('leaves weights with their card: that of the weights before is kept until the new ones are there', async () => {
    const card = {
      name: 'resnet50-small', description: 'Made up.', recipe: { preprocessing: 'unit' as const }, result: {}, machine: 'none',
      licence: 'none',
    }
    const save = (number: number, folder: string) => saveProjectWeights({ ...card, seconds: number },
      new Map([['a/bias', { shape: [1], values: Float32Array.of(number) }]]), folder)
    const weights = path('weights', 'resnet50-small.tensors')
    await save(1, path('weights'))
    const old = readFileSync(weights)
    // Saved again, but for the last step.
    mkdirSync(path('weights', 'resnet50-small.json.before', 'x'), { recursive: true })
    await expect(save(2, path('weights'))).rejects.toMatchObject({ code: 'write-failed' })
    expect((await readProjectWeights(weights)).card.seconds).toBe(1)
    await save(2, path('elsewhere'))
    renameSync(path('weights', 'resnet50-small.json.before'), path('moved'))
    renameSync(path('weights', 'resnet50-small.json'), path('weights', 'resnet50-small.json.before'))
    renameSync(path('elsewhere', 'resnet50-small.json'), path('weights', 'resnet50-small.json'))
    expect(readFileSync(weights)).toEqual(old)
    expect((await readProjectWeights(weights)).card.seconds).toBe(1)
  })
})
