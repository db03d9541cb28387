import { describe, expect, it } from 'vitest'
import type { Dataset } from '../../src/lib/data/dataset'
import { foldByGroup, foldRandom } from '../../src/lib/data/split/folds'
import { splitAsGiven } from '../../src/lib/data/split/given'
import { splitByGroup, splitPublished, splitRandom } from '../../src/lib/data/split/split'
import type { Split } from '../../src/lib/data/split/split'
import { splitRecord } from '../../src/lib/data/split/split-record'
import { datasetOf, groupedItems, shuffled } from '../fixtures/datasets'

const sets = [1, 2, 3].map(seed => datasetOf(groupedItems(400 + 37 * seed, seed)))
const seeds = [0, 1, 42]
const shares = { validation: 0.2, test: 0.25 }
/** Every kind of split with three disjoint parts. */
const kinds: Record<string, (dataset: Dataset, seed: number) => Split[]> = {
  splitRandom: (dataset, seed) => [splitRandom(dataset, { ...shares, seed })],
  splitByGroup: (dataset, seed) => [splitByGroup(dataset, { ...shares, seed })],
  foldRandom: (dataset, seed) => foldRandom(dataset, { folds: 5, validation: 0.2, seed }),
  foldByGroup: (dataset, seed) => foldByGroup(dataset, { folds: 5, validation: 0.2, seed }),
}

const partsOf = ({ train, validation, test }: Split) => [train.indices, validation.indices, test.indices]
const recordsOf = (splits: Split[]) => splits.map(split => splitRecord(split))

describe.each(Object.entries(kinds))('%s', (_, make) => {
  const cases = sets.flatMap(dataset => seeds.map(seed => ({ dataset, seed })))

  it('makes disjoint parts that hold every image once, ascending', () => {
    for (const { dataset, seed } of cases)
      for (const split of make(dataset, seed)) {
        const all = [...partsOf(split), split.purged].flat()
        expect([...all].sort((a, b) => a - b)).toEqual([...dataset.items.keys()])
        for (const indices of partsOf(split)) expect(indices).toEqual([...indices].sort((a, b) => a - b))
      }
  })

  it('makes the same parts for the same seed, and different parts for another', () => {
    for (const { dataset, seed } of cases) {
      const record = recordsOf(make(dataset, seed))
      expect(recordsOf(make(dataset, seed))).toEqual(record)
      expect(recordsOf(make(dataset, seed + 1))[0].test).not.toEqual(record[0].test)
    }
  })

  it('does not depend on the order of the images or of the labels', () => {
    for (const { dataset, seed } of cases) {
      const labels = [...dataset.labels].reverse()
      const items = shuffled(dataset.items, seed).map(item => ({ ...item, label: 1 - item.label }))
      expect(recordsOf(make({ ...dataset, items, labels }, seed))).toEqual(recordsOf(make(dataset, seed)))
    }
  })

  it('holds every class in every part', () => {
    for (const { dataset, seed } of cases)
      for (const indices of make(dataset, seed).flatMap(partsOf))
        expect(new Set(indices.map(i => dataset.items[i].label))).toEqual(new Set([0, 1]))
  })
})

describe('shares', () => {
  const share = (dataset: Dataset, indices: readonly number[], label: number) =>
    indices.filter(i => dataset.items[i].label === label).length /
    dataset.items.filter(item => item.label === label).length

  it.each([['splitRandom', 1], ['splitByGroup', 12]])('%s meets them in each class within %i images', (kind, room) => {
    for (const dataset of sets)
      for (const seed of seeds)
        for (const label of [0, 1]) {
          const [split] = kinds[kind](dataset, seed)
          const size = dataset.items.filter(item => item.label === label).length
          for (const part of ['validation', 'test'] as const)
            expect(Math.abs(share(dataset, split[part].indices, label) - shares[part]) * size).toBeLessThan(room)
        }
  })

  it.each(['foldRandom', 'foldByGroup'])('%s tests every image in exactly one fold', kind => {
    for (const dataset of sets) {
      const tested = kinds[kind](dataset, 7).flatMap(fold => fold.test.indices)
      expect([...tested].sort((a, b) => a - b)).toEqual([...dataset.items.keys()])
    }
  })
})

