/** Reading a model while another process saves over it. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { beforeAll, expect, it, vi } from 'vitest'
import { openModel, saveModel } from '../../src/lib/index'
import { withLock } from '../../src/lib/system/lock.mjs'
import { readReplaced } from '../../src/lib/system/read-replaced'
import { smallModel } from '../fixtures/small-network'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
const model = path('model')

beforeAll(() => saveModel(smallModel(), model))

/** Sets the model aside until something has happened, as who replaces it does. */
async function setAside(meanwhile: () => Promise<unknown>): Promise<void> {
  await withLock(path('.model.lock'), async () => {
    renameSync(model, path('aside'))
    await meanwhile()
    renameSync(path('aside'), model)
  }, { onBusy: 'refuse' })
}

it('a model that somebody has just set aside opens a moment later', async () => {
  const saving = setAside(() => pause(200))
  expect((await openModel(model)).labels).toEqual(['bright', 'dark'])
  await saving
})

it('who waits for long is told for whom', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const saving = setAside(async () => { while (!warn.mock.calls.length) await pause(20) })
  expect((await openModel(model)).labels).toEqual(['bright', 'dark'])
  await saving
  expect(warn.mock.calls).toEqual([[`Waiting for process ${process.pid}, which is replacing ${model}.`]])
  warn.mockRestore()
})

it('where nothing lies, or a killed process has left its lock, nothing is waited for', async () => {
  writeFileSync(path('.never.lock'), '999999999 1 0')
  for (const name of ['nothing', 'never'])
    await expect(openModel(path(name))).rejects.toMatchObject({ code: 'data-missing' })
})

it('files of two folders that replace each other never come together', async () => {
  for (const name of ['one', 'two']) {
    mkdirSync(path(name))
    for (const file of ['first', 'second']) writeFileSync(path(name, file), name)
  }
  let reads = 0
  const read = async () => {
    const first = readFileSync(path('one', 'first'), 'utf8')
    if (reads++ === 0) {
      renameSync(path('one'), path('away'))
      renameSync(path('two'), path('one'))
    }
    return [first, readFileSync(path('one', 'second'), 'utf8')]
  }
  expect(await readReplaced(path('one'), read)).toEqual(['two', 'two'])
  expect(reads).toBe(2)
})

it('a folder that is set aside while it is read is read again; another fault is thrown at once', async () => {
  let reads = 0
  const fault = new Error('damaged')
  const read = async () => {
    if (reads++ > 0) throw fault
    renameSync(model, path('aside'))
    setTimeout(() => renameSync(path('aside'), model), 30)
    return readdirSync(model)
  }
  writeFileSync(path('.model.7-0@elsewhere.tmp'), '')
  await expect(readReplaced(model, read, { isOfOneFile: () => true })).rejects.toBe(fault)
  expect(reads).toBe(2)
})
