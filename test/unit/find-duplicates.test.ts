/** Copies of images in made-up sets: found by the measures meant for them, and nothing where there are none. */
import { sum } from 'd3-array'
import { describe, expect, it, test, vi } from 'vitest'
import { findSeen } from '../../src/lib/audit/across-parts'
import { PairCollection } from '../../src/lib/audit/alike-pairs'
import { standardizedRows } from '../../src/lib/audit/compare-features'
import { connectedImages } from '../../src/lib/audit/connected-images'
import { describeDuplicates } from '../../src/lib/audit/describe-duplicates'
import { findDuplicates, type DuplicateOptions, type Duplicates } from '../../src/lib/audit/duplicates'
import type { Dataset, Item } from '../../src/lib/data/dataset'
import { makeSplit } from '../../src/lib/data/split/split'
import type { Image } from '../../src/lib/images/image'
import { figures, openDataset, plantFaults, resnet50, tables } from '../../src/lib/index'
import { stream } from '../../src/lib/system/random'
import { sha256 } from '../../src/lib/system/hash'
import { datasetOf } from '../fixtures/datasets'
import { temporaryFolder } from '../fixtures/temporary'

vi.stubEnv('LAB_DATA_FOLDER', temporaryFolder()('data'))
const side = 64

/** A picture of its own: blobs of random place and size under fine noise. */
function picture(number: number): Image {
  const random = stream('picture', number)
  const blobs = Array.from({ length: 12 }, () => ({
    left: random.between(0, side), top: random.between(0, side), reach: random.between(3, 20),
    level: random.between(-60, 60),
  }))
  const data = Uint8Array.from({ length: side * side }, (_, i) => {
    const x = i % side, y = Math.floor(i / side)
    const level = sum(blobs, blob =>
      blob.level * Math.exp(-((x - blob.left) ** 2 + (y - blob.top) ** 2) / blob.reach ** 2))
    return Math.max(10, Math.min(220, 110 + level + random.between(-12, 12)))
  })
  return { width: side, height: side, channels: 1, data }
}

const brighter = (image: Image): Image => ({ ...image, data: image.data.map(value => Math.round(value * 1.05 + 5)) })
/** One class and one patient an image; the images are made when they are read. */
function setOf(images: (() => Image)[], items: Record<number, Partial<Item>> = {}): Dataset {
  const all = images.map((_, i): Item =>
    ({ name: `${String(i).padStart(4, '0')}.png`, label: i % 2, group: `p${i}`, ...items[i] }))
  const hash = sha256(images.map(read => sha256(read().data)).join())
  return datasetOf(all, { grouping: 'patient', contentHash: hash, read: async i => images[i]() })
}
const pictures = (count: number) => Array.from({ length: count }, (_, i) => () => picture(i))
const resultsOf = (found: readonly Duplicates[]) => Object.fromEntries(found.map(one => [`${one.measure} ${one.threshold}`, one]))
const search = async (set: Dataset, options: DuplicateOptions = {}) =>
  resultsOf(await findDuplicates(set, { model: null, ...options }))
const listPairs = ({ pairs }: Duplicates) => pairs.map(({ first, second }) => [first, second])

describe('a set of different pictures', () => {
  const set = setOf(pictures(24))

  it('has no copies by any measure', async () => {
    const found = await findDuplicates(set)
    expect(found.map(({ measure, threshold }) => [measure, threshold])).toEqual([
      ['grey levels', 1], ['details', 0.8], ['correlation', 0.95], ['correlation', 0.9], ['perceptual hash', 2],
      ['features', 0.95],
    ])
    expect(found.map(({ pairs, unsearched }) => [pairs.length, unsearched])).toEqual(found.map(() => [0, null]))
    expect(describeDuplicates(set, found).map(({ verdict }) => verdict)).toEqual(['clear', 'clear'])
  })
})