describe('by group', () => {
  it('all images of a group are in one part', () => {
    for (const dataset of sets)
      for (const seed of seeds)
        for (const split of [...kinds.splitByGroup(dataset, seed), ...kinds.foldByGroup(dataset, seed)]) {
          const homes = partsOf(split).map(indices => new Set(indices.map(i => dataset.items[i].group)))
          expect(new Set(homes.flatMap(home => [...home])).size).toBe(homes[0].size + homes[1].size + homes[2].size)
        }
  })

  it('an image without a group is a unit by itself', () => {
    const items = groupedItems(100, 5).map((item, i) => (i < 50 ? item : { ...item, group: null }))
    const split = splitByGroup(datasetOf(items), { ...shares, seed: 3 })
    const homes = partsOf(split).map(indices => indices.filter(i => i >= 50).length)
    expect(homes.every(count => count > 0)).toBe(true)
  })

  it('near-duplicates of validation and test images are left out of training, and only of training', () => {
    const [dataset] = sets
    const before = splitByGroup(dataset, { ...shares, seed: 42 })
    const [[a, b, c], [v, w], [t]] = partsOf(before)
    const nearDuplicates = [[a, v], [t, b], [b, c], [v, t], [v, w]] as [number, number][]
    const after = splitByGroup({ ...dataset, nearDuplicates }, { ...shares, seed: 42 })
    expect(after.purged).toEqual([a, b].sort((x, y) => x - y))
    expect(after.train.indices).toEqual(before.train.indices.filter(i => i !== a && i !== b))
    expect(partsOf(after).slice(1)).toEqual(partsOf(before).slice(1))
    expect(splitRandom({ ...dataset, nearDuplicates }, { ...shares, seed: 42 }).purged).toEqual([])
  })

  it('is refused where no groups are known', () => {
    const dataset = datasetOf(groupedItems(50, 1).map(item => ({ ...item, group: null })), { grouping: 'none' })
    expect(() => splitByGroup(dataset, { ...shares, seed: 1 })).toThrow('groups')
    expect(() => foldByGroup(dataset, { folds: 2, validation: 0.2, seed: 1 })).toThrow('groups')
  })
})

