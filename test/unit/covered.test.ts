/** Sets in whose images a part is covered: which pixels are left, and which images are left out. */
import { readdirSync } from 'node:fs'
import { afterAll, expect, test, vi } from 'vitest'
import { coverImages, type CoveredInput } from '../../src/lib/data/covered'
import { cacheFolder } from '../../src/lib/data/data-folder'
import type { Dataset, Item } from '../../src/lib/data/dataset'
import { lackOfLungs, maskSize, openLungMasks } from '../../src/lib/data/lung-masks'
import { loadPixels } from '../../src/lib/data/resized-images'
import { figures } from '../../src/lib/index'
import { LabError } from '../../src/lib/system/errors'
import { datasetOf } from '../fixtures/datasets'
import { temporaryFolder } from '../fixtures/temporary'

vi.stubEnv('LAB_DATA_FOLDER', temporaryFolder()())
afterAll(() => vi.unstubAllEnvs())

const side = 128, lung = (x: number, y: number) => x >= 32 && x < 96 && y >= 40 && y < 88
const at = (inside: (x: number, y: number) => boolean, [yes, no]: [number, number]) =>
  Uint8Array.from({ length: side * side }, (_, i) => (inside(i % side, Math.floor(i / side)) ? yes : no))
const image = (data: Uint8Array) => ({ width: side, height: side, channels: 1 as const, data })
const items = Array.from({ length: 6 }, (_, i): Item => ({ name: `${i}.png`, label: i % 2, group: `group ${i}` }))

/** Grey 200, in the lungs 100. The last image has no mask. */
function radiographs(more: Partial<Dataset> = {}): Dataset {
  return datasetOf(items, {
    modality: 'X-ray', evidence: 'real', read: async () => image(at(lung, [100, 200])),
    mask: async index => {
      if (index < 5) return image(at(lung, [255, 0]))
      throw new LabError('data-missing', { expected: 'a mask', received: 'none', remedy: 'None' })
    },
    ...more,
  })
}

/** The share of pixels that are not black, and the grey levels among them. */
async function shownBy(dataset: Dataset, index = 0): Promise<[number, ...number[]]> {
  const { data } = await dataset.read(index)
  return [data.filter(value => value > 0).length / data.length, ...new Set(data)].sort((a, b) => a - b) as [number]
}

const lungShare = 64 * 48 / side ** 2
test.each<[CoveredInput, number, number[], number]>([
  ['lungs blacked out', 1 - lungShare, [0, 200], 5],
  ['lungs only', lungShare, [0, 100], 5],
  ['lung mask only', lungShare, [0, 255], 5],
  ['border only', 1 - (112 / 128) ** 2, [0, 200], 6],
])('%s: what is left, and of how many images', async (input, share, greys, count) => {
  const set = radiographs(), covered = await coverImages(set, input, await openLungMasks(set))
  expect(await shownBy(covered)).toEqual([share, ...greys].sort((a, b) => a - b))
  expect(covered.items).toEqual(items.slice(0, count))
  expect((await loadPixels(covered, { size: 64 })).count).toBe(count)
})

test('each input has a content hash of its own, so that caches never mix; files and masks are gone', async () => {
  const set = radiographs({ file: () => 'x.png' }), lungs = await openLungMasks(radiographs())
  const inputs: CoveredInput[] = ['lungs blacked out', 'lungs only', 'lung mask only', 'border only']
  const sets = await Promise.all(inputs.map(input => coverImages({ ...set, file: undefined }, input, lungs)))
  expect(new Set([set.contentHash, ...sets.map(one => one.contentHash)]).size).toBe(5)
  for (const one of sets) expect([one.file, one.mask, one.title.includes('Made up, ')]).toEqual([undefined, undefined, true])
})

test('an image without a mask among others with one is unknown, never empty or whole', async () => {
  const { known, source, read } = await openLungMasks(radiographs())
  expect([source, known]).toEqual(['masks', [true, true, true, true, true, false]])
  expect(read(0).filter(value => value > 0).length).toBe(64 * 48 * (maskSize / side) ** 2)
})

test.each([
  ['X-ray images without masks', { mask: undefined }, 'no lung masks, and in X-ray'],
  ['images of unknown kind', { mask: undefined, modality: 'unknown' as const }, 'nobody has said'],
  ['an X-ray phantom, whose masks outline lesions', { evidence: 'phantom' as const }, 'no lung masks'],
])('lungs cannot be looked for in %s, and the error says why', async (_, more, reason) => {
  const set = radiographs(more)
  expect(lackOfLungs(set)).toContain(reason)
  await expect(openLungMasks(set)).rejects.toThrow(reason)
})

test('masks are read from the cache the second time', async () => {
  const first = await openLungMasks(radiographs({ contentHash: 'f'.repeat(64) }))
  const again = await openLungMasks(radiographs({ contentHash: 'f'.repeat(64), mask: async () => { throw new Error('read') } }))
  expect([...again.read(0)]).toEqual([...first.read(0)])
  expect(again.known).toEqual(first.known)
})

test('a set in which no lungs are found is refused', async () => {
  const even = image(new Uint8Array(side * side).fill(90))
  const set = radiographs({ modality: 'CT', mask: undefined, contentHash: 'e'.repeat(64), read: async () => even })
  const lungs = await openLungMasks(set)
  expect(lungs.known).toEqual(items.map(() => false))
  await expect(coverImages(set, 'lungs only', lungs)).rejects.toThrow('whose lungs are known')
})

test('figures.auditInputs shows all inputs where the lungs are known, else why they are not', async () => {
  const titles = async (set: Dataset) => (await figures.auditInputs(set, 0)).svg
  const known = await titles(radiographs())
  const files = () => readdirSync(cacheFolder(radiographs().name)).length, before = files()
  await figures.auditInputs(radiographs(), 1)
  expect(files(), 'another image reads the files of the whole set').toBe(before)
  const unknown = await titles(radiographs({ mask: undefined }))
  expect(known.match(/<image /g)!.length).toBe(5)
  expect(known).toContain('Lungs by the set’s own mask.')
  expect(unknown.match(/<image /g)!.length).toBe(2)
  expect(unknown).toContain('in X-ray')
})
