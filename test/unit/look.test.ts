/** What notebooks look at before anything is trained: classes, grey levels, files, and images chosen by position. */
import { expect, test } from 'vitest'
import { countClasses } from '../../src/lib/data/look/class-counts'
import { measureOverlap } from '../../src/lib/data/look/class-pixels'
import { chooseExamples } from '../../src/lib/data/look/examples'
import { collectByClass, findTellingMinima } from '../../src/lib/data/look/fact-columns'
import { summarizeFiles } from '../../src/lib/data/look/file-summary'
import type { FileFacts } from '../../src/lib/data/look/file-facts'
import { chooseEvenly, selectImages } from '../../src/lib/data/selected-part'
import { compareFits } from '../../src/lib/data/look/fits'
import { transmissionTable } from '../../src/lib/display/transmission'
import { attenuations } from '../../src/lib/images/attenuation'
import { hounsfield } from '../../src/lib/images/ct-window'
import type { Image } from '../../src/lib/images/image'
import { tissueTable, windowCurves } from '../../src/lib/display/ct-windows'
import { splitMadeUpLabels } from '../../src/lib/data/split/made-up-labels'
import { datasetOf, groupedItems } from '../fixtures/datasets'

const items = [0, 1, 1, 1].map((label, i) => ({ name: `${i}.png`, label, group: null }))
const dataset = datasetOf(items)

test('classes are counted in the order of the labels', () => {
  expect(countClasses(dataset)).toEqual([
    { label: 'COVID', value: 1, share: 0.25 }, { label: 'non-COVID', value: 3, share: 0.75 },
  ])
})

test('two histograms overlap by the area that they have in common', () => {
  const overlap = (one: number[], other: number[]) => measureOverlap(Uint8Array.from(one), Uint8Array.from(other))
  expect(overlap([0, 0, 200], [0, 200, 200])).toBeCloseTo(2 / 3, 12)
  expect([overlap([0], [255]), overlap([9], [9])]).toEqual([0, 1])
})

test('examples are spread through the class; an unknown class is refused', () => {
  expect(chooseExamples(dataset, 'non-COVID', 1)).toEqual([2])
  expect(chooseExamples(dataset, 'non-COVID', 9)).toEqual([1, 2, 3])
  expect(() => chooseExamples(dataset, 'flu', 1)).toThrow(/flu/)
})

test('images chosen by index become a part; elements chosen evenly are spread', () => {
  const part = selectImages(dataset, [3, 0])
  expect(part.indices.map(i => part.dataset.items[i].name)).toEqual(['3.png', '0.png'])
  expect(chooseEvenly(['a', 'b', 'c', 'd'], 2)).toEqual(['b', 'd'])
  expect(chooseEvenly(['a'], 2)).toEqual(['a'])
})

test('facts by class, and the darkest greys that differ most between the classes', () => {
  const facts = [['x', 0], ['x', 0], ['y', 5], ['x', 5]].map(([name, minimum]) =>
    ({ class: name, minimum }) as FileFacts)
  expect(collectByClass(facts, 'minimum')).toEqual([{ label: 'x', values: [0, 0, 5] }, { label: 'y', values: [5] }])
  expect(findTellingMinima(facts)).toEqual([{ 'darkest grey': 0, x: 2, y: 0 }, { 'darkest grey': 5, x: 1, y: 1 }])
})

test('files are summed up class by class, and all together', () => {
  const row = (name: string, width: number, channels: number, grey: [number, number, number]) =>
    ({ class: name, width, height: 1000, channels, minimum: grey[0], mean: grey[1], maximum: grey[2] }) as FileFacts
  const facts = [row('x', 512, 3, [4, 99.6, 255]), row('x', 1024, 1, [0, 120.2, 200]), row('y', 96, 1, [7, 50, 90])]
  const height = '1,000'
  expect(summarizeFiles(facts)).toEqual([
    { class: 'x', files: 2, width: '512 to 1,024', height, channels: '1, 3', darkest: 0, brightest: 255, 'mean grey': '100 to 120' },
    { class: 'y', files: 1, width: '96', height, channels: '1', darkest: 7, brightest: 90, 'mean grey': '50' },
    { class: 'all', files: 3, width: '96 to 1,024', height, channels: '1, 3', darkest: 0, brightest: 255, 'mean grey': '50 to 120' },
  ])
})

test('at −1200 HU the lung window (−1350 to 150) is a tenth of the way up, the soft tissue window black', () => {
  const ends = Object.fromEntries(windowCurves().map(({ label, points }) => [label, [points[0].y, points.at(-1)!.y]]))
  expect(ends).toEqual({ 'lung window': [25.5, 255], 'soft tissue window': [0, 255] })
  expect(tissueTable().rows[0]).toHaveProperty('grey in the lung window')
})

test('10 cm of water let 13 % of the X-rays pass, 10 cm of a lung full of air 59 %', () => {
  // exp(−2.06) and exp(−0.53).
  const passed = Object.fromEntries(transmissionTable().rows.map(row => [row.tissue, row.thick]))
  expect(passed.water).toBeCloseTo(0.1275, 4)
  expect(passed['lung, full of air']).toBeCloseTo(0.5886, 4)
})

test('the tissues’ attenuations agree with their CT numbers', () => {
  expect(hounsfield(attenuations.fat, attenuations.water)).toBeCloseTo(-87, 0)
  expect(hounsfield(attenuations.muscle, attenuations.water)).toBeCloseTo(44, 0)
  expect(hounsfield(attenuations.air, attenuations.water)).toBeCloseTo(-999, 0)
})

test('three fits of one image: a tall one as it is, a square one cut first', () => {
  const tall = { width: 2, height: 4, channels: 1, data: Uint8Array.from([9, 9, 1, 1, 1, 1, 9, 9]) }
  const [asIs, squash, pad, crop] = compareFits(tall as Image, 2)
  expect(asIs).toEqual({ image: tall, caption: 'as it is: 2 × 4 pixels' })
  expect([squash, pad, crop].map(({ image }) => [...image.data])).toEqual([[5, 5, 5, 5], [5, 0, 5, 0], [1, 1, 1, 1]])
  const square = { width: 3, height: 3, channels: 1, data: Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9]) }
  const [cut] = compareFits(square as Image, 2)
  expect(cut.caption).toBe('cut for this example: 3 × 2 pixels')
  expect([...cut.image.data]).toEqual([1, 2, 3, 4, 5, 6])
})

test('made-up labels are split in two ways, once for each seed', () => {
  const splits = splitMadeUpLabels(datasetOf(groupedItems(80, 1)), [1, 2])
  expect(Object.keys(splits)).toEqual(['random', 'by number block'])
  expect(splits.random.map(split => split.seed)).toEqual([1, 2])
  const groups = (part: { indices: readonly number[] }) =>
    new Set(part.indices.map(i => splits['by number block'][0].dataset.items[i].group))
  const { train, test: last } = splits['by number block'][0]
  expect([...groups(last)].filter(group => groups(train).has(group))).toEqual([])
})