describe('warnings', () => {
  it('a random split warns that neighbors leak; a group split has no warning', () => {
    const [dataset] = sets
    expect(splitRandom(dataset, { ...shares, seed: 1 }).warning).toMatch(/^Neighboring slices, .* so recognizing them pays/)
    expect(splitRandom({ ...dataset, grouping: 'patient' }, { ...shares, seed: 1 }).warning).toContain('one patient')
    expect(splitByGroup(dataset, { ...shares, seed: 1 }).warning).toBeNull()
  })

  it('every split says how many validation images are nearly the same as test images, unless they are one part', () => {
    const [dataset] = sets, known = { ...dataset, grouping: 'none' as const }
    const words = '1 validation image is nearly the same as a test image: what validation chooses fits the test part too well.'
    for (const split of [splitByGroup, splitRandom]) {
      const set = split === splitRandom ? known : dataset
      const [[a], [v, w], [t, u]] = partsOf(split(set, { ...shares, seed: 1 }))
      const warningWith = (...nearDuplicates: [number, number][]) =>
        split({ ...set, nearDuplicates }, { ...shares, seed: 1 }).warning
      expect(warningWith([v, t], [u, v])).toContain(words)
      expect(warningWith([t, v], [w, u])).toContain('2 validation images are nearly the same as test images')
      for (const within of [[v, w], [t, u], [a, t], [a, v]] as const)
        expect(`${warningWith([...within])}`).not.toContain('validation image')
    }
    const folds = { folds: 5, validation: 0.2, seed: 1 }, [fold] = foldByGroup(dataset, folds)
    const pair: [number, number] = [fold.validation.indices[0], fold.test.indices[0]]
    expect(foldByGroup({ ...dataset, nearDuplicates: [pair] }, folds)[0].warning).toBe(words)
    const same = splitPublished(dataset, { test: 0.2, seed: 42 }).test.indices
    const published = splitPublished({ ...known, nearDuplicates: [[same[0], same[1]]] }, { test: 0.2, seed: 42 })
    expect(published.warning).not.toContain('validation image')
  })

  it('the published split has a warning: validation and test are the same images', () => {
    const split = splitPublished(sets[0], { test: 0.2, seed: 42 })
    expect(split.protocol).toBe('published')
    expect(split.validation).toBe(split.test)
    expect(split.warning).toContain('steered and judged on the same images')
    expect(split.description).toContain('20 % held out, validation and test the same images')
    expect([...split.train.indices, ...split.test.indices].length).toBe(sets[0].items.length)
  })

  it('number blocks are never called patients', () => {
    const { description } = splitByGroup(sets[0], { ...shares, seed: 1 })
    expect(description).toBe(
      'Split by number block, each class alike: 55 % train, 20 % validation, 25 % test; seed 1')
  })

  it('a record is plain data by name', () => {
    const split = splitByGroup(sets[0], { ...shares, seed: 1 })
    const record = splitRecord(split)
    expect(JSON.parse(JSON.stringify(record))).toEqual(record)
    expect(record.test).toEqual(split.test.indices.map(i => sets[0].items[i].name))
  })
})

describe('parts assigned by the set’s authors', () => {
  const parts = ['train', 'validation', 'test'] as const
  const given = datasetOf(groupedItems(90, 1).map((item, i) => ({ ...item, part: parts[Math.floor(i / 30)] })))

  it('are used as they are, with a warning where images of a group are in different parts', () => {
    const split = splitAsGiven(given)
    expect(partsOf(split).map(indices => indices.length)).toEqual([30, 30, 30])
    expect(split.warning).toContain('both sides')
    const whole = { ...given, items: given.items.map((item, i) => ({ ...item, group: `group ${Math.floor(i / 15)}` })) }
    expect(splitAsGiven(whole).warning).toBeNull()
  })

  it('must be complete', () => {
    const items = given.items.map((item, i) => (i === 3 ? { ...item, part: undefined } : item))
    expect(() => splitAsGiven({ ...given, items })).toThrow('29 train, 30 validation, 30 test, 1 without a part')
    expect(() => splitAsGiven(sets[0])).toThrow('bad-argument')
  })
})

describe('bad settings', () => {
  const [dataset] = sets
  it.each([[0, 0.2], [0.2, 0], [-0.1, 0.2], [0.5, 0.5], [0.9, 0.2], [NaN, 0.2], [1, 1]])(
    'shares of %d and %d are refused', (validation, test) => {
      expect(() => splitRandom(dataset, { validation, test, seed: 1 })).toThrow('validation and test above 0')
    })

  it.each([-1, 1.5, NaN, Infinity])('a seed of %d is refused', seed => {
    expect(() => splitByGroup(dataset, { ...shares, seed })).toThrow('seed')
    expect(() => splitPublished(dataset, { test: 0.2, seed })).toThrow('seed')
  })

  it.each([1, 51, 2.5])('%d folds are refused', folds => {
    expect(() => foldRandom(dataset, { folds, validation: 0.2, seed: 1 })).toThrow('folds')
  })

  it('the error names a class with too few images or groups', () => {
    const few = datasetOf(groupedItems(400, 1).filter(item => item.label === 0 || item.name < '00020.png'))
    expect(() => splitByGroup(few, { ...shares, seed: 1 })).toThrow('too few groups of "non-COVID"')
  })
})
