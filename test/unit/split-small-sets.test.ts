/** Splits of sets with few groups, unknown groups, near-duplicates, or parts that the makers gave. */
import { describe, expect, it } from 'vitest'
import type { Dataset } from '../../src/lib/data/dataset'
import { splitByDefault } from '../../src/lib/data/split/default-split'
import { foldByGroup, foldRandom } from '../../src/lib/data/split/folds'
import { splitAsGiven } from '../../src/lib/data/split/given'
import { splitByGroup, splitPublished, splitRandom, type Split } from '../../src/lib/data/split/split'
import { splitRecord } from '../../src/lib/data/split/split-record'
import { datasetOverview } from '../../src/lib/display/overviews'
import { stream } from '../../src/lib/system/random'
import { datasetOf, groupedItems } from '../fixtures/datasets'

const seeds = [0, 1, 42]
const shares = { validation: 0.2, test: 0.25 }
const partsOf = ({ train, validation, test }: Split) => [train.indices, validation.indices, test.indices]

describe('few groups', () => {
  /** Groups by the classes of their images: 'a' is one image of class 0, 'ab' two images of one group. */
  const setOf = (...groups: string[]) => {
    const items = groups.flatMap((classes, g) => [...classes].map((letter, i) =>
      ({ name: `${g}-${i}.png`, label: letter.charCodeAt(0) - 97, group: `g${g}` })))
    return datasetOf(items, { labels: ['x', 'y'], grouping: 'patient' })
  }
  const whole = (split: Split) => partsOf(split).every(indices =>
    new Set(indices.map(i => split.dataset.items[i].label)).size === split.dataset.labels.length)

  it.each([
    ['one group a part and class', ['aaaa', 'aaaa', 'aaaa', 'bbbb', 'bbbb', 'bbbb']],
    ['groups of very different size', ['a'.repeat(50), 'a', 'a', 'b'.repeat(3), 'b'.repeat(40), 'b']],
    ['groups that hold both classes', ['ab', 'ab', 'ab']],
    ['groups whose main class hides the other', ['aab', 'aab', 'aaab', 'a']],
    ['a mixture', ['aaab', 'a', 'b', 'bbba', 'ab']],
  ])('%s: every part holds every class', (_, groups) => {
    for (const seed of seeds)
      expect(whole(splitByGroup(setOf(...groups), { validation: 0.2, test: 0.2, seed }))).toBe(true)
  })

  it('a search over every way of dealing agrees about what is possible', () => {
    const random = stream('small sets', 1)
    for (let trial = 0; trial < 60; trial++) {
      const groups = Array.from({ length: 2 + random.integer(5) }, () =>
        ['a', 'b', 'ab', 'aab', 'bbb'][random.integer(5)])
      const ways = Array.from({ length: 3 ** groups.length }, (_, way) =>
        groups.map((_, g) => Math.floor(way / 3 ** g) % 3))
      const possible = ways.some(parts => [0, 1, 2].every(part =>
        ['a', 'b'].every(letter => groups.some((classes, g) => parts[g] === part && classes.includes(letter)))))
      const split = () => splitByGroup(setOf(...groups), { validation: 0.2, test: 0.2, seed: trial })
      if (!groups.join('').includes('a') || !groups.join('').includes('b')) continue
      if (possible) expect(whole(split()), groups.join()).toBe(true)
      else expect(split, groups.join()).toThrow('every one of 3 parts')
    }
  })

  it('single images too: three of each class are enough, and two are not', () => {
    const shares = { validation: 0.2, test: 0.2, seed: 1 }
    expect(whole(splitRandom(setOf('a', 'a', 'a', 'b', 'b', 'b'), shares))).toBe(true)
    expect(() => splitRandom(setOf('a', 'a', 'a', 'b', 'b'), shares)).toThrow('3 items of each, received too few items of "y": 3 of "x", 2 of "y"')
  })

  it('folds leave training and validation a group each', () => {
    for (const seed of seeds)
      for (const fold of foldByGroup(setOf('aaaaa', 'a', 'a', 'a', 'bbbb', 'b', 'b', 'b'), { folds: 2, validation: 0.2, seed }))
        expect(whole(fold)).toBe(true)
    expect(() => foldByGroup(setOf('a', 'a', 'a', 'b', 'b', 'b', 'b'), { folds: 2, validation: 0.2, seed: 1 })).toThrow('bad-argument')
  })

  it('the parts come as near to their shares as moves and exchanges allow', () => {
    const split = splitByGroup(setOf('aaaaaa', 'aa', 'aa', 'bbbbbb', 'bb', 'bb'), { validation: 0.2, test: 0.2, seed: 3 })
    expect(partsOf(split).map(indices => indices.length)).toEqual([12, 4, 4])
  })
})