describe('a set with copies', () => {
  const flat = (level: number) => (): Image => ({ ...picture(0), data: new Uint8Array(side * side).fill(level) })
  // 24 repeats 3, of another class; 25 is 4, brighter; 26 to 28 are of one grey level each, two of the same.
  const copies = [() => picture(3), () => brighter(picture(4)), flat(9), flat(90), flat(9)]
  const set = setOf([...pictures(24), ...copies], { 24: { label: 0 } })

  it('finds each by the measures meant for it; images of one grey level equal only one another', async () => {
    const found = await search(set)
    expect(listPairs(found['grey levels 1'])).toEqual([[3, 24], [26, 28]])
    for (const measure of ['details 0.8', 'correlation 0.95', 'correlation 0.9', 'perceptual hash 2'])
      expect(listPairs(found[measure]), measure).toEqual([[3, 24], [4, 25]])
    expect(found['details 0.8'].pairs.every(({ alike }) => alike > 0.95)).toBe(true)
    expect(found['details 0.8'].groups).toEqual([[3, 24], [4, 25]])
    expect([found['details 0.8'].ofTwoClasses, found['details 0.8'].ofTwoGroups]).toEqual([2, 2])
  })

  it('copies among images whose patient is not known count as those of two patients', async () => {
    const images = [...pictures(6), () => brighter(picture(1))], alone = { label: 1, group: null }
    const unknown = setOf(images, { 1: alone, 6: alone })
    const known = setOf(images, { 1: { group: 'a' }, 6: { label: 1, group: 'a' } })
    const found = await findDuplicates(unknown, { model: null }), ofOne = await findDuplicates(known, { model: null })
    expect(found[1]).toMatchObject({ measure: 'details', ofTwoClasses: 0, ofTwoGroups: 0, ofUnknownGroups: 1 })
    expect(describeDuplicates(unknown, found)[1]).toMatchObject({
      verdict: 'fault', sentence: expect.stringContaining('(1 of images whose patient is not known)'),
    })
    expect(describeDuplicates(known, ofOne)[1].verdict).toBe('clear')
    expect(tables.duplicates(found).rows[1]).toMatchObject({ pairs: 1, ofTwoGroups: '0 or more' })
  })

  it('finds them by features as well: of this project’s network, or of another', async () => {
    const own = await findDuplicates(set, { thresholds: { correlation: [], details: [], 'perceptual hash': [] } })
    expect(own.map(({ measure }) => measure)).toEqual(['grey levels', 'features'])
    expect(listPairs(own[1])).toContainEqual([3, 24])
    const model = await resnet50({ classes: ['a', 'b', 'c'], weights: 'none', width: 'quarter', size: 32 })
    expect(listPairs((await search(set, { model }))['features 0.95'])).toContainEqual([3, 24])
  })

  it('says so', async () => {
    const [equal, near] = describeDuplicates(set, await findDuplicates(set, { model: null }))
    expect(equal.verdict).toBe('fault')
    expect(equal.sentence).toBe('2 of 29 images repeat another one at every pixel (1 of two classes, 2 of two patients), such as '
      + '0003.png and 0024.png.')
    expect(near.sentence).toMatch(/^2 pairs of 29 images agree in their details \(2 of two classes, 2 of two patients\), such as 0003\.png and 0024\.png\. Cand/)
  })

  it('counts test images with a copy in training, each once, by its nearest; chains do not count', async () => {
    const found = await findDuplicates(set, { model: null })
    const rest = [...set.items.keys()].filter(i => ![24, 25, 28, 26, 27].includes(i))
    const split = makeSplit(set, 'random', 1, { train: rest, validation: [26, 27], test: [24, 25, 28] }, 'made up')
    const seen = findSeen(split, found)
    expect(seen.map(({ measure, count }) => `${count} by ${measure}`)).toEqual([
      '1 by grey levels', '2 by details', '2 by correlation', '2 by correlation', '2 by perceptual hash', '0 by features',
    ])
    expect(seen[0].seen).toEqual([{
      image: 24, training: 3, name: '0024.png', trainingName: '0003.png', alike: 1, sameClass: false,
    }])
    expect(seen[1].share).toBeCloseTo(2 / 3, 12)
    expect(describeDuplicates(set, found, seen)[2]).toMatchObject({
      verdict: 'fault', sentence: expect.stringMatching(/^Of 3 test images, these have a copy in training: 1 by equal grey levels, 2 by details \(0\.8\) \(such as 0024\.png of 0003\.png\)\./) as string,
    })
    expect(findSeen(split, found, { part: 'validation' })[1].count).toBe(0)
  })

  it('finds a copy in training through a third image with the same grey levels', () => {
    const three = setOf([() => picture(0), () => picture(0), () => picture(0)])
    return findDuplicates(three, { model: null }).then(found => {
      const split = makeSplit(three, 'random', 1, { train: [2], validation: [0], test: [1] }, 'made up')
      expect(listPairs(found[0])).toEqual([[0, 1], [0, 2]])
      expect(findSeen(split, found)[0].seen).toMatchObject([{ image: 1, training: 2 }])
    })
  })
})

