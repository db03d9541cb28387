/** Reads BMP files without compression: 1, 4 and 8 bits with a palette, 24 and 32 bits. */
import { badImage, requirePixels } from './bad-image'

/** A BMP file's header: what its pixels are, and where. */
export interface BmpHeader {
  width: number
  height: number
  /** 1, 4, 8, 24 or 32. */
  bitsPerPixel: number
  topDown: boolean
  /** Byte of the first pixel. */
  start: number
  /** Colors of the palette: [count, 4], blue, green, red, unused. Empty without a palette. */
  palette: Uint8Array
}

/** Reads the header. @throws LabError 'bad-image' for compressed files, other bit depths, and damaged headers */
export function readBmpHeader(bytes: Uint8Array): BmpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 54) throw badImage('a BMP file that is cut short')
  const headerLength = view.getUint32(14, true)
  if (headerLength < 40) throw badImage('a BMP file of the kind OS/2 wrote, which is not read')
  const width = view.getInt32(18, true), signedHeight = view.getInt32(22, true)
  const height = Math.abs(signedHeight)
  requirePixels(width, height)
  const bitsPerPixel = view.getUint16(28, true), compression = view.getUint32(30, true)
  const masks = compression === 3 && bitsPerPixel === 32 && bytes.length >= 66
    && [54, 58, 62].every((at, i) => view.getUint32(at, true) === 0xff0000 >> 8 * i)
  if (compression !== 0 && !masks) throw badImage('a compressed BMP file, which is not read')
  if (![1, 4, 8, 24, 32].includes(bitsPerPixel)) throw badImage(`a BMP file of ${bitsPerPixel} bits a pixel, which is not read`)
  const colors = bitsPerPixel > 8 ? 0 : view.getUint32(46, true) || 2 ** bitsPerPixel
  const palette = bytes.subarray(14 + headerLength, 14 + headerLength + 4 * Math.min(colors, 256))
  return { width, height, bitsPerPixel, topDown: signedHeight < 0, start: view.getUint32(10, true), palette }
}

/**
 * Reads the pixels: grey where every color of a palette is grey, else red, green and blue.
 * @throws LabError 'bad-image' for a cut file, or a pixel outside the palette
 */
export function readBmp(bytes: Uint8Array): { width: number; height: number; channels: 1 | 3; data: Uint8Array } {
  const { width, height, bitsPerPixel, topDown, start, palette } = readBmpHeader(bytes)
  const line = Math.ceil(width * bitsPerPixel / 32) * 4
  if (start + line * height > bytes.length) throw badImage('a BMP file that is cut short')
  const grey = bitsPerPixel <= 8 && isGrey(palette)
  const channels = grey ? 1 : 3
  const data = new Uint8Array(width * height * channels)
  let to = 0
  for (let y = 0; y < height; y++) {
    const row = bytes.subarray(start + line * (topDown ? y : height - 1 - y))
    for (let x = 0; x < width; x++) {
      const [source, at] = bitsPerPixel > 8 ? [row, x * bitsPerPixel / 8] : [palette, 4 * indexAt(row, x, bitsPerPixel)]
      if (at + 2 >= source.length) throw badImage('a damaged BMP file: a pixel is outside the palette')
      for (let c = 0; c < channels; c++) data[to++] = source[at + 2 - c]
    }
  }
  return { width, height, channels, data }
}

/** Whether a palette has shades of grey only. */
export function isGrey(palette: Uint8Array): boolean {
  for (let at = 0; at + 2 < palette.length; at += 4)
    if (palette[at] !== palette[at + 1] || palette[at] !== palette[at + 2]) return false
  return true
}

function indexAt(row: Uint8Array, x: number, bits: number): number {
  const first = x * bits
  return row[first >> 3] >> (8 - bits - (first & 7)) & (2 ** bits - 1)
}