describe('near-duplicates of patients', () => {
  const items = Array.from({ length: 60 }, (_, i) => ({ name: `${i}.png`, label: i % 2, group: `P${Math.floor(i / 3)}` }))
  const pairs: [number, number][] = [[0, 30], [31, 45], [3, 4]]

  it('keep their groups in one part', () => {
    const dataset = datasetOf(items, { grouping: 'patient', nearDuplicates: pairs })
    for (let seed = 0; seed < 20; seed++) {
      const split = splitByGroup(dataset, { ...shares, seed })
      const homes = partsOf(split).filter(indices => [0, 30, 31, 45].some(i => indices.includes(i)))
      expect(homes.length).toBe(1)
      expect(split.purged).toEqual([])
    }
  })

  it('do not change the split of a set without pairs, nor of number blocks', () => {
    const split = (more: Partial<Dataset>) =>
      partsOf(splitByGroup(datasetOf(items, more), { ...shares, seed: 1 })).slice(1)
    expect(split({ grouping: 'patient' })).toEqual(split({ grouping: 'number block', nearDuplicates: pairs }))
  })
})

describe('images whose patient is not known', () => {
  const items = Array.from({ length: 60 }, (_, i) =>
    ({ name: `${i}.png`, label: i % 2, group: i < 45 ? null : `P${i % 5}` }))
  const dataset = datasetOf(items, { grouping: 'patient' })

  it('are named in each split’s description, and its warning', () => {
    const folds = { folds: 5, validation: 0.2, seed: 1 }, seeded = { ...shares, seed: 1 }
    for (const split of [
      splitRandom(dataset, seeded), splitByGroup(dataset, seeded), splitPublished(dataset, { test: 0.2, seed: 1 }),
      ...foldRandom(dataset, folds), ...foldByGroup(dataset, folds),
    ]) {
      expect(split.description).toContain('45 of 60 images have no known patient')
      expect(split.warning).not.toBeNull()
    }
    expect(splitByGroup(dataset, { ...shares, seed: 1 }).warning).toContain('The patient of 45 of 60 images is not known')
  })

  it('are never counted as patients', () => {
    const { rows } = datasetOverview(dataset)
    expect(rows.at(-1)).toMatchObject({ class: 'all', images: 60, patients: 5, 'images of unknown patient': 45 })
  })
})

describe('the split of a set when nobody asks for another', () => {
  const items = groupedItems(200, 1)
  it('is the makers’, else by group, else at random with its warning', () => {
    const parts = ['train', 'validation', 'test'] as const
    expect(splitByDefault(datasetOf(items.map((item, i) => ({ ...item, part: parts[i % 3] })))).protocol).toBe('given')
    expect(splitRecord(splitByDefault(datasetOf(items))))
      .toEqual(splitRecord(splitByGroup(datasetOf(items), { validation: 0.2, test: 0.2, seed: 42 })))
    const without = datasetOf(items.map(item => ({ ...item, group: null })), { grouping: 'none' })
    expect(splitByDefault(without, { test: 0.3, seed: 7 })).toMatchObject({ protocol: 'random', seed: 7 })
    expect(splitByDefault(without).warning).toContain('Nothing is known')
  })

  it.each(['validation', 'test'] as const)('deals a missing %s part out of training, whole groups where they are known', role => {
    const other = role === 'test' ? 'validation' : 'test'
    const given = datasetOf(items.map((item, i) => ({ ...item, part: i < 50 ? other : 'train' as const })))
    const split = splitByDefault(given)
    expect(split[other].indices).toEqual([...Array(50).keys()])
    const groupsOf = (indices: readonly number[]) => new Set(indices.map(i => given.items[i].group))
    expect([...groupsOf(split[role].indices)].filter(group => groupsOf(split.train.indices).has(group))).toEqual([])
    expect(split.description).toContain(`but for ${role}: 20 % of their training images, by number block`)
    expect(() => splitAsGiven(given)).toThrow('bad-argument')
  })

  it('refuses parts of some images only', () => {
    const some = datasetOf(items.map((item, i) => (i ? { ...item, part: 'train' as const } : item)))
    expect(() => splitByDefault(some)).toThrow('1 without a part')
  })

  it('one image a patient: a random split tears no patient apart, and does not say so', () => {
    const single = datasetOf(items.map((item, i) => ({ ...item, group: `P${i}` })), { grouping: 'patient' })
    expect(splitRandom(single, { ...shares, seed: 1 }).warning).toBeNull()
    const { train, test } = splitRandom(single, { ...shares, seed: 1 })
    const twins = { ...single, nearDuplicates: [[train.indices[0], test.indices[0]] as [number, number]] }
    expect(splitRandom(twins, { ...shares, seed: 1 }).warning).toContain('1 training image is nearly the same')
  })

  it('the makers’ parts with near-duplicates across them have a warning', () => {
    const parts = ['train', 'validation', 'test'] as const
    const given = datasetOf(items.map((item, i) => ({ ...item, group: `P${i}`, part: parts[i % 3] })), {
      grouping: 'patient', nearDuplicates: [[0, 1], [3, 5], [0, 2], [1, 2]],
    })
    expect(splitByDefault(given).warning).toContain('2 training images are nearly the same')
    expect(splitByDefault(given).warning).toContain('1 validation image is nearly the same as a test image')
  })
})
