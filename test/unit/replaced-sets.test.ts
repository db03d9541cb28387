/** Sets whose images are replaced while they are open: their old images, or an error, and never other ones. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openFolder } from '../../src/lib/data/folder'
import { keepDataset } from '../../src/lib/data/kept/keep'
import { listSources, openDataset } from '../../src/lib/data/registry'
import { loadPixels } from '../../src/lib/data/resized-images'
import { selectItems } from '../../src/lib/data/subset'
import { withLock } from '../../src/lib/system/lock.mjs'
import { temporaryBeside } from '../../src/lib/system/temporary-names'
import { nifti } from '../fixtures/nifti'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()

/** A grey picture of 8 × 8 pixels of one value, as a BMP file: such files are of one size. */
function bmp(value: number): Buffer {
  const file = Buffer.alloc(54 + 1024 + 64, value)
  file.fill(0, 0, 54).write('BM', 'latin1')
  for (const [at, number] of [[10, 1078], [14, 40], [18, 8], [22, 8]] as const) file.writeUInt32LE(number, at)
  file.writeUInt16LE(8, 28)
  for (let i = 0; i < 256; i++) file.writeUInt32LE(i * 0x10101, 54 + 4 * i)
  return file
}

/** Two classes of two pictures, or volumes, each of one value. */
function putImages(folder: string, value: number, name = 'bmp', fileOf = bmp): string {
  for (const [i, file] of ['a/0', 'a/1', 'b/0', 'b/1'].entries()) {
    mkdirSync(dirname(path(folder, file)), { recursive: true })
    writeFileSync(path(folder, `${file}.${name}`), fileOf(value + i))
  }
  return path(folder)
}

const other = { code: 'data-mismatch', received: 'a file of other bytes', remedy: 'Open the data set again' }

beforeEach(() => {
  mkdirSync(path('data'), { recursive: true })
  vi.stubEnv('LAB_DATA_FOLDER', path('data'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  for (const folder of ['data', 'one', 'two']) rmSync(path(folder), { recursive: true, force: true })
})

describe('an open set', () => {
  it('refuses images that were replaced since, and stores nothing of them, in a thread neither', async () => {
    const folder = putImages('one', 10), set = await openFolder(folder)
    writeFileSync(path('one', 'b', '0.bmp'), bmp(200))
    await expect(set.read(2)).rejects.toMatchObject(other)
    await expect(selectItems(set, [3, 2]).read(1)).rejects.toMatchObject(other)
    await expect(loadPixels(set, { size: 4 })).rejects.toMatchObject(other)
    vi.stubEnv('LAB_WORKERS', '1')
    await expect(loadPixels(selectItems(set, [3, 2]), { size: 4 })).rejects.toMatchObject(other)
    vi.stubEnv('LAB_WORKERS', '0')
    expect((await set.read(3)).data[0]).toBe(13)
    const { data } = await loadPixels(await openFolder(folder), { size: 4 })
    expect([0, 16, 32, 48].map(at => data[at])).toEqual([10, 11, 200, 13])
    writeFileSync(path('one', 'b', '0.bmp'), bmp(12))
    expect((await loadPixels(set, { size: 4 })).data[32]).toBe(12)
  })

  it('of kept images refuses a changed file of the same size, too, and does not tell its channels', async () => {
    const { dataset } = await keepDataset('mine', putImages('one', 10))
    writeFileSync(path('data', 'mine', 'images', 'b', '0.bmp'), bmp(200))
    for (const set of [dataset, await openDataset('mine')]) {
      await expect(set.read(2)).rejects.toMatchObject(other)
      await expect(set.storedChannels!(2)).rejects.toMatchObject(other)
    }
  })

  it('refuses slices of a volume that was replaced since', async () => {
    const volume = (value: number) => Buffer.concat([nifti({ dims: [4, 4, 2], type: 2 }), Buffer.alloc(32, value)])
    const set = await openFolder(putImages('one', 10, 'nii', volume))
    expect((await set.read(1)).data[0]).toBe(10)
    writeFileSync(path('one', 'a', '0.nii'), volume(99))
    await expect(set.read(1)).rejects.toMatchObject(other)
    expect((await set.read(2)).data[0]).toBe(11)
  })
})

describe('a set that is imported anew', () => {
  it('opens as the old one or the new one, and never as a mixture', async () => {
    const sources = [putImages('one', 10), putImages('two', 100)]
    const known = new Map<string, number>()
    for (const [i, from] of sources.entries()) known.set((await keepDataset('mine', from)).dataset.contentHash, [10, 100][i])
    let isImporting = true, opened = 0
    const importing = (async () => {
      for (let i = 0; i < 6; i++) await keepDataset('mine', sources[i % 2])
      isImporting = false
    })()
    while (isImporting) {
      const set = await openDataset('mine')
      opened++
      for (const index of [0, 3]) {
        const first = await set.read(index)
          .then(image => image.data[0] - index, (fault: { code: string }) => fault.code)
        expect([known.get(set.contentHash), 'data-mismatch', 'data-missing']).toContain(first)
      }
    }
    await importing
    expect(opened).toBeGreaterThan(2)
  })

  it('is found at the moment when one folder is aside and the other not yet there; a new set is not waited for', async () => {
    await keepDataset('mine', putImages('one', 10))
    const aside = temporaryBeside(path('data', 'mine'), 'old')
    const names = async () => (await listSources()).map(source => source.name)
    const replaced = withLock(path('data', '.mine.lock'), async () => {
      renameSync(path('data', 'mine'), aside)
      await pause(300)
      renameSync(aside, path('data', 'mine'))
    }, { onBusy: 'refuse' })
    await pause(20)
    const [set, listed] = await Promise.all([openDataset('mine'), names()])
    expect(set.items).toHaveLength(4)
    expect(listed).toContain('mine')
    await replaced
    await withLock(path('data', '.other.lock'), async () => {
      await expect(openDataset('other')).rejects.toMatchObject({ code: 'unknown-data-set' })
      expect(await names()).not.toContain('other')
    }, { onBusy: 'refuse' })
  })
})
