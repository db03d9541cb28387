/** Image files: decoding and encoding. The library's only import of sharp. */
import sharp from 'sharp'
import { LabError } from '../system/errors'
import { readFileCappedSync } from '../system/files'
import type { Image } from './image'
import { readPlainPng } from './png'

/** The facts in a file's header, which are known before anything is decoded. */
export interface ImageHeader {
  /** 'png', 'jpeg', 'webp', 'tiff', … */
  format: string
  width: number
  height: number
  /** Channels in the file: 1 grey, 2 grey and alpha, 3 color, 4 color and alpha (or CMYK). */
  channels: number
}

/** Bytes of the largest image file that is read; slices and radiographs are smaller. */
export const imageLimit = 256 * 1024 * 1024

/** Pixels of the largest image that is decoded: a guard against files made to fill the memory. */
const maximumPixels = 64_000_000

/**
 * Reads an image from its file.
 * @param channels 1 (default) for grey, 3 for red, green and blue
 * @throws LabError 'data-missing', 'too-large'; 'bad-image' naming the file
 */
export async function readImageFile(path: string, channels: 1 | 3 = 1): Promise<Image> {
  // The read blocks the thread: passing 100 kB from thread to thread takes longer than reading them.
  return decodeImage(readFileCappedSync(path, imageLimit), channels).catch((error: unknown) => {
    throw error instanceof LabError
      ? new LabError(error.code, { ...error, expected: `${path} to be ${error.expected}` })
      : error
  })
}

/**
 * Decodes PNG, JPEG, WebP, TIFF, GIF or BMP bytes to 8 bits a channel. Alpha is dropped, never blended: the value of a
 * transparent pixel counts. Grey is 0.299 R + 0.587 G + 0.114 B (BT.601, with OpenCV's integer weights), so a file
 * whose three channels are equal gives exactly that channel. Color profiles are not applied: the stored numbers count.
 * @param channels 1 for grey, 3 for red, green and blue
 * @throws LabError 'bad-image' if the bytes are no image, cut short, or hold more than 64 million pixels
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

/** Reads an image's header. @throws LabError 'bad-image' */
export async function imageHeader(bytes: Uint8Array): Promise<ImageHeader> {
  const { format, width, height, channels } = await reading(bytes, input => input.metadata())
  return { format, width, height, channels }
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

async function reading<T>(bytes: Uint8Array, work: (input: sharp.Sharp) => Promise<T>): Promise<T> {
  // Several images are decoded at a time; more threads for one image would only compete with each other.
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
    for (let i = 0, position = 0; i < out.length; i++, position += 3)
      out[i] = (9798 * data[position] + 19235 * data[position + 1] + 3735 * data[position + 2] + 16384) >> 15
  return { width, height, channels, data: out }
}
