/** Reading and writing images with sharp. The library's only import of it. */
import sharp from 'sharp'
import { badImage, maximumPixels } from './bad-image'
import type { Image } from './image'
import { jpegEnds } from './jpeg-end'

/** The facts in a header, as sharp names them. */
export interface SharpHeader {
  width: number
  height: number
  channels: number
  /** 'uchar', 'ushort', 'short', 'float', … */
  depth: string
  /** 'b-w', 'srgb', 'cmyk', 'grey16', … */
  space: string
  pages: number
  palette: boolean
}

/** Reads a header. @throws LabError 'bad-image' */
export async function readSharpHeader(bytes: Uint8Array): Promise<SharpHeader> {
  const header = await reading(bytes, input => input.metadata())
  const { width, height, channels, depth, space, pages = 1, isPalette } = header
  return { width, height, channels, depth, space, pages, palette: isPalette === true }
}

/** Decodes to 8 bits a channel, without alpha, turned upright as EXIF says. @throws LabError 'bad-image' */
export async function decodeBytes(bytes: Uint8Array): Promise<Image> {
  if (jpegEnds(bytes) === false) throw badImage('a damaged or cut file: a JPEG without an end')
  const { data, info } = await reading(bytes, input => input
    .autoOrient().removeAlpha().toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true }))
  return { width: info.width, height: info.height, channels: info.channels as 1 | 3, data: new Uint8Array(data) }
}

/** Decodes to 16 bits a channel, without alpha, turned upright as EXIF says. @throws LabError 'bad-image' */
export async function decodeWords(
  bytes: Uint8Array, color: boolean,
): Promise<{ width: number; height: number; channels: 1 | 3; data: Uint16Array }> {
  const { data, info } = await reading(bytes, input => input
    .autoOrient().removeAlpha().toColourspace(color ? 'rgb16' : 'grey16').raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true }))
  const words = new Uint16Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.length))
  return { width: info.width, height: info.height, channels: info.channels as 1 | 3, data: words }
}

/** Encodes an image as PNG, without loss. */
export async function encodePng(image: Image): Promise<Uint8Array> {
  const { width, height, channels, data } = image
  const colorSpace = channels === 1 ? 'b-w' : 'srgb'
  return sharp(data, { raw: { width, height, channels } }).toColourspace(colorSpace).png().toBuffer()
}

/** Draws an SVG picture as PNG on white. @param scale pixels of the PNG for one pixel of the picture; default 2 */
export async function svgToPng(svg: string, scale = 2): Promise<Uint8Array> {
  return sharp(Buffer.from(svg), { density: 72 * scale, limitInputPixels: maximumPixels })
    .flatten({ background: '#ffffff' })
    .png().toBuffer()
}

/** Bytes between the end of a JPEG's picture and its end marker: viewers pass over them, and no pixel is missing. */
const strayBytes = /extraneous bytes before marker 0xd9/

async function reading<T>(bytes: Uint8Array, work: (input: sharp.Sharp) => Promise<T>): Promise<T> {
  // Several images are decoded at a time; more threads for one image would only compete with each other.
  sharp.concurrency(1)
  const attempt = (failOn: 'warning' | 'truncated') =>
    work(sharp(bytes, { limitInputPixels: maximumPixels, failOn, ignoreIcc: true }))
  try {
    return await attempt('warning').catch((error: unknown) => {
      if (strayBytes.test(String(error))) return attempt('truncated')
      throw error
    })
  } catch (error) {
    const message = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw badImage(`a damaged or cut file: ${message}`)
  }
}
