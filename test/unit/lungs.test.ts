/** Finding lungs by darkness and shape; thresholds, regions and hulls as other programs compute them. */
import { expect, test } from 'vitest'
import { openDataset } from '../../src/lib/index'
import { convexHull, fillHull } from '../../src/lib/images/convex-hull'
import { fitImage } from '../../src/lib/images/fit'
import type { Image } from '../../src/lib/images/image'
import { findLungs } from '../../src/lib/images/lungs'
import { otsuThreshold } from '../../src/lib/images/otsu'
import { regionsOf } from '../../src/lib/images/regions'
import golden from '../golden/shapes.json'

test.each(golden.pictures)('scikit-image finds the same threshold: $threshold', ({ data, threshold }) => {
  expect(otsuThreshold(data)).toBe(threshold)
})

test('the threshold of an even image is its one level', () => expect(otsuThreshold([7, 7, 7])).toBe(7))

test.each(golden.masks)('SciPy finds as many regions, of the same sizes', ({ inside, sizes }) => {
  const found = regionsOf(inside, golden.width).map(({ pixels }) => pixels.length)
  expect(found.sort((a, b) => a - b)).toEqual(sizes)
})

test.each(golden.points)('SciPy finds the same corners of a hull', ({ points, corners }) => {
  const found = convexHull(points as [number, number][]).map(([x, y]) => [x, y])
  expect(found.sort((a, b) => a[0] - b[0] || a[1] - b[1])).toEqual(corners)
})

test('a filled hull holds its pixels and what lies between them, and nothing else', () => {
  const mask = new Uint8Array(25)
  // The corners of a diamond, and one pixel beside its middle.
  fillHull([2, 10, 14, 22, 13], mask, 5)
  expect([...mask].map(value => (value ? 1 : 0)).join('')).toBe('0010001110111110111000100')
  const line = new Uint8Array(10)
  fillHull([1, 3], line, 5)
  expect([...line]).toEqual([0, 255, 255, 255, 0, 0, 0, 0, 0, 0])
})

const size = 64
/** A body of grey 180 in air of grey 10, with what `paint` adds to it. */
function slice(paint: (x: number, y: number) => number | null): Image {
  const data = Uint8Array.from({ length: size * size }, (_, i) => {
    const x = i % size, y = Math.floor(i / size)
    return Math.hypot((x - 31.5) / 30, (y - 31.5) / 26) > 1 ? 10 : paint(x, y) ?? 180
  })
  return { width: size, height: size, channels: 1, data }
}
const inLung = (x: number, y: number) => Math.hypot((Math.abs(x - 31.5) - 14) / 9, (y - 31.5) / 16) < 1

test('lungs are the dark regions inside the body; a finding at their edge lies inside the hull', () => {
  const bright = (x: number, y: number) => x > 20 && x < 25 && y > 28 && y < 34
  const found = findLungs(slice((x, y) => (inLung(x, y) ? bright(x, y) ? 180 : 40 : null)))!
  const truth = Array.from({ length: size * size }, (_, i) => inLung(i % size, Math.floor(i / size)))
  const both = truth.filter((inside, i) => inside && found.mask.data[i]).length
  const either = truth.filter((inside, i) => inside || found.mask.data[i]).length
  // The mask is two pixels wider than the lungs.
  expect(both / truth.filter(Boolean).length).toBe(1)
  expect(both / either).toBeGreaterThan(0.7)
  expect(found.mask.data[31 * size + 22], 'the finding').toBe(255)
  expect(found.mask.data[0], 'air around the body').toBe(0)
  expect(found.share).toBeCloseTo(found.mask.data.filter(value => value > 0).length / size ** 2, 12)
})

test.each([
  ['a body without lungs', slice(() => null)],
  ['one small airway', slice((x, y) => (Math.hypot(x - 31, y - 31) < 5 ? 40 : null))],
  ['an even image', { width: size, height: size, channels: 1 as const, data: new Uint8Array(size * size).fill(90) }],
  ['a ring of air that touches no corner', slice((x, y) => {
    const away = Math.hypot(x - 31, y - 31)
    return away > 21 && away < 24 ? 10 : null
  })],
])('nothing plausible is found in %s', (_, image) => expect(findLungs(image)).toBeNull())

test('the phantom’s lungs are found, and nine tenths of its lesions are inside', async () => {
  const phantom = await openDataset('phantom', { phantom: { patients: 6, slicesPerPatient: 1, size: 128, seed: 3 } })
  let all = 0, inside = 0
  for (const index of phantom.items.keys()) {
    const lesions = (await phantom.mask!(index)).data, found = findLungs(fitImage(await phantom.read(index), 128))!
    all += lesions.filter(value => value > 0).length
    inside += lesions.filter((value, i) => value > 0 && found.mask.data[i]).length
  }
  expect(inside / all).toBeGreaterThan(0.9)
})
