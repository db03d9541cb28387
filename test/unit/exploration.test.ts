/** The functions of notebooks 01 and 02: windows, file facts, pixel statistics, groups, nearest pairs. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { crossTable } from '../../src/lib/display/cross-table'
import { ctWindows, greyLevel, hounsfield } from '../../src/lib/images/ct-window'
import { openPhantom } from '../../src/lib/data/phantom/phantom'
import { selectItems } from '../../src/lib/data/subset'
import { chooseExamples } from '../../src/lib/data/look/examples'
import { findExactDuplicates } from '../../src/lib/data/alike/exact-duplicates'
import { readFileFacts } from '../../src/lib/data/look/file-facts'
import { findNearestPairs, measureSameGroupChance } from '../../src/lib/baselines/nearest-pairs'
import { greyHistogram, greyLevels, meanMap, spreadMap } from '../../src/lib/data/look/pixel-statistics'
import { repeatBaselines } from '../../src/lib/baselines/repeated-baselines'
import { countGroups, listGroups, listGroupItems } from '../../src/lib/data/groups'
import { measureAlikeness } from '../../src/lib/data/alike/alikeness'
import { pairByDistance, pairStrangers } from '../../src/lib/data/alike/similarity'
import { foldByGroup, foldRandom } from '../../src/lib/data/split/folds'
import { splitByGroup, splitRandom } from '../../src/lib/data/split/split'
import { datasetOf } from '../fixtures/datasets'
import { temporaryFolder } from '../fixtures/temporary'

const folder = temporaryFolder()
beforeEach(() => { process.env.LAB_DATA_FOLDER = folder() })
afterEach(() => { delete process.env.LAB_DATA_FOLDER })

describe('CT numbers', () => {
  it('are −1000 in air and 0 in water by definition', () => {
    expect(hounsfield(0, 0.19)).toBe(-1000)
    expect(hounsfield(0.19, 0.19)).toBe(0)
  })

  it('become grey levels through a window, black below and white above', () => {
    expect([-2000, -1350, -600, 150, 3000].map(hu => greyLevel(hu, ctWindows.lung))).toEqual([0, 0, 127.5, 255, 255])
  })
})

describe('file facts', () => {
  const set = datasetOf([{ name: 'a', label: 0, group: 'one' }, { name: 'b', label: 1, group: null }])

  it('are those of the images', async () => {
    const [a, b] = await readFileFacts(set)
    // The fixture's first image counts 0, 5, … 235; NumPy: mean 117.5, standard deviation 69.267… .
    expect(a).toMatchObject({ name: 'a', class: 'COVID', group: 'one', width: 8, height: 6, channels: 1 })
    expect(a).toMatchObject({ mean: 117.5, minimum: 0, maximum: 235 })
    expect(a.spread).toBeCloseTo(69.267, 3)
    expect(b).toMatchObject({ class: 'non-COVID', group: '' })
  })

  it('name the channels that a file stores', async () => {
    const stored = { ...set, contentHash: 'b'.repeat(64), storedChannels: async () => 4 }
    expect((await readFileFacts(stored))[0].channels).toBe(4)
  })

  it('come from the cache the second time; no image is read', async () => {
    const first = await readFileFacts(set)
    expect(await readFileFacts({ ...set, read: () => Promise.reject(new Error('read')) })).toEqual(first)
  })

  it('show exact duplicates', async () => {
    const read = async (index: number) => set.read(index % 2)
    const four = datasetOf(['a', 'b', 'c', 'd'].map(name => ({ name, label: 0, group: null })), { read })
    expect(findExactDuplicates(await readFileFacts(four))).toEqual([[0, 2], [1, 3]])
  })
})

it('examples are spread evenly over a class', () => {
  const set = datasetOf(Array.from({ length: 20 }, (_, i) => ({ name: `${i}`, label: i % 2, group: null })))
  expect(chooseExamples(set, 'non-COVID', 5)).toEqual([3, 7, 11, 15, 19])
  expect(chooseExamples(set, 'COVID', 99)).toHaveLength(10)
  expect(() => chooseExamples(set, 'covid', 5)).toThrow(expect.objectContaining({ code: 'bad-argument' }))
})

describe('a subset', () => {
  const items = ['a', 'b', 'c', 'd'].map(name => ({ name, label: 0, group: null }))
  const set = datasetOf(items, { nearDuplicates: [[0, 3], [1, 2]] })

  it('holds the chosen items in the chosen order, with their images and near-duplicates', async () => {
    const some = selectItems(set, [3, 1, 0])
    expect(some.items.map(item => item.name)).toEqual(['d', 'b', 'a'])
    expect(await some.read(0)).toEqual(await set.read(3))
    expect(some.nearDuplicates).toEqual([[2, 0]])
    expect(some.contentHash).not.toBe(selectItems(set, [0, 1, 3]).contentHash)
  })

  it.each([[[4]], [[-1]], [[1, 1]]])('refuses %j', indices => {
    expect(() => selectItems(set, indices)).toThrow(expect.objectContaining({ code: 'bad-argument' }))
  })
})

it('rows are counted by two properties', () => {
  const rows = [{ a: 'x', b: 1 }, { a: 'x', b: 2 }, { a: 'y', b: 2 }]
  expect(crossTable(rows, 'a', 'b', { name: 'counts', title: '' }).rows)
    .toEqual([{ a: 'x', 1: 1, 2: 1 }, { a: 'y', 1: 0, 2: 1 }])
})

it('statistics of images are computed at each pixel', () => {
  const data = Uint8Array.of(0, 10, 20, 30, 9, 9, 9, 9, 100, 10, 40, 30)
  const pixels = { size: 2, channels: 1 as const, count: 3, data }
  expect([...meanMap(pixels, [0, 2]).data]).toEqual([50, 10, 30, 30])
  expect([...spreadMap(pixels, [0, 2]).data]).toEqual([50, 0, 10, 0])
  expect([...greyLevels(pixels, [2, 1])]).toEqual([100, 10, 40, 30, 9, 9, 9, 9])
  expect(greyHistogram(Uint8Array.of(0, 63, 64, 255), 4)).toEqual([0.5, 0.25, 0, 0.25])
  expect(() => meanMap(pixels, [])).toThrow(expect.objectContaining({ code: 'bad-argument' }))
})

describe('groups', () => {
  it('are ordered by number: 2 before 10', () => {
    const set = datasetOf(['s (10)', 's (2)', 's (1)'].map(name => ({ name, label: 0, group: 'g' })))
    expect(listGroupItems(set, 'g')).toEqual([2, 1, 0])
    expect(listGroups(set)).toEqual(['g'])
    expect(() => listGroups({ ...set, grouping: 'none' })).toThrow(expect.objectContaining({ code: 'bad-argument' }))
  })

  it('hold images that are more alike than images of different groups, and nearest neighbors find them', async () => {
    const phantom = await openPhantom({ patients: 12, slicesPerPatient: 6, size: 64 })
    const [near, far] = await Promise.all([pairByDistance(phantom, 1), pairStrangers(phantom, 60, 0)])
    const mean = (pairs: typeof near) => pairs.reduce((sum, pair) => sum + pair.correlation / pairs.length, 0)
    expect(near).toHaveLength(12 * 5)
    expect(mean(near)).toBeGreaterThan(mean(far) + 0.05)
    expect(far.every(({ first, second }) => phantom.items[first].label === phantom.items[second].label)).toBe(true)
    expect(far.every(({ first, second }) => phantom.items[first].group !== phantom.items[second].group)).toBe(true)

    const random = splitRandom(phantom, { validation: 0.2, test: 0.2, seed: 1 }), pairs = await findNearestPairs(random)
    expect(measureSameGroupChance(random)).toBeCloseTo(1 / 12, 1)
    expect(pairs.filter(pair => pair.sameGroup).length / pairs.length).toBeGreaterThan(0.4)
    expect(pairs.filter(pair => pair.sameGroup).every(pair => pair.sameClass)).toBe(true)
  })
  it('are met blindly as often as groups are large: one patient with 100 images, 49 with one each', () => {
    const items = Array.from({ length: 149 }, (_, i) => ({ name: `${i}.png`, label: i % 2, group: i < 100 ? 'large' : `p${i}` }))
    const split = splitRandom(datasetOf(items, { grouping: 'patient' }), { validation: 0.2, test: 0.2, seed: 1 })
    const large = (indices: readonly number[]) => indices.filter(i => i < 100).length / indices.length
    expect(measureSameGroupChance(split)).toBeCloseTo(large(split.test.indices) * large(split.train.indices), 12)
    expect(measureSameGroupChance(split)).toBeGreaterThan(0.35)
    const set = split.dataset, [first] = split.test.indices
    const one = { ...split, test: { ...split.test, indices: [first] } }
    const unknown = { ...one, dataset: { ...set, items: set.items.map(item => ({ ...item, group: null })) } }
    expect(measureSameGroupChance(unknown)).toBe(0)
    expect(measureSameGroupChance(splitByGroup(set, { validation: 0.2, test: 0.2, seed: 1 }))).toBe(0)
    for (const role of ['train', 'test'] as const)
      expect(measureSameGroupChance({ ...split, [role]: { ...split[role], indices: [] } })).toBeNaN()
    expect(() => measureSameGroupChance({ ...split, dataset: { ...set, grouping: 'none' } })).toThrow('groups')
  })
  it('are compared by kinds of pairs, of which they may have none; images of unknown groups are in none', async () => {
    const names = ['p10', 'p2', 'p2', 'p10', null, 'p3']
    const set = datasetOf(names.map((group, i) => ({ name: `${i}.png`, label: 0, group })))
    const alike = await measureAlikeness(set, { strangers: 5 })
    expect(alike.map(({ label, pairs }) => `${label}: ${pairs}`)).toEqual(['neighbors: 2', 'three apart: 0', 'different groups: 5'])
    expect(countGroups(set)).toEqual([
      { group: 'p2', images: 2 }, { group: 'p3', images: 1 }, { group: 'p10', images: 2 },
    ])
  })

  it('are recognized from fold to fold by a nearest neighbor, and not across patients', async () => {
    const phantom = await openPhantom({ patients: 12, slicesPerPatient: 6, size: 64 })
    const options = { folds: 3, seed: 1, validation: 0.25 }
    const kinds = { image: foldRandom(phantom, options), patient: foldByGroup(phantom, options) }
    const [images, patients] = await repeatBaselines(['pixels, one nearest neighbour'], kinds)
    expect(images).toMatchObject({ split: 'image', accuracies: { length: 3 } })
    expect(images.worst).toBeLessThanOrEqual(images.mean)
    expect(images.mean).toBeGreaterThan(patients.mean)
  })
})
