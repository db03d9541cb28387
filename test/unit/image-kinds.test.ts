/** Images that are not 8-bit grey levels, and files that are no images: read by a stated rule, or refused by name. */
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { decodeImage, describeImage } from '../../src/lib/images/image-file'
import type { PixelWindow } from '../../src/lib/images/pixel-window'
import { chunk, deepPng, png } from '../fixtures/png'
import { tiff } from '../fixtures/tiff'
import golden from '../golden/decode.json'

const ramp = Uint16Array.from({ length: 256 }, (_, i) => 16 * i)
const levels = Uint8Array.from({ length: 256 }, (_, i) => i)
const jpeg = () => Buffer.from(golden.cases.find(({ name }) => name.startsWith('JPEG'))!.file, 'base64')

async function grey(file: Uint8Array, window?: PixelWindow): Promise<Uint8Array> {
  return (await decodeImage(file, 1, window)).data
}

/** What an error says was received. */
async function fault(file: Uint8Array, window?: PixelWindow): Promise<string> {
  const error = await decodeImage(file, 1, window).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'bad-image' })
  return (error as { received: string }).received
}

describe('16-bit values', () => {
  it('of twelve bits span black to white, in PNG and in TIFF', async () => {
    expect(await grey(deepPng(ramp, 16))).toEqual(levels)
    expect(await grey(tiff(ramp, 16))).toEqual(levels)
  })

  it('keep the range of their set, however dark an image is', async () => {
    expect(await grey(tiff(Uint16Array.of(0, 100, 256), 3), { counts: { bits: 12 } })).toEqual(Uint8Array.of(0, 6, 16))
    expect(await grey(tiff(Uint16Array.of(0, 424, 1174), 3), { counts: { center: 424, width: 1500 } }))
      .toEqual(Uint8Array.of(55, 128, 255))
  })

  it('above the range of their set are refused', async () => {
    expect(await fault(tiff(Uint16Array.of(0, 4096), 2), { counts: { bits: 12 } })).toContain('values up to 4096')
  })

  it('without a window of their set are refused', async () => {
    expect(await fault(tiff(ramp, 16), {})).toContain('unsigned 16-bit values: the data set has no window')
  })

  it.each([
    ['sBIT of 12 in a file whose values have 9', deepPng(Uint16Array.of(0, 511), 2, chunk('sBIT', Buffer.of(12))), 511 >> 4],
    ['sBIT of 12 in a file whose values are spread over 16', deepPng(Uint16Array.of(0, 65520), 2, chunk('sBIT', Buffer.of(12))), 255],
    ['MaxSampleValue 4095', tiff(Uint16Array.of(0, 511), 2, { entries: [[281, 4095]] }), 511 >> 4],
    ['MaxSampleValue 65535, as many programs write it', tiff(Uint16Array.of(0, 4095), 2, { entries: [[281, 65535]] }), 255],
    ['no word, 10 bits', tiff(Uint16Array.of(0, 1023), 2), 255],
    ['no word, 14 bits', tiff(Uint16Array.of(0, 4096), 2), 4096 >> 6],
  ])('take the range that the file names: %s', async (_, file, level) => {
    expect([...await grey(file)]).toEqual([0, level])
  })

  it('where white is zero are turned', async () => {
    const file = tiff(ramp, 16)
    const photometric = file.indexOf(Buffer.from('0601040001000000', 'hex'))
    file.writeUInt32LE(0, photometric + 8)
    expect(await grey(file)).toEqual(levels.map(level => 255 - level))
  })
})

describe('signed and fractional values', () => {
  const hounsfield = Int16Array.of(-1350, -1024, -600, 150, 1000)

  it('from air upwards are CT numbers, in the lung window', async () => {
    expect([...await grey(tiff(hounsfield, 5))]).toEqual([0, 55, 128, 255, 255])
    expect([...await grey(tiff(Float32Array.from(hounsfield), 5))]).toEqual([0, 55, 128, 255, 255])
  })

  it.each([
    ['32-bit floating-point', tiff(Float32Array.of(0, 0.5, 1), 3)],
    ['signed 8-bit', tiff(Int8Array.of(-128, 0, 127), 3)],
    ['unsigned 32-bit', tiff(Uint32Array.of(0, 65280), 2)],
    ['signed 16-bit', tiff(Int16Array.of(-32768, 0), 2)],
  ])('of unknown meaning are refused with what they are: %s', async (words, file) => {
    expect(await fault(file)).toMatch(new RegExp(`^${words} values: from`))
  })

  it('of unknown meaning go through the window that is named', async () => {
    const window = { numbers: { center: 0.5, width: 1 } }
    expect([...await grey(tiff(Float32Array.of(0, 0.5, 1), 3), window)]).toEqual([0, 128, 255])
  })

  it('that are not finite are refused', async () => {
    expect(await fault(tiff(Float32Array.of(0, NaN), 2))).toContain('not finite')
    expect(await fault(tiff(Float32Array.of(0, Infinity), 2), { numbers: { center: 0, width: 1 } })).toContain('not finite')
  })
})

/** The same TIFF file, whose directory says that its colors are CIELAB. The general reader never ends some of them. */
function inCielab(file: Buffer): Buffer {
  file.writeUInt32LE(8, file.indexOf(Buffer.from('0601040001000000', 'hex')) + 8)
  return file
}

