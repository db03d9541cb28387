import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import golden from '../golden/decode.json'
import { decodeImage, encodePng, imageHeader } from '../../src/lib/images/image-file'

describe.each(golden.cases)('decoding equals Pillow and OpenCV: $name', ({ file, rgb, grey, tolerance }) => {
  const bytes = Buffer.from(file, 'base64')

  it('in color', async () => {
    const image = await decodeImage(bytes, 3)
    expect(image).toMatchObject({ width: golden.width, height: golden.height, channels: 3 })
    expect(furthest(image.data, rgb)).toBeLessThanOrEqual(tolerance)
  })

  it('in grey', async () => {
    const image = await decodeImage(bytes, 1)
    expect(image).toMatchObject({ width: golden.width, height: golden.height, channels: 1 })
    expect(furthest(image.data, grey)).toBeLessThanOrEqual(tolerance)
  })
})

describe('an image', () => {
  it('is the same after PNG encoding and decoding, bit for bit', async () => {
    for (const channels of [1, 3] as const) {
      const image = { width: 5, height: 4, channels, data: Uint8Array.from({ length: 20 * channels }, (_, i) => i * 4) }
      const png = await encodePng(image)
      expect(await decodeImage(png, channels)).toEqual(image)
      expect(await imageHeader(png)).toEqual({ format: 'png', width: 5, height: 4, channels })
    }
  })

  it('is refused when cut short, empty, or no image', async () => {
    const png = Buffer.from(golden.cases[0].file, 'base64')
    for (const bytes of [png.subarray(0, 60), png.subarray(0, 100), new Uint8Array(), Buffer.from('<html></html>')])
      await expect(decodeImage(bytes, 1)).rejects.toMatchObject({ code: 'bad-image' })
  })

  it('is refused when one of its bytes has changed', async () => {
    const whole = Buffer.from(golden.cases.find(({ name }) => name === 'PNG, every filter, RGB')!.file, 'base64')
    for (const place of [20, 50, 70, whole.length - 20]) {
      const changed = Buffer.from(whole)
      changed[place] ^= 1
      await expect(decodeImage(changed, 1), `byte ${place}`).rejects.toMatchObject({ code: 'bad-image' })
    }
  })

  it('is refused at more pixels than the limit, before anything is decoded', async () => {
    const png = Buffer.from(golden.cases[0].file, 'base64')
    png.writeUInt32BE(64_000, 16)
    png.writeUInt32BE(1_001, 20)
    png.writeUInt32BE(crc32(png.subarray(12, 29)), 29)
    await expect(decodeImage(png, 1)).rejects.toThrow('pixel limit')
  })
})

function furthest(values: Uint8Array, expected: readonly number[]): number {
  expect(values.length).toBe(expected.length)
  return Math.max(...expected.map((value, i) => Math.abs(value - values[i])))
}
