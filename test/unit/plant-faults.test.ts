/** Faults planted on demand: at strength 0 nothing changes, at strength 1 everything that the fault concerns does. */
import { describe, expect, test } from 'vitest'
import type { Dataset, Item } from '../../src/lib/data/dataset'
import { openDataset, plantFaults, splitByGroup } from '../../src/lib/index'
import { datasetOf, groupedItems } from '../fixtures/datasets'

const ct = await openDataset('phantom', { phantom: { patients: 10, slicesPerPatient: 2, size: 32 } })
const xray = await openDataset('phantom-xray', { xrayPhantom: { patients: 8, imagesPerPatient: 2, size: 32 } })
const flat = datasetOf(Array.from({ length: 12 }, (_, i): Item =>
  ({ name: `image${i}.png`, label: i % 3, group: null })), { labels: ['a', 'b', 'c'], grouping: 'none', positive: 'b', evidence: 'real' })
const real: Dataset = datasetOf(groupedItems(60, 1), { evidence: 'real', file: () => 'x.png', nearDuplicates: [[3, 40]] })
const all = { duplicatedPatients: 0.3, cornerMark: 0.5, site: 0.5, wrongLabels: 0.2, seed: 4 }
const sets = { ct, xray, flat, real }

const pixels = (dataset: Dataset) => Promise.all(dataset.items.map(async (_, i) => (await dataset.read(i)).data))

describe.each(Object.entries(sets))('%s', (_, set) => {
  test('without a fault the set is the same', () => {
    const strengths = { duplicatedPatients: 0, cornerMark: 0, site: 0, wrongLabels: 0 }
    expect(plantFaults(set, { ...strengths, seed: 1 }).dataset).toBe(set)
    expect(plantFaults(set, { seed: 1 }).dataset).toBe(set)
  })

  test('all faults together: only the images named are changed; items stay in order and have names of their own', async () => {
    const { dataset, planted } = plantFaults(set, all)
    const names = dataset.items.map(item => item.name)
    expect(new Set(names).size).toBe(set.items.length + planted.copies.length)
    expect([...names].sort()).toEqual(names)
    const before = await pixels(set), after = await pixels(dataset)
    const copies = new Set(planted.copies.map(([, copy]) => copy))
    const changed = new Set([...copies, ...planted.cornerMark, ...planted.site])
    const originals = names.flatMap((name, i) =>
      (copies.has(i) ? [] : [[i, set.items.findIndex(item => item.name === name)]]))
    for (const [i, from] of originals) {
      expect(Buffer.compare(after[i], before[from]) === 0, names[i]).toBe(!changed.has(i))
      expect(dataset.items[i].label === set.items[from].label, names[i]).toBe(!planted.wrongLabels.includes(i))
      expect(dataset.items[i].group).toBe(set.items[from].group)
    }
    expect(dataset.contentHash).not.toBe(set.contentHash)
    expect(dataset.notice).toMatch(/patients twice: 0.3, a corner mark: 0.5, another site: 0.5, wrong labels: 0.2.*never evidence about disease/)
    expect(dataset.file).toBeUndefined()
    expect(await pixels(plantFaults(set, all).dataset)).toEqual(after)
    expect(await pixels(set), 'the set itself').toEqual(before)
  })
})

test('real images with planted faults are no evidence; drawn ones stay drawn', () => {
  expect(plantFaults(real, { wrongLabels: 0.1, seed: 1 }).dataset.evidence).toBe('planted')
  expect(plantFaults(ct, { wrongLabels: 0.1, seed: 1 }).dataset.evidence).toBe('phantom')
})

test('a mark and a site at full strength tell the class, at half strength half of its patients', () => {
  const { dataset: { items }, planted } = plantFaults(ct, { cornerMark: 1, site: 0.4, seed: 1 })
  expect(planted.cornerMark).toEqual(items.flatMap((item, i) => (item.label === 0 ? [i] : [])))
  expect(planted.site).toHaveLength(4)
  expect(new Set(planted.site.map(i => items[i].group)).size).toBe(2)
  expect(plantFaults(flat, { cornerMark: 1, seed: 1 }).planted.cornerMark, 'the positive class').toEqual([1, 4, 7, 10])
})