describe('refused with what they are', () => {
  const frames = Buffer.alloc(8)
  frames.writeUInt32BE(3)

  it.each([
    ['an empty file', Buffer.alloc(0)],
    ['a file of zeros', Buffer.alloc(64)],
    ['a web page', Buffer.from('\n<!DOCTYPE html><html>404</html>')],
    ['AppleDouble', Buffer.from('0005160700020000', 'hex')],
    ['Git LFS', Buffer.from('version https://git-lfs.github.com/spec/v1\n')],
    ['an SVG drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>')],
    ['a zip archive', Buffer.from('PK\x03\x04 and more')],
    ['bytes of no known image format', Buffer.from('notes')],
    ['several pages: 3', tiff(ramp, 16, { pages: 3 })],
    ['colors that are not read: photometric interpretation 8', inCielab(tiff(ramp, 16))],
    ['an animation: 3 frames', png({ width: 1, height: 1, depth: 8 }, chunk('acTL', frames), chunk('IDAT', deflateSync(Buffer.alloc(2))))],
    ['an image without pixels: 0 × 5', png({ width: 0, height: 5, depth: 8 }, chunk('IDAT', deflateSync(Buffer.alloc(5))))],
    ['above the pixel limit', png({ width: 8001, height: 8000, depth: 8 })],
    ['cut short', png({ width: 1, height: 60_000_000, depth: 8 }, chunk('IDAT', deflateSync(Buffer.alloc(4))))],
    ['cut short', tiff(ramp, 16).subarray(0, 300)],
    ['cut short', tiff(Int16Array.of(1, 2), 2, { entries: [] }).subarray(0, 20)],
  ])('%s', async (words, file) => expect(await fault(file)).toContain(words))

  it('an animated GIF or WebP, and CMYK', async () => {
    const pixels = sharp(Buffer.from(Array.from({ length: 8 * 16 * 3 }, (_, i) => i % 251)),
      { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } })
    expect(await fault(await pixels.clone().gif({ delay: [9, 9] }).toBuffer())).toBe('an animation: 2 frames')
    expect(await fault(await pixels.clone().webp({ delay: [9, 9] }).toBuffer())).toBe('an animation: 2 frames')
    const cmyk = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } }).toColourspace('cmyk').jpeg().toBuffer()
    expect(await describeImage(cmyk)).toMatchObject({ color: 'cmyk', channels: 4 })
    expect(await fault(cmyk)).toContain('CMYK')
  })

  it('a PNG with a wrong checksum anywhere, also where another reader would read it', async () => {
    const file = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } }).png({ palette: true }).toBuffer()
    expect((await decodeImage(file, 3)).data.subarray(0, 3)).toEqual(Uint8Array.of(255, 0, 0))
    file[file.indexOf('PLTE') + 4] ^= 1
    expect(await fault(file)).toContain('checksum')
  })
})

describe('kinds of PNG', () => {
  /** A PNG of unfiltered rows. */
  const rows = (depth: number, colorType: number, width: number, lines: readonly Buffer[], ...before: Buffer[]) =>
    png({ width, height: lines.length, depth, colorType }, ...before, chunk('IDAT', deflateSync(Buffer.concat(lines.flatMap(line => [Buffer.of(0), line])))))
  const words = (...numbers: number[]) => Buffer.from(Uint16Array.from(numbers).buffer).swap16()

  it.each([
    ['16 bits with alpha: the value counts, whether or not it is seen', rows(16, 4, 2, [words(0, 0, 4080, 0)]), [0, 255], 2],
    ['16 bits in color with alpha', rows(16, 6, 2, [words(16, 16, 16, 0, 4080, 4080, 4080, 65535)]), [1, 255], 4],
    ['one bit', rows(1, 0, 8, [Buffer.of(0b10000001)]), [255, 0, 0, 0, 0, 0, 0, 255], 1],
    ['four bits', rows(4, 0, 2, [Buffer.of(0x1f)]), [17, 255], 1],
    ['a palette', rows(8, 3, 2, [Buffer.of(1, 0)], chunk('PLTE', Buffer.of(7, 7, 7, 200, 200, 200))), [200, 7], 3],
    ['a palette with a transparent color', rows(8, 3, 2, [Buffer.of(1, 0)], chunk('PLTE', Buffer.of(7, 7, 7, 200, 200, 200)), chunk('tRNS', Buffer.of(0, 128))), [200, 7], 4],
  ] as const)('%s', async (_, file, expected, channels) => {
    expect([...await grey(file)]).toEqual([...expected])
    expect((await describeImage(file)).channels).toBe(channels)
  })

  it('a pixel outside the palette is refused, not black', async () => {
    const palette = chunk('PLTE', Buffer.of(7, 7, 7, 200, 200, 200))
    expect(await fault(rows(8, 3, 2, [Buffer.of(1, 1), Buffer.of(0, 2)], palette))).toContain('a pixel is outside the palette')
  })
})

it('a JPEG with stray bytes before its end marker is read: no pixel of it is missing', async () => {
  const whole = jpeg()
  const stray = Buffer.concat([whole.subarray(0, -2), Buffer.alloc(62), whole.subarray(-2)])
  expect(await decodeImage(stray, 1)).toEqual(await decodeImage(whole, 1))
  expect(await fault(whole.subarray(0, whole.length >> 1))).toMatch(/^a damaged or cut file/)
})

it('interlaced 16-bit PNG files hold the same numbers', async () => {
  const numbers = Uint16Array.from({ length: 64 }, (_, i) => 1023 * i)
  const interlaced = await sharp(deepPng(numbers, 8)).toColourspace('grey16').png({ progressive: true }).toBuffer()
  expect(interlaced[24]).toBe(16)
  expect(interlaced[28]).toBe(1)
  expect(await grey(interlaced)).toEqual(Uint8Array.from(numbers, value => value >> 8))
})
