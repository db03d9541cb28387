import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Dataset } from '../../src/lib/data/dataset'
import { loadPixels } from '../../src/lib/data/resized-images'
import { resizeArea } from '../../src/lib/images/resize'
import { datasetOf, groupedItems } from '../fixtures/datasets'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
const items = groupedItems(30, 1)
let set: Dataset
let reads: number

beforeEach(() => {
  vi.stubEnv('LAB_DATA_FOLDER', path())
  reads = 0
  set = counted(datasetOf(items))
})
afterEach(() => void vi.unstubAllEnvs())

/** A set of its own object identity that counts its reads. */
function counted(dataset: Dataset): Dataset {
  return { ...dataset, read: index => (reads++, dataset.read(index)) }
}

const cacheFile = () => {
  const cache = path('made-up', 'cache')
  return join(cache, readdirSync(cache).filter(name => name.startsWith('pixels-4'))[0])
}

describe('loading resized images', () => {
  it('returns every image in order, resized by area', async () => {
    const pixels = await loadPixels(set, { size: 4 })
    expect(pixels).toMatchObject({ size: 4, channels: 1, count: 30 })
    for (const index of [0, 17, 29])
      expect(pixels.data.subarray(index * 16, index * 16 + 16)).toEqual(resizeArea(await set.read(index), 4, 4).data)
  })

  it('keeps them in memory: the same object, also for calls at the same time', async () => {
    const [a, b] = await Promise.all([loadPixels(set, { size: 5 }), loadPixels(set, { size: 5 })])
    expect(a).toBe(b)
    expect(reads).toBe(30)
  })

  it('keeps them on disk: another process reads no image', async () => {
    const first = await loadPixels(set, { size: 4 })
    reads = 0
    expect(await loadPixels(counted(set), { size: 4 })).toEqual(first)
    expect(reads).toBe(0)
  })

  it('reads again when the content hash is another', async () => {
    await loadPixels(set, { size: 4 })
    reads = 0
    await loadPixels(counted({ ...set, contentHash: 'f'.repeat(64) }), { size: 4 })
    expect(reads).toBe(60)
  })

  it('three channels repeat the grey value', async () => {
    const grey = await loadPixels(set, { size: 4 })
    const colour = await loadPixels(set, { size: 4, channels: 3 })
    expect(colour).toMatchObject({ size: 4, channels: 3, count: 30 })
    const repeated = Uint8Array.from({ length: grey.data.length * 3 }, (_, i) => grey.data[Math.floor(i / 3)])
    expect(colour.data).toEqual(repeated)
  })

  it('computes them again where the cache is cut short or damaged', async () => {
    const good = await loadPixels(set, { size: 4 })
    const bytes = readFileSync(cacheFile())
    const damages = [
      () => truncateSync(cacheFile(), 100),
      () => truncateSync(cacheFile(), 0),
      () => writeFileSync(cacheFile(), bytes.fill(bytes[80] ^ 1, 80, 81)),
    ]
    for (const damage of damages) {
      damage()
      reads = 0
      expect(await loadPixels(counted(set), { size: 4 })).toEqual(good)
      expect(reads).toBeGreaterThan(0)
    }
  })

  it('reports a bad image, and tries again at the next call', async () => {
    let broken = true
    const mended = { ...set, contentHash: 'e'.repeat(64), read: async (index: number) => {
      if (broken && index === 9) throw new Error('unreadable')
      return set.read(index)
    } }
    await expect(loadPixels(mended, { size: 4 })).rejects.toThrow('unreadable')
    broken = false
    expect((await loadPixels(mended, { size: 4 })).count).toBe(30)
  })

  it('refuses impossible sizes and channels', async () => {
    for (const size of [0, 1025, 2.5, NaN]) await expect(loadPixels(set, { size })).rejects.toThrow('bad-argument')
    await expect(loadPixels(set, { size: 4, channels: 2 as 1 })).rejects.toThrow('channels')
    const many = { ...set, items: new Array(5000).fill(items[0]) }
    await expect(loadPixels(many, { size: 1024 })).rejects.toThrow('too-large')
  })
})
