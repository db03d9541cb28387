/** Patients in two classes and on two sides of a split: by groups, by number blocks, by a pattern. */
import { rollups } from 'd3-array'
import { describe, expect, it, test, vi } from 'vitest'
import { describePatients } from '../../src/lib/audit/describe-patients'
import { findPatients } from '../../src/lib/audit/patients'
import type { Item, Role } from '../../src/lib/data/dataset'
import { makeSplit } from '../../src/lib/data/split/split'
import { foldByGroup, openDataset, splitByGroup, splitPublished, splitRandom, tables } from '../../src/lib/index'
import { datasetOf, groupedItems } from '../fixtures/datasets'
import { temporaryFolder } from '../fixtures/temporary'

vi.stubEnv('LAB_DATA_FOLDER', temporaryFolder()('data'))

const item = (name: string, label: number, group: string | null, part?: Role): Item =>
  ({ name, label, group, ...(part ? { part } : {}) })
const patientSet = (items: Item[], labels = ['COVID', 'non-COVID']) => datasetOf(items, { grouping: 'patient', labels })

describe('patients by the set’s groups', () => {
  const set = patientSet([
    item('a1', 0, 'a', 'train'), item('a2', 0, 'a', 'test'), item('b1', 1, 'b', 'train'), item('b2', 2, 'b', 'train'),
    item('c1', 2, 'c', 'test'), item('d1', 0, null, 'test'), item('e1', 0, 'e'),
  ], ['x', 'y', 'z'])

  it('are named where they have two classes, or two of the parts that the set’s makers gave', async () => {
    expect(await findPatients(set)).toEqual({
      by: 'patient', patients: 4, images: 7, unknown: 1, single: 2, split: 'Parts as the set’s makers gave them',
      inTwoClasses: [{ patient: 'b', classes: ['y', 'z'], parts: ['train'], images: 2 }],
      inTwoParts: [{ patient: 'a', classes: ['x'], parts: ['train', 'test'], images: 2 }],
    })
    const [classes, parts] = describePatients(await findPatients(set))
    expect(classes).toMatchObject({ question: 'patients', verdict: 'fault', sentence: '1 of 4 patients has images of two classes or more: '
      + 'b (y and z). Their finding changed, or a label is wrong, or two patients share a name.' })
    const { rows, note } = tables.patients(await findPatients(set))
    expect(rows).toEqual([
      { patient: 'b', images: 2, classes: 'y, z', parts: 'train' }, { patient: 'a', images: 2, classes: 'x', parts: 'train, test' },
    ])
    expect(note).toBe('4 patients known; 1 of 7 images without. Parts as the set’s makers gave them.')
    expect(parts.sentence).toBe('1 of 4 patients has images in two parts of the split or more: a (train and test). Recognizing a patient pays.')
  })

  it('on both sides of any split are found: none after a split by group, all with two images in two parts after another', async () => {
    const grouped = datasetOf(groupedItems(200, 1))
    const shares = { validation: 0.2, test: 0.2, seed: 1 }
    const folds = foldByGroup(grouped, { folds: 3, seed: 1, validation: 0.2 })
    for (const split of [splitByGroup(grouped, shares), ...folds]) {
      const found = await findPatients(grouped, { split })
      expect(found.inTwoParts).toEqual([])
      expect(describePatients(found)[1].verdict).toBe('clear')
    }
    for (const split of [splitRandom(grouped, shares), splitPublished(grouped, { test: 0.2, seed: 1 })]) {
      const { train, validation, test } = split
      const sides = validation === test ? [train, test] : [train, validation, test]
      const names = sides.flatMap(({ indices }) => [...new Set(indices.map(i => grouped.items[i].group!))])
      const counts = rollups(names, list => list.length, name => name)
      const torn = counts.filter(([, count]) => count > 1).map(([name]) => name)
      const found = await findPatients(grouped, { split })
      expect(found.inTwoParts.map(({ patient }) => patient).sort()).toEqual(torn.sort())
      expect(found.split).toBe(split.description)
      expect(describePatients(found)[1]).toMatchObject({ verdict: 'fault', sentence: expect.stringMatching(/Blocks of file numbers stand in/) as string })
    }
  })

  it('validation and test of a published protocol are one side', async () => {
    const set = patientSet([item('a1', 0, 'a'), item('a2', 0, 'a'), item('b', 1, 'b'), item('c', 1, 'c')])
    const split = makeSplit(set, 'published', 1, { train: [2], validation: [0, 1], test: [0, 1] }, 'made up')
    expect((await findPatients(set, { split: { ...split, validation: split.test } })).inTwoParts).toEqual([])
  })

  it('that are not known say nothing', async () => {
    const none = datasetOf([item('a', 0, null, 'train'), item('b', 1, null, 'test')], { grouping: 'none' })
    const found = await findPatients(none)
    expect([found.by, found.patients, found.unknown]).toEqual(['none', 0, 2])
    expect(describePatients(found)).toMatchObject([{ verdict: 'unknown' }])
    const some = await findPatients(patientSet([item('a', 0, 'a', 'train'), item('b', 1, null, 'test')]))
    expect(describePatients(some).map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown'])
    expect(describePatients(some)[1].sentence).toBe('None of 1 patient has images in two parts. Each has one image. The patient of 1 of 2 images is not known.')
  })

  it('with one image each are on one side', async () => {
    const singles = patientSet(Array.from({ length: 6 }, (_, i) => item(`${i}`, i % 2, `p${i}`, i < 3 ? 'train' : 'test')))
    expect(describePatients(await findPatients(singles)).map(({ verdict }) => verdict)).toEqual(['clear', 'clear'])
    expect(describePatients(await findPatients(singles))[1].sentence).toMatch(/Each has one image\.$/)
  })

  it('of an empty set are unknown', async () => {
    expect(describePatients(await findPatients(patientSet([])))).toMatchObject([{ verdict: 'unknown' }])
  })
})

describe('patients by a pattern', () => {
  const set = datasetOf([
    item('x/person12_1.png', 0, null, 'train'), item('x/person12_2.png', 0, null, 'test'), item('y/other.png', 1, null, 'test'),
    item('y/person3_1.png', 1, null, 'train'),
  ], { grouping: 'none' })

  it('are read from file names; names without one are unknown', async () => {
    const found = await findPatients(set, { groupPattern: 'person(\\d+)_' })
    expect(found).toMatchObject({ by: 'file name', patients: 2, unknown: 1, inTwoParts: [{ patient: '12', parts: ['train', 'test'] }] })
    expect(describePatients(found)[1].sentence).toMatch(/^1 of 2 patients named by file names has images in two parts/)
  })

  it('that matches nothing, or is none, is refused', async () => {
    await expect(findPatients(set, { groupPattern: 'patient(\\d+)' })).rejects.toThrow('which matches none, such as x/person12_1.png')
    await expect(findPatients(set, { groupPattern: 'person(' })).rejects.toThrow('a regular expression')
  })
})

test('number blocks: runs of one class, in the order of the numbers in their names', async () => {
  const set = datasetOf(Array.from({ length: 90 }, (_, i) => item(`s (${i + 1}).png`, i % 2, null)), { grouping: 'none' })
  const found = await findPatients(set, { by: 'number blocks', split: splitRandom(set, { validation: 0.2, test: 0.2, seed: 1 }) })
  expect([found.by, found.patients, found.unknown, found.inTwoClasses]).toEqual(['number block', 40, 0, []])
  expect(found.inTwoParts.length).toBeGreaterThan(10)
  expect(found.inTwoParts[0].patient).toMatch(/^(non-)?COVID block \d\d$/)
  expect(describePatients(found).map(({ verdict }) => verdict)).toEqual(['unknown', 'fault'])
})

test('a split of another set is refused, and a word that is none', async () => {
  const set = await openDataset('phantom', { phantom: { patients: 10, slicesPerPatient: 1, size: 32 } })
  const other = datasetOf(groupedItems(60, 1))
  await expect(findPatients(set, { split: splitRandom(other, { validation: 0.2, test: 0.2, seed: 1 }) })).rejects.toThrow('a split of phantom')
  await expect(findPatients(set, { by: 'group' as never })).rejects.toThrow("'groups' or 'number blocks'")
})
