/** Batches: the same numbers however many threads prepare them, and memory that does not grow. */
import { execFile } from 'node:child_process'
import { readdirSync, truncateSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { augmentations } from '../../src/lib/images/augment'
import { openBatches, trainingOrder } from '../../src/lib/batches/batches'
import { inProject } from '../../src/lib/system/project-root'
import type { Part } from '../../src/lib/data/split/split'
import { train } from '../../src/lib/training/train'
import type { TrainConfig } from '../../src/lib/training/config'
import { generatedImages } from '../fixtures/datasets'
import { smallModel, smallSplit } from '../fixtures/small-model'
import { temporaryFolder } from '../fixtures/temporary'

const path = temporaryFolder()
const size = 24
const model = { size, preprocessing: 'unit' } as const
const augmentation = { config: augmentations.reference, seed: 3, epoch: 2 }
const order = trainingOrder(40, 1, 0)
const places = [0, 8, 16, 24, 32].map(start => order.subarray(start, start + 8))
let part: Part

beforeEach(() => {
  vi.stubEnv('LAB_DATA_FOLDER', path())
  part = { dataset: generatedImages(50, size), role: 'train', indices: Array.from({ length: 40 }, (_, i) => i + 5) }
})
afterEach(() => void vi.unstubAllEnvs())

/** Threads that this process has, those of the test runner included: each is listened to. */
const threads = () => process.getActiveResourcesInfo().filter(name => name === 'MessagePort').length

/** Every number of an epoch, and every label. */
async function epoch(workers: number) {
  const images: Float32Array[] = []
  const labels: number[] = []
  for await (const batch of (await openBatches(part, model, { workers })).batches(places, augmentation)) {
    images.push(batch.input.slice())
    labels.push(...batch.labels)
  }
  return { images: images.map(some => Buffer.from(some.buffer).toString('hex')), labels }
}

describe('a batch', () => {
  it.each([
    ['unit', (grey: number) => grey / 255],
    ['centered', (grey: number) => grey / 127.5 - 1],
  ] as const)('holds the images of its indices, %s, the same value in each channel', async (preprocessing, expected) => {
    const { dataset } = part
    const { input, labels, count } = (await openBatches(part, { size, preprocessing })).read([7, 0])
    expect([count, ...labels]).toEqual([2, 0, 1])
    const greys = await Promise.all([12, 5].map(async item => [...(await dataset.read(item)).data]))
    const expectedInput = greys.flat().map(expected).flatMap(value => [value, value, value])
    expect(input).toHaveLength(expectedInput.length)
    // Float32 keeps seven digits.
    expect(Math.max(...expectedInput.map((value, i) => Math.abs(value - input[i])))).toBeLessThan(1e-7)
  })
})

describe('batches prepared by threads', () => {
  it.each([1, 2, 4])('%i: equal those of the main thread to the bit, in the same order', async workers => {
    const here = await epoch(0)
    expect(new Set(here.images).size).toBe(places.length)
    expect(here.labels).toEqual([...order].map(place => (place + 5) % 2))
    expect(await epoch(workers)).toEqual(here)
  })

  it('end with the loop: no thread keeps the process running', async () => {
    const before = threads()
    for await (const batch of (await openBatches(part, model, { workers: 2 })).batches(places, augmentation)) {
      expect(threads()).toBeGreaterThan(before)
      expect(batch.count).toBe(8)
      break
    }
    expect(threads()).toBe(before)
  })

  it.each([0, 2])('%i threads: a file that is cut while batches are read is reported, not read as zeros', async workers => {
    const reader = await openBatches(part, model, { workers })
    const cache = path('generated', 'cache')
    for (const name of readdirSync(cache)) truncateSync(`${cache}/${name}`, 6 * size * size)
    const all = async () => { for await (const _ of reader.batches(places, augmentation)); }
    await expect(all()).rejects.toMatchObject({ code: 'data-missing' })
  })

  it.each([1, 2])('%i: training ends with the same bits as without threads', async workers => {
    const config: TrainConfig = {
      epochs: 2, batch: 5, seed: 1, optimizer: { name: 'adam', rate: 1e-3 }, augment: augmentations.reference,
    }
    const trained = async (count: number) => {
      vi.stubEnv('LAB_WORKERS', String(count))
      const { model: { weights } } = await train(smallModel(), smallSplit(), config)
      return [...weights].map(([name, values]) => [name, Buffer.from(values.slice().buffer).toString('hex')])
    }
    expect(await trained(workers)).toEqual(await trained(0))
  })

  it('end with a run that is cancelled', async () => {
    vi.stubEnv('LAB_WORKERS', '2')
    const before = threads()
    const cancel = new AbortController()
    const config: TrainConfig = { epochs: 2, batch: 5, optimizer: { name: 'adam', rate: 1e-3 }, augment: augmentations.gentle }
    const seen: number[] = []
    const { stopped } = await train(smallModel(), smallSplit(), config, {
      signal: cancel.signal, onProgress: () => { seen.push(threads()); cancel.abort() },
    })
    expect(stopped).toBe('cancelled')
    expect(seen).toEqual([before + 2])
    expect(threads()).toBe(before)
  })

  it('are as many as LAB_WORKERS says', async () => {
    vi.stubEnv('LAB_WORKERS', 'many')
    const all = async () => { for await (const _ of (await openBatches(part, model)).batches(places, augmentation)); }
    await expect(all()).rejects.toThrow(/bad-argument.*LAB_WORKERS.*many/)
  })
})

it('memory is the same for 16,000 images as for 2,000', async () => {
  const peak = async (count: number) => {
    const program = ['--import', 'tsx', inProject('test', 'fixtures', 'read-an-epoch.ts'), String(count), '1']
    const env = { ...process.env, LAB_DATA_FOLDER: path(String(count)) }
    return Number((await promisify(execFile)(process.execPath, program, { cwd: inProject(), env })).stdout)
  }
  // Their pixels differ by 55 MB; what a process takes anyway varies by 15.
  expect(await peak(16_000) - await peak(2_000)).toBeLessThan(35)
})