describe('what is shown of copies', () => {
  const set = setOf(
    [...pictures(6), () => picture(0), () => picture(1), () => picture(1), () => picture(2)],
    { 6: { label: 0 }, 7: { label: 1 }, 8: { label: 1 }, 9: { label: 1 } },
  )
  const split = makeSplit(set, 'random', 1, { train: [0, 1, 2, 3, 7, 8], validation: [4, 5], test: [6, 9] }, 'made up')

  it('pictures: groups of two parts first, then of two classes; names, classes and parts beneath', async () => {
    const [equal] = await findDuplicates(set, { model: null })
    expect(equal.groups).toEqual([[1, 7, 8], [0, 6], [2, 9]])
    const figure = await figures.duplicateGroups(set, equal, { split })
    // Group [2, 9] has two parts and two classes, [0, 6] two parts, [1, 7, 8] one of each.
    expect(figure.alt).toBe('Images alike by equal grey levels. 7 images: '
      + 'group 1 (2 images), 0002.png, COVID, train; group 1 (2 images), 0009.png, non-COVID, test; '
      + 'group 2 (2 images), 0000.png, COVID, train; group 2 (2 images), 0006.png, COVID, test; '
      + 'group 3 (3 images), 0001.png, non-COVID, train; group 3 (3 images), 0007.png, non-COVID, train; '
      + 'group 3 (3 images), 0008.png, non-COVID, train.')
    expect(figure.svg.match(/stroke-dasharray/g)).toHaveLength(4)
    const one = await figures.duplicateGroups(set, equal, { most: 1 })
    expect(one.svg).toContain('1 of 3 groups.')
    expect(one.alt).toContain('group 1 (2 images), 0002.png, COVID; group 1')
  })

  it('a table: a row for each measure, and why there is none', async () => {
    const { rows } = tables.duplicates(await findDuplicates(set))
    expect(rows[0]).toEqual({
      measure: 'grey levels', threshold: 'equal', pairs: 4, ofTwoClasses: 1, ofTwoGroups: 4, groups: 3, largest: 3, note: '',
    })
    expect(rows.at(-1)).toEqual({ measure: 'features', threshold: '0.95', note: 'Not searched: fewer than 20 images.' })
  })
})

describe('a measure that cannot tell', () => {
  it('is called a chain: each image is like the next one only', async () => {
    // Windows that slide over one long picture, 6 pixels at a time.
    const long = Array.from({ length: 6 }, (_, i) => picture(100 + i))
    const levelAt = (x: number, y: number) =>
      60 + 40 * Math.sin((x + y / 3) / 20) + long[Math.floor(x / side)].data[y * side + x % side] / 8
    const window = (start: number): Image => ({
      ...long[0], data: long[0].data.map((_, i) => levelAt(i % side + start, Math.floor(i / side))),
    })
    const set = setOf(Array.from({ length: 20 }, (_, i) => () => window(i * 6)))
    const { 'correlation 0.8': result } = await search(set, { thresholds: { correlation: [0.8] } })
    expect(result.groups[0].length).toBe(20)
    expect(result.chained).toBe(true)
  })

  it('proves no copy across a split where its pairs chain', async () => {
    const set = setOf(pictures(4)), found = await findDuplicates(set, { model: null })
    const split = makeSplit(set, 'random', 1, { train: [0, 1], validation: [], test: [2, 3] }, 'made up')
    const chain = (chained: boolean) => describeDuplicates(set, [], findSeen(split, found.map(one =>
      one.measure === 'details' ? { ...one, chained, pairs: [{ first: 0, second: 2, alike: 0.9 }] } : one)))
    expect(chain(false)[0].verdict).toBe('fault')
    expect(chain(true)[0].verdict).toBe('unknown')
    expect(chain(true)[0].sentence).toContain('1 by details (0.8). Details chain images together')
  })

  it('keeps no pairs once there are too many, rather than some', () => {
    const few = new PairCollection(10, alike => alike > 0.5)
    for (let i = 0; i < 10_000; i++) few.add(0, 1, 0.9)
    few.add(0, 1, 0.4)
    expect(few.found.length).toBe(10_000)
    few.add(0, 1, 0.9)
    expect(few.found).toMatch(/^More than 10,000 pairs are alike/)
    expect(few.found).toBe(few.found)
  })

  it('is the network’s features on a handful of images, and every pair on more than 20,000 images', async () => {
    const small = await findDuplicates(setOf(pictures(3)))
    expect(small.at(-1)!.unsearched).toBe('Not searched: fewer than 20 images.')
    const one = picture(0), many = setOf([() => one])
    const items = Array.from({ length: 20_001 }, (_, i) => ({ ...many.items[0], name: `${i}.png` }))
    const tiny: Image = { width: 1, height: 1, channels: 1, data: Uint8Array.of(7) }
    const large = await findDuplicates({ ...many, items, contentHash: sha256('many'), read: async () => tiny })
    expect(large.map(({ unsearched }) => unsearched)).toEqual([null, ...Array.from({ length: 5 }, () => 'Not searched: there are more than 20,000 images.')])
    expect(large[0].pairs.length).toBe(20_000)
    expect(describeDuplicates({ ...many, items }, large).map(({ verdict }) => verdict)).toEqual(['fault', 'unknown'])
  })
})

