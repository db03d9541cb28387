/** Image files of every format that is read: what they hold, and their pixels. */
import { LabError } from '../system/errors'
import { readFileCappedSync } from '../system/files'
import { requireHash } from '../system/hash'
import { badImage, requireModest } from './bad-image'
import { readBmp, readBmpHeader, isGrey } from './bmp'
import { readDicomHeader } from './dicom/header'
import { readDicomImage } from './dicom/pixels'
import { describeForeign, detectFormat } from './format'
import { summarizedImage, type Image } from './image'
import { scanOf } from './image-scan'
import { applyWindow, type PixelWindow } from './pixel-window'
import { bytesPerSample } from './sample'
import { readNifti, readNiftiSlices } from './nifti'
import { readPlainPng, readPngChunks, requirePalette, type PlainPicture, type PngChunks } from './png'
import { decodeBytes, decodeWords, readSharpHeader, type SharpHeader } from './sharp-reader'
import type { ImageFacts, StoredImage } from './stored-image'
import { readTiffDirectory, type TiffPage } from './tiff/directory'
import { readTiffPixels } from './tiff/pixels'
import { imageLimit, readSlice, splitSliceName } from './volume-file'
import { chooseWindow } from './window-choice'

export { encodePng, svgToPng } from './sharp-reader'
export { imageLimit } from './volume-file'

/**
 * Reads an image from its file.
 * @param path of a file, or of a slice of a NIfTI volume: 'lungs.nii.gz#12', counted from 1
 * @param channels 1 (default) for grey, 3 for red, green and blue
 * @param window how values become grey levels, as the file's data set decided it. Without it the file counts as a set
 *   of its own: files of one set are read with the set's window
 * @param hash the SHA-256 that the file must have: its own when its set was opened. Default: any
 * @throws LabError 'data-missing', 'too-large'; 'data-mismatch' for another hash; 'bad-image' naming the file
 */
export async function readImageFile(
  path: string, channels: 1 | 3 = 1, window?: PixelWindow, hash?: string,
): Promise<Image> {
  // The read blocks the thread: passing 100 kB from thread to thread takes longer than reading them.
  const slice = splitSliceName(path)
  const image = slice
    ? readSlice(slice.file, slice.number, hash).then(stored => toPixels(stored, channels, window))
    : decodeImage(requireHash(path, readFileCappedSync(path, imageLimit), hash), channels, window)
  return image.catch((error: unknown) => {
    throw naming(path, error)
  })
}

/** The same error, naming the file. */
export function naming(path: string, error: unknown): unknown {
  return error instanceof LabError
    ? new LabError(error.code, { ...error, expected: `${path} to be ${error.expected}` })
    : error
}

/**
 * Decodes an image's bytes to 8 bits a channel. Alpha is dropped, never blended: the value of a transparent pixel
 * counts. Grey is 0.299 R + 0.587 G + 0.114 B (BT.601, with OpenCV's integer weights), so a file whose three channels
 * are equal gives exactly that channel. Color profiles are not applied: the stored numbers count.
 * @param channels 1 for grey, 3 for red, green and blue
 * @param window how values become grey levels; without it the image counts as a set of its own
 * @throws LabError 'bad-image' if the bytes are no image that is read, are cut short, hold more than 64 million pixels,
 *   or values that the window has no rule for
 */
export async function decodeImage(bytes: Uint8Array, channels: 1 | 3, window?: PixelWindow): Promise<Image> {
  return toPixels(await decodeStored(bytes, { slices: 'one' }), channels, window)
}

function toPixels(stored: StoredImage, channels: 1 | 3, window?: PixelWindow): Image {
  return summarizedImage(withChannels(applyWindow(stored, window ?? chooseWindow([scanOf(stored)]).window), channels))
}

/** Says what an image holds, without decoding its pixels. @throws LabError 'bad-image' */
export async function describeImage(bytes: Uint8Array): Promise<ImageFacts> {
  const format = detectFormat(bytes)
  if (format === null) throw badImage(describeForeign(bytes))
  if (format === 'png') return pngFacts(readPngChunks(bytes))
  if (format === 'tiff') return tiffFacts(bytes, readTiffDirectory(bytes))
  if (format === 'bmp') return bmpFacts(bytes)
  if (format === 'dicom') return (await readDicomHeader(bytes)).facts
  if (format === 'nifti') return (await readNifti(bytes)).facts
  return sharpFacts(format, await readSharpHeader(bytes))
}

/**
 * Reads an image's samples as stored; all slices of a volume, one after another.
 * @param slices 'one' refuses a volume of several. Default 'all'
 * @throws LabError 'bad-image', also for several pages, for CMYK, and for files that unpack to far more than their size
 */
