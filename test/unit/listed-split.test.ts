/** Soares 2020's split, image by image, on the names of the real set. */
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { splitAsListed } from '../../src/lib/index'
import type { Dataset } from '../../src/lib/data/dataset'
import { openPhantom } from '../../src/lib/data/phantom/phantom'
import { readManifest } from '../../src/lib/data/manifest'
import { readSplitList, splitListsOf } from '../../src/lib/data/split/listed'
import { splitOf, splitSchema } from '../../src/lib/experiments/split'
import { inProject } from '../../src/lib/system/project-root'

const labels = ['COVID', 'non-COVID']
const manifest = await readManifest(inProject('data', 'manifests', 'sars-cov-2-ct.csv'))
const numberOf = (name: string) => Number(/\((\d+)\)/.exec(name)![1])

/** The real set's names and classes, in blocks of forty numbers; its images are not read. */
const ct: Dataset = {
  ...await openPhantom({ patients: 10 }), name: 'sars-cov-2-ct', labels, nearDuplicates: [], grouping: 'number block',
  items: manifest.map(row => ({
    name: row.name, label: labels.indexOf(row.class), group: `${row.class} ${Math.floor(numberOf(row.name) / 40)}`,
  })),
}
const countByClass = (indices: readonly number[]) =>
  labels.map((_, label) => indices.filter(i => ct.items[i].label === label).length)

describe('the list of Soares 2020', () => {
  const { train, test: tested, validation, warning, description } = splitAsListed(ct, 'soares-2020')

  test('has the published counts; the one image that the public set lacks is a training image', () => {
    expect(countByClass(tested.indices)).toEqual([250, 246])
    expect(countByClass(train.indices)).toEqual([1002, 983])
    expect(new Set([...train.indices, ...tested.indices]).size).toBe(2481)
    expect(readSplitList('sars-cov-2-ct', 'soares-2020').classes.map(({ absent }) => absent)).toEqual([[], [151]])
  })

  test('gives some images by name', () => {
    const names = new Set(tested.indices.map(i => ct.items[i].name))
    expect([1, 2, 3, 4].map(number => names.has(`COVID/Covid (${number}).png`))).toEqual([true, false, false, true])
  })

  test('puts a neighbor of nearly every test image into training', () => {
    const inTrain = new Set(train.indices.map(i => `${ct.items[i].label} ${numberOf(ct.items[i].name)}`))
    const near = (distance: number) => tested.indices.filter(i => [-2, -1, 1, 2]
      .filter(step => Math.abs(step) <= distance)
      .some(step => inTrain.has(`${ct.items[i].label} ${numberOf(ct.items[i].name) + step}`))).length
    expect([near(1), near(2)]).toEqual([478, 495])
  })

  test('says that validation and test are the same, and that figures are too good', () => {
    expect(validation).toBe(tested)
    expect(description).toContain('Soares et al. 2020')
    expect(warning).toContain('steered and judged on the same images')
  })

  test('prints in a few words, with options and without', () => {
    for (const split of [splitAsListed(ct, 'soares-2020'), splitAsListed(ct, 'soares-2020', { validation: 0.1, seed: 3 })])
      expect(inspect(split).split('\n').length).toBeLessThanOrEqual(5)
  })

  test('with options, deals validation out of the training images by group', () => {
    const parts = splitAsListed(ct, 'soares-2020', { validation: 0.1, seed: 3 })
    expect(parts.test.indices).toEqual(tested.indices)
    expect([...parts.train.indices, ...parts.validation.indices].sort((a, b) => a - b)).toEqual([...train.indices])
    const groups = (indices: readonly number[]) => new Set(indices.map(i => ct.items[i].group))
    const validated = groups(parts.validation.indices)
    expect([...groups(parts.train.indices)].filter(group => validated.has(group))).toEqual([])
    expect(parts.warning).toContain('figures are too good')
  })
})

describe('is refused', () => {
  test('where files are missing, with their number', () => {
    const fewer = { ...ct, items: ct.items.slice(0, -3) }
    expect(() => splitAsListed(fewer, 'soares-2020')).toThrow(/3 listed images missing, first non-COVID/)
    const further = { ...ct, items: [...ct.items, { name: 'COVID/extra.png', label: 0, group: null }] }
    expect(() => splitAsListed(further, 'soares-2020')).toThrow(/1 images that are not listed, first COVID\/extra.png/)
  })

  test('for sets and lists that are not known', () => {
    expect(() => splitAsListed({ ...ct, name: 'phantom' }, 'soares-2020')).toThrow(/a set with a list/)
    expect(() => splitAsListed(ct, 'soares')).toThrow(/Nearest: 'soares-2020'|'soares-2020'/)
    expect(() => splitAsListed(ct, 'soares-2020', { validation: 1.5, seed: 1 })).toThrow(/validation/)
    expect(splitListsOf('sars-cov-2-ct')).toEqual(['soares-2020'])
  })
})

test('an experiment can split so', () => {
  const config = splitSchema.parse({ kind: 'listed', list: 'soares-2020' })
  expect(splitOf(ct, config).test.indices.length).toBe(496)
  expect(splitOf(ct, splitSchema.parse({ kind: 'listed', list: 'soares-2020', validation: 0.1 })).protocol).toBe('given')
})
