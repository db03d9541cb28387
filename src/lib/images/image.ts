/** Images as plain bytes: decoding and encoding. The only importer of sharp. */
import sharp from 'sharp'
import { LabError } from '../system/errors'
import { readPlainPng } from './png'

/** An 8-bit image, row-major and interleaved: [height, width, channels], values 0 to 255. */
export interface Image {
  width: number
  height: number
  channels: 1 | 3
  data: Uint8Array
}

/** What pixels have to be before any preprocessing: whole numbers from the first to the second. */
export const pixelRange = [0, 255] as const

/**
 * That an image's numbers are pixels, whatever program they come from.
 * @throws LabError 'bad-argument' for others: numbers that were scaled already, CT numbers
 */
export function checkPixels({ data }: { data: ArrayLike<number> }): void {
  if (data instanceof Uint8Array) return
  const [least, most] = pixelRange
  for (let i = 0; i < data.length; i++)
    if (!Number.isInteger(data[i]) || data[i] < least || data[i] > most)
      throw new LabError('bad-argument', {
        expected: `pixels that are whole numbers from ${least} to ${most}`, received: String(data[i]),
        remedy: 'Give the image as it was decoded: the model scales it. CT numbers go through a window first (greyLevel)',
      })
}

/** What a file's header says, before anything is decoded. */
export interface ImageHeader {
  /** 'png', 'jpeg', 'webp', 'tiff', … */
  format: string
  width: number
  height: number
  /** As stored: 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha (or CMYK). */
  channels: number
}

/** More than any slice or radiograph has; a guard against images made to fill the memory. */
const maximumPixels = 64_000_000

/**
 * Decodes PNG, JPEG, WebP, TIFF, GIF or BMP bytes to 8 bits a channel. Alpha is dropped, never blended:
 * the value under a transparent pixel counts. Grey is 0.299 R + 0.587 G + 0.114 B (BT.601, with OpenCV's
 * integer weights), so a file whose three channels are equal gives exactly that channel. Colour profiles are
 * not applied: the stored numbers count.
 * @param channels 1 for grey, 3 for red, green, blue
 * @throws bad-image if the bytes are no image, cut short, or hold more than 64 million pixels
 */
export async function decodeImage(bytes: Uint8Array, channels: 1 | 3): Promise<Image> {
  const plain = readPlainPng(bytes, maximumPixels)
  if (plain) return withChannels(plain, channels)
  const { data, info } = await reading(bytes, input => input
    .autoOrient().removeAlpha().toColourspace('srgb').raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true }))
  const { width, height } = info
  return withChannels({ width, height, channels: info.channels as 1 | 3, data: new Uint8Array(data) }, channels)
}

/** Reads an image's header. @throws bad-image */
export async function imageHeader(bytes: Uint8Array): Promise<ImageHeader> {
  const { format, width, height, channels } = await reading(bytes, input => input.metadata())
  return { format, width, height, channels }
}

/** Encodes an image as PNG, without loss. */
export async function encodePng(image: Image): Promise<Uint8Array> {
  const { width, height, channels, data } = image
  const colours = channels === 1 ? 'b-w' : 'srgb'
  return sharp(data, { raw: { width, height, channels } }).toColourspace(colours).png().toBuffer()
}

/** Draws an SVG picture as PNG on white. @param scale pixels for each of the picture's own, default 2 */
export async function svgToPng(svg: string, scale = 2): Promise<Uint8Array> {
  return sharp(Buffer.from(svg), { density: 72 * scale, limitInputPixels: maximumPixels })
    .flatten({ background: '#ffffff' })
    .png().toBuffer()
}

async function reading<T>(bytes: Uint8Array, work: (input: sharp.Sharp) => Promise<T>): Promise<T> {
  // Images are decoded several at a time; threads within one image would only contend.
  sharp.concurrency(1)
  try {
    return await work(sharp(bytes, { limitInputPixels: maximumPixels, failOn: 'warning', ignoreIcc: true }))
  } catch (error) {
    throw new LabError('bad-image', {
      expected: `a whole PNG, JPEG, WebP, TIFF, GIF or BMP image of at most ${maximumPixels} pixels`,
      received: error instanceof Error ? error.message.split('\n')[0] : String(error),
      remedy: 'Replace the file or leave it out',
    })
  }
}

function withChannels(image: Image, channels: 1 | 3): Image {
  if (image.channels === channels) return image
  const { width, height, data } = image
  const out = new Uint8Array(width * height * channels)
  if (channels === 3) data.forEach((value, i) => out.fill(value, i * 3, i * 3 + 3))
  else
    for (let i = 0, at = 0; i < out.length; i++, at += 3)
      out[i] = (9798 * data[at] + 19235 * data[at + 1] + 3735 * data[at + 2] + 16384) >> 15
  return { width, height, channels, data: out }
}
