/** How much of heat maps lies in one region of the frame. */
import { expect, it, test } from 'vitest'
import { look, openDataset, scoreRegion, type HeatMaps } from '../../src/lib/index'

const ct = await openDataset('phantom', { phantom: { patients: 4, slicesPerPatient: 2, size: 32 } })
const size = 8
const corner = { left: 0, top: 0, right: 0.25, bottom: 0.25 }

/** Maps whose number at a pixel `draw` gives. */
function mapsOf(draw: (x: number, y: number, image: number) => number, count = 8): HeatMaps {
  const maps = Array.from({ length: count }, (_, image) => ({
    width: size, height: size,
    data: Float32Array.from({ length: size * size }, (_, i) => draw(i % size, Math.floor(i / size), image)),
  }))
  return {
    method: 'occlusion', part: { dataset: ct, role: 'test', indices: maps.map((_, i) => i) }, maps,
    classes: maps.map(() => 'COVID'), probabilities: new Float32Array(count),
  }
}
const inCorner = (x: number, y: number) => Number(x < 2 && y < 2)

test('a map of the corner lies wholly in it: sixteen times as much as its area', () => {
  expect(scoreRegion(mapsOf(inCorner), corner)).toMatchObject(
    { images: 8, pointing: { value: 1 }, energy: { value: 16 } })
})

test('an even map holds as much as its area, and a map of the rest nothing; what speaks against the class does not count', () => {
  expect(scoreRegion(mapsOf(() => 2), corner).energy.value).toBeCloseTo(1, 12)
  expect(scoreRegion(mapsOf((x, y) => 1 - inCorner(x, y)), corner)).toMatchObject(
    { pointing: { value: 0 }, energy: { value: 0 } })
  expect(scoreRegion(mapsOf((x, y) => (inCorner(x, y) ? -5 : 1)), corner)).toMatchObject(
    { pointing: { value: 0 }, energy: { value: 0 } })
})

test('left and top are those of the image', () => {
  const right = { left: 0.75, top: 0, right: 1, bottom: 0.25 }
  expect(scoreRegion(mapsOf((x, y) => Number(x >= 6 && y < 2)), right).energy.value).toBe(16)
  expect(scoreRegion(mapsOf((x, y) => Number(x < 2 && y >= 6)), right).energy.value).toBe(0)
})

test('the interval draws whole patients', () => {
  const half = scoreRegion(mapsOf((x, y, image) => (image < 4 ? inCorner(x, y) : 1)), corner)
  expect(half.energy.value).toBeCloseTo((16 + 1) / 2, 10)
  expect(half.energy.low).toBeLessThan(half.energy.value)
  expect(half.energy.high).toBeGreaterThan(half.energy.value)
})

test('of no images nothing is defined', () => {
  expect(scoreRegion(mapsOf(inCorner, 0), corner)).toMatchObject(
    { images: 0, pointing: { value: NaN }, energy: { value: NaN } })
})

it.each([
  [{ ...corner, right: 0 }, 'right'], [{ ...corner, left: -0.1 }, 'left'], [{ ...corner, bottom: 1.1 }, 'bottom'],
  [{ ...corner, top: 1 }, 'top'], [{ ...corner, top: NaN }, 'top'],
])('refuses %j', (region, name) => {
  expect(() => scoreRegion(mapsOf(inCorner), region)).toThrow(name)
})

test('another phantom of the same kind: other patients, or findings that do not show', async () => {
  const xray = await openDataset('phantom-xray', { xrayPhantom: { patients: 4, imagesPerPatient: 1, size: 32 } })
  const [usual, other, faint, film] = [
    await look.openPhantomLike(ct), await look.openPhantomLike(ct, { seed: 2 }),
    await look.openPhantomLike(ct, { signal: 0 }),
    await look.openPhantomLike(xray, { seed: 2 }),
  ]
  expect((await openDataset('phantom')).contentHash).toBe(usual.contentHash)
  expect(new Set([usual, other, faint, film].map(one => one.contentHash)).size).toBe(4)
  expect(film.name).toBe('phantom-xray')
  const away = await look.openPhantomLike(ct, { otherSite: true })
  expect(away.items).toEqual(usual.items)
  for (const index of [0, away.items.length - 1]) {
    const [{ data, width }, before] = [await away.read(index), await usual.read(index)]
    expect(data[0], 'a black border').toBe(0)
    const middle = width * (width / 2) + width / 2
    expect(data[middle], usual.items[index].name).not.toBe(before.data[middle])
  }
  await expect(look.openPhantomLike(ct, { signal: 3 })).rejects.toThrow('signal')
})