test('the same faults in patients of another class are another set, so that no cache of the first is read', () => {
  const [first, other] = [0, 1].map(k => plantFaults({ ...ct, positive: ct.labels[k] }, { cornerMark: 1, seed: 1 }))
  expect(other.planted.cornerMark).not.toEqual(first.planted.cornerMark)
  expect(other.dataset.contentHash).not.toBe(first.dataset.contentHash)
})

test('the corner mark is the one of the phantom’s own shortcut', async () => {
  const own = await openDataset('phantom', { phantom: { patients: 10, slicesPerPatient: 2, size: 32, shortcut: 1 } })
  expect(await pixels(plantFaults(ct, { cornerMark: 1, seed: 1 }).dataset)).toEqual(await pixels(own))
})

test('a patient who comes twice has another name, nearly the same pixels, and masks that lie where the lesions lie', async () => {
  const { dataset, planted } = plantFaults(ct, { duplicatedPatients: 1, seed: 2 })
  expect(planted.copies).toHaveLength(20)
  expect(dataset.items.map(({ group }) => group)).toContain('patient 11')
  for (const [original, copy] of planted.copies) {
    const [a, b] = [dataset.items[original], dataset.items[copy]]
    expect(b.name).toBe(a.name.replace(a.group!, b.group!))
    expect(b.label).toBe(a.label)
    const [mask, moved] = [await dataset.mask!(original), await dataset.mask!(copy)]
    const sum = (data: Uint8Array) => data.reduce((total, value) => total + value, 0)
    expect(Math.abs(sum(moved.data) - sum(mask.data)) / 255).toBeLessThanOrEqual(4)
  }
  const parts = splitByGroup(dataset, { validation: 0.25, test: 0.25, seed: 1 })
  const partOf = new Map(Object.entries({ train: parts.train, validation: parts.validation, test: parts.test })
    .flatMap(([name, { indices }]) => indices.map(i => [i, name])))
  expect(planted.copies.some(([a, b]) => partOf.get(a) !== partOf.get(b)), 'in two parts').toBe(true)
})

test('near-duplicates and given parts stay those of the images', () => {
  const { dataset, planted } = plantFaults(real, { duplicatedPatients: 0.5, seed: 1 })
  expect(dataset.nearDuplicates.map(pair => pair.map(i => dataset.items[i].name)))
    .toEqual([[real.items[3].name, real.items[40].name]])
  const given = { ...ct, items: ct.items.map((item, i): Item => ({ ...item, part: i < 10 ? 'train' : 'test' })) }
  const copied = plantFaults(given, { duplicatedPatients: 1, seed: 1 })
  const parts = copied.planted.copies.map(pair => pair.map(i => copied.dataset.items[i].part))
  expect(parts.some(([a, b]) => a !== b)).toBe(true)
  expect(parts.flat()).not.toContain(undefined)
  expect(planted.copies.length).toBeGreaterThan(0)
})

test('wrong labels: the share asked for, always another class, every other class', () => {
  const { dataset, planted } = plantFaults(flat, { wrongLabels: 1, seed: 1 })
  expect(planted.wrongLabels).toHaveLength(12)
  expect(dataset.items.every((item, i) => item.label !== flat.items[i].label)).toBe(true)
  expect(new Set(dataset.items.map((item, i) => (item.label - flat.items[i].label + 3) % 3))).toEqual(new Set([1, 2]))
  expect(plantFaults(real, { wrongLabels: 0.1, seed: 1 }).planted.wrongLabels).toHaveLength(6)
  expect(plantFaults(real, { wrongLabels: 0.001, seed: 1 }).planted.wrongLabels, 'at least one').toHaveLength(1)
})

test('only labels planted: pixels and files are those of the set', () => {
  expect(plantFaults(real, { wrongLabels: 0.1, seed: 1 }).dataset.file?.(0)).toBe('x.png')
})

test('strengths outside 0 to 1, and faults between classes in a set of one, are refused', () => {
  expect(() => plantFaults(ct, { site: 1.1, seed: 1 })).toThrow('site')
  expect(() => plantFaults(ct, { site: NaN, seed: 1 })).toThrow('site')
  expect(() => plantFaults(ct, { site: 1 } as never)).toThrow('seed')
  const single = datasetOf([{ name: 'x', label: 0, group: null }], { labels: ['a'] })
  expect(() => plantFaults(single, { wrongLabels: 1, seed: 1 })).toThrow('two classes')
  expect(plantFaults(single, { duplicatedPatients: 1, seed: 1 }).dataset.items.map(item => item.name)).toEqual(['x', 'x 1'])
})
