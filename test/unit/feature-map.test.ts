import { expect, it } from 'vitest'
import { takeChannel, crop, toMap, correlateMaps, toImage, measureStrength } from '../../src/lib/images/feature-map'
import { mapTable } from '../../src/lib/display/map-table'
import { outlined } from '../../src/lib/images/outline'

const image = { width: 3, height: 2, channels: 1 as const, data: Uint8Array.of(0, 50, 100, 150, 200, 250) }
const map = toMap(image)

it('a grey image becomes a map of numbers; a color image is refused', () => {
  expect([...map.data]).toEqual([...image.data])
  const color = { ...image, channels: 3 as const, data: new Uint8Array(18) }
  expect(() => toMap(color)).toThrow(expect.objectContaining({ code: 'bad-argument' }))
})

it('one channel is copied from interleaved ones', () => {
  const stack = { width: 2, height: 1, channels: 3, data: Float32Array.of(1, 2, 3, 4, 5, 6) }
  expect([...takeChannel(stack, 1).data]).toEqual([2, 5])
  expect(() => takeChannel(stack, 3)).toThrow(expect.objectContaining({ code: 'bad-argument' }))
})

it('a map becomes an image from the least number to the greatest, or with zero in the middle', () => {
  const edges = { width: 3, height: 1, data: Float32Array.of(-1, 0, 3) }
  expect([...toImage(edges).data]).toEqual([0, 64, 255])
  expect([...toImage(edges, 'zero').data]).toEqual([85, 128, 255])
  expect([...toImage({ ...edges, data: new Float32Array(3) }).data]).toEqual([0, 0, 0])
})

it('a cropped rectangle must be inside the map', () => {
  expect([...crop(map, 1, 0, 2, 2).data]).toEqual([50, 100, 200, 250])
  for (const [left, top, width, height] of [[-1, 0, 1, 1], [0, 0, 4, 1], [0, 1, 1, 2], [0.5, 0, 1, 1], [0, 0, 0, 1]])
    expect(() => crop(map, left, top, width, height)).toThrow(expect.objectContaining({ code: 'bad-argument' }))
})

it('a table has a row a line', () => {
  expect(mapTable(map, 'numbers', 'Numbers').rows).toEqual([{ x0: 0, x1: 50, x2: 100 }, { x0: 150, x1: 200, x2: 250 }])
})

it('an outline surrounds the masked region and hides nothing of it', () => {
  const grey = { width: 5, height: 5, channels: 1 as const, data: new Uint8Array(25).fill(7) }
  const mask = { ...grey, data: new Uint8Array(25) }
  mask.data[12] = 255
  const { data } = outlined(grey, mask)
  const orange = Array.from({ length: 25 }, (_, i) => i).filter(i => data[i * 3] === 230)
  expect(orange).toEqual([7, 11, 13, 17])
  expect([...data.subarray(36, 39)]).toEqual([7, 7, 7])
  expect(() => outlined(grey, image)).toThrow(expect.objectContaining({ code: 'shape-mismatch' }))
})

it('strength is the root mean square', () => {
  expect(measureStrength({ data: Float32Array.of(3, -4, 0, 5) })).toBeCloseTo(Math.sqrt(12.5), 6)
})

it('correlation ignores brightness and contrast', () => {
  const line = (...values: number[]) => ({ width: values.length, height: 1, data: Float32Array.from(values) })
  expect(correlateMaps(line(1, 2, 4), line(13, 16, 22))).toBeCloseTo(1, 12)
  expect(correlateMaps(line(1, 2, 3), line(1, 3, 2))).toBeCloseTo(0.5, 12)
  expect(correlateMaps(line(1, 2, 3), line(7, 7, 7))).toBe(0)
  expect(() => correlateMaps(line(1, 2), line(1))).toThrow(expect.objectContaining({ code: 'shape-mismatch' }))
})
