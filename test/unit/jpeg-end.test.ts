/** JPEGs that do not end. */
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { jpegEnds } from '../../src/lib/images/jpeg-end'
import { decodeBytes } from '../../src/lib/images/sharp-reader'

const size = 64
const grey = Buffer.from(Uint8Array.from({ length: size * size }, (_, i) => (i * i) % 251))

describe.each([{ progressive: false }, { progressive: true }])('a JPEG, %o', options => {
  let whole: Buffer
  beforeAll(async () => {
    const raw = { width: size, height: size, channels: 1 } as const
    whole = await sharp(grey, { raw }).jpeg({ quality: 95, ...options }).toBuffer()
  })

  test('ends, also with bytes behind its end', async () => {
    expect([whole, Buffer.concat([whole, Buffer.alloc(50, 0xff)])].map(jpegEnds)).toEqual([true, true])
    expect((await decodeBytes(whole)).width).toBe(size)
  })

  test('is refused wherever an interrupted copy left zeros', async () => {
    for (let cut = 2; cut < whole.length - 1; cut += 97) {
      const copy = Buffer.from(whole).fill(0, cut)
      expect(jpegEnds(copy), `zeros from byte ${cut} on`).toBe(false)
      await expect(decodeBytes(copy)).rejects.toMatchObject({ code: 'bad-image' })
    }
  })
})

test('a small picture in the header does not count; other formats have no such end', () => {
  const thumbnail = [0xff, 0xe1, 0, 8, 0xff, 0xd8, 0xff, 0xd9, 0, 0]
  expect(jpegEnds(Uint8Array.from([0xff, 0xd8, ...thumbnail, 0xff, 0xda, 0, 2, 7, 7, 0, 0]))).toBe(false)
  expect(jpegEnds(Uint8Array.from([0x89, 0x50]))).toBeNull()
})
