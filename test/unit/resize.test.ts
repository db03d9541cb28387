import { describe, expect, it } from 'vitest'
import golden from '../golden/resize.json'
import { images } from '../golden/hash'
import { resizeArea } from '../../src/lib/images/resize'

describe.each(golden.cases)('resizing by area equals OpenCV: $name', sample => {
  const { name, height, width, toHeight, toWidth } = sample
  const channels = sample.channels as 1 | 3
  const data = Uint8Array.from(images(name, [height, width, channels]), value => Math.floor(value * 256))
  const small = resizeArea({ width, height, channels, data }, toWidth, toHeight)

  it('within one grey level, and nearly always the same level', () => {
    const differences = sample.data.map((value, i) => Math.abs(value - small.data[i]))
    expect(small.data.length).toBe(sample.data.length)
    expect(Math.max(...differences)).toBeLessThanOrEqual(1)
    // What remains is rounding: OpenCV breaks ties to even, and enlarges with 11-bit weights and dropped bits.
    expect(differences.filter(d => d > 0).length).toBeLessThanOrEqual(0.125 * differences.length)
  })
})

describe('resizing by area', () => {
  it('does not change an image of the same size', () => {
    const image = { width: 2, height: 2, channels: 1 as const, data: Uint8Array.from([1, 2, 3, 255]) }
    expect(resizeArea(image, 2, 2)).toEqual(image)
  })

  it('keeps a constant image constant at every size', () => {
    const image = { width: 7, height: 5, channels: 1 as const, data: new Uint8Array(35).fill(255) }
    for (const [width, height] of [[1, 1], [3, 2], [7, 9], [20, 3]])
      expect(new Set(resizeArea(image, width, height).data)).toEqual(new Set([255]))
  })

  it('refuses sizes that are not whole or below one', () => {
    const image = { width: 1, height: 1, channels: 1 as const, data: Uint8Array.of(7) }
    for (const size of [0, -1, 1.5, NaN]) expect(() => resizeArea(image, size, 4)).toThrow('bad-argument')
  })
})