export async function decodeStored(
  bytes: Uint8Array, { slices = 'all' }: { slices?: 'one' | 'all' } = {},
): Promise<StoredImage> {
  if (detectFormat(bytes) === 'nifti') {
    const volume = await readNifti(bytes), count = volume.facts.pages
    if (slices === 'one' && count > 1) throw badImage(`a volume of ${count} slices`, 'Name a slice: FILE#1 is the first')
    return readNiftiSlices(volume)
  }
  const chunks = detectFormat(bytes) === 'png' ? readPngChunks(bytes) : null
  const facts = chunks ? pngFacts(chunks) : await describeImage(bytes)
  const { format, pages, color } = facts
  requireModest(facts.width * facts.height * facts.channels * bytesPerSample(facts.sample), bytes.length)
  if (pages > 1)
    throw badImage(format === 'tiff' ? `several pages: ${pages}` : format === 'dicom' ? `several frames: ${pages}` : `an animation: ${pages} frames`,
      'Save each page or frame as a file of its own, or leave the file out')
  if (color === 'cmyk') throw badImage('a CMYK image for print', 'Convert the file to grey or RGB, or leave it out')
  if (chunks) requirePalette(chunks)
  const plain = chunks && readPlainPng(chunks)
  if (plain) return stored(facts, plain)
  if (format === 'tiff' && facts.values !== 'grey levels') {
    const { page } = readTiffDirectory(bytes)
    const { width, height, photometric } = page
    return { facts, width, height, inverted: photometric === 0, ...readTiffPixels(bytes, page) }
  }
  if (format === 'bmp') return stored(facts, readBmp(bytes))
  if (format === 'dicom') return readDicomImage(bytes)
  return stored(facts, facts.sample === 'u16' ? await decodeWords(bytes, facts.channels > 2) : await decodeBytes(bytes))
}

function stored(facts: ImageFacts, image: Image | PlainPicture): StoredImage {
  const { width, height, channels, data } = image
  return { facts, width, height, channels, samples: data }
}

function pngFacts({ width, height, depth, colorType, transparency, frames, significantBits }: PngChunks): ImageFacts {
  const channels = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 }[colorType]
  if (!channels) throw badImage('a damaged PNG file: its color type does not exist')
  return {
    format: 'png', width, height, pages: frames,
    channels: channels + (transparency && channels % 2 ? 1 : 0),
    color: colorType === 3 ? 'palette' : channels > 2 ? 'rgb' : 'grey',
    ...(depth === 16
      ? { sample: 'u16', values: 'counts', ...(significantBits ? { bits: significantBits } : {}) }
      : { sample: 'u8', values: 'grey levels' }),
  }
}

async function tiffFacts(bytes: Uint8Array, { page, pages }: { page: TiffPage; pages: number }): Promise<ImageFacts> {
  const { width, height, samplesPerPixel: channels, sample, photometric, maximum, bitsPerSample } = page
  // The general reader never ends some files in CIELAB.
  if (![0, 1, 2, 3, 5, 6].includes(photometric)) throw badImage(`a TIFF image in colors that are not read: photometric interpretation ${photometric}`)
  const color = photometric === 5 ? 'cmyk' : photometric === 3 ? 'palette' : photometric < 2 ? 'grey' : 'rgb'
  const facts = { format: 'tiff', width, height, channels, pages, color } as const
  if (sample === 'u8' || (bitsPerSample < 8 && sample === null))
    return {
      ...facts, channels: pages > 1 ? channels : (await readSharpHeader(bytes)).channels,
      sample: 'u8', values: 'grey levels',
    }
  if (!sample) throw badImage(`a TIFF image of ${bitsPerSample} bits a sample, which is not read`)
  if (sample !== 'u16') return { ...facts, sample, values: 'numbers' }
  return { ...facts, sample, values: 'counts', ...(maximum ? { bits: Math.ceil(Math.log2(maximum + 1)) } : {}) }
}

function bmpFacts(bytes: Uint8Array): ImageFacts {
  const { width, height, bitsPerPixel, palette } = readBmpHeader(bytes)
  const channels = bitsPerPixel > 8 ? bitsPerPixel / 8 : isGrey(palette) ? 1 : 3
  const color = bitsPerPixel > 8 ? 'rgb' : channels === 1 ? 'grey' : 'palette'
  return { format: 'bmp', width, height, channels, pages: 1, color, sample: 'u8', values: 'grey levels' }
}

function sharpFacts(format: ImageFacts['format'], header: SharpHeader): ImageFacts {
  const { width, height, channels, pages, space, palette } = header
  const color = space === 'cmyk' ? 'cmyk' : palette ? 'palette' : channels > 2 ? 'rgb' : 'grey'
  return { format, width, height, channels, pages, color, sample: 'u8', values: 'grey levels' }
}

/** The facts in a file's header, which are known before anything is decoded. */
export type ImageHeader = Pick<ImageFacts, 'format' | 'width' | 'height' | 'channels'>

/** Reads an image's header. @throws LabError 'bad-image' */
export async function imageHeader(bytes: Uint8Array): Promise<ImageHeader> {
  const { format, width, height, channels } = await describeImage(bytes)
  return { format, width, height, channels }
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