test('connected images, largest group first', () => {
  expect(connectedImages([])).toEqual([])
  expect(connectedImages([[5, 4], [1, 2], [3, 5], [9, 8], [8, 7], [7, 9]])).toEqual([[3, 4, 5], [7, 8, 9], [1, 2]])
  expect(connectedImages(Array.from({ length: 5000 }, (_, i) => [i + 1, i] as const))[0].length).toBe(5001)
})

test('features are standardized over the set; what all images share does not count', () => {
  const rows = standardizedRows({ count: 3, dimensions: 3, values: Float32Array.of(1, 0.1, 5, 2, 0.1, 5, 3, 0.1, 2) })
  // Z-scores by hand: first feature −√1.5, 0, √1.5; second constant; third √.5, √.5, −√2; rows scaled to length 1.
  const expected = [[-Math.sqrt(1.5), 0, Math.SQRT1_2], [0, 0, Math.SQRT1_2], [Math.sqrt(1.5), 0, -Math.SQRT2]]
    .flatMap(row => row.map(value => value / Math.hypot(...row)))
  expected.forEach((value, i) => expect(rows[i]).toBeCloseTo(value, 6))
})

test('progress and a signal', async () => {
  const stages = new Set<string>()
  await findDuplicates(setOf(pictures(21)), { onProgress: stage => stages.add(stage) })
  expect([...stages]).toEqual(['reading files', 'reading images', 'comparing pixels', 'comparing hashes', 'computing features', 'comparing features'])
  const stop = new AbortController()
  await expect(findDuplicates(setOf(pictures(22)), {
    signal: stop.signal, onProgress: stage => { if (stage === 'comparing hashes') stop.abort(new Error('enough')) },
  })).rejects.toThrow('enough')
})

test('thresholds outside their range, and results of another set, are refused', async () => {
  const set = setOf(pictures(2))
  await expect(findDuplicates(set, { thresholds: { correlation: [2] } })).rejects.toThrow('threshold of correlation')
  await expect(findDuplicates(set, { thresholds: { details: 0.8 } as never })).rejects.toThrow('a list of thresholds of details')
  await expect(findDuplicates(set, { thresholds: { 'perceptual hash': [1.5] } })).rejects.toThrow('whole number')
  const found = await findDuplicates(set, { model: null })
  expect(() => describeDuplicates(setOf(pictures(3)), found)).toThrow('duplicates of made-up, with 3 images')
})

test('a phantom without planted faults: nothing is called a fault', async () => {
  const set = await openDataset('phantom', { phantom: { patients: 10, slicesPerPatient: 2, size: 64 } })
  expect(describeDuplicates(set, await findDuplicates(set)).map(({ verdict }) => verdict)).toEqual(['clear', 'clear'])
})

describe.each(['phantom', 'phantom-xray'])('patients who come twice in the %s', name => {
  it('are found: a little brighter or darker, moved by a pixel; and nothing else is', async () => {
    const options = { patients: 8, size: 64 }
    const set = await openDataset(name, name === 'phantom'
      ? { phantom: { ...options, slicesPerPatient: 2 } } : { xrayPhantom: { ...options, imagesPerPatient: 2 } })
    const { dataset, planted } = plantFaults(set, { duplicatedPatients: 0.5, seed: 1 })
    const thresholds = { correlation: [], 'perceptual hash': [] }
    const found = await findDuplicates(dataset, { model: null, thresholds })
    const copies = planted.copies.map(pair => [...pair].sort((a, b) => a - b)).sort(([a], [b]) => a - b)
    expect(listPairs(found[1])).toEqual(copies)
    expect(describeDuplicates(dataset, found).map(({ verdict }) => verdict)).toEqual(['clear', 'fault'])
  })
})
