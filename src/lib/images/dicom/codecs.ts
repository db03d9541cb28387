/** Decoders of the compressions in DICOM files. The library's only import of them; each is loaded when it is needed. */
import type { WasmDecoder } from '@cornerstonejs/codec-openjpeg/decodewasmjs'
import { badImage } from '../bad-image'
import { decodeBytes } from '../sharp-reader'
import { readSamples, type SampleArray } from '../sample'
import { requireShape, type FrameShape } from './frame-shape'
import { requireJpeg } from './jpeg-header'
import { requireJpeg2000 } from './jpeg2000-header'
import { decodeRunLengths } from './run-lengths'

/** Codecs report every step of their work on standard output, unless they are silenced. */
const silent = { print() {}, printErr() {} }
let charls: ReturnType<typeof import('@cornerstonejs/codec-charls/decodewasmjs').default> | undefined
let openJpeg: ReturnType<typeof import('@cornerstonejs/codec-openjpeg/decodewasmjs').default> | undefined

type Codec = (data: Uint8Array, frame: FrameShape) => Promise<SampleArray>

/** Compressions by the identifiers of transfer syntaxes (DICOM PS3.5, annex A.4). */
const codecs: ReadonlyMap<string, { name: string; decode: Codec }> = new Map(Object.entries({
  '1.2.840.10008.1.2.4.50': { name: 'JPEG', decode: baseline },
  '1.2.840.10008.1.2.4.51': { name: 'JPEG', decode: baseline },
  '1.2.840.10008.1.2.4.57': { name: 'lossless JPEG', decode: losslessJpeg },
  '1.2.840.10008.1.2.4.70': { name: 'lossless JPEG', decode: losslessJpeg },
  '1.2.840.10008.1.2.4.80': { name: 'JPEG-LS', decode: jpegLs },
  '1.2.840.10008.1.2.4.81': { name: 'JPEG-LS', decode: jpegLs },
  '1.2.840.10008.1.2.4.90': { name: 'JPEG 2000', decode: jpeg2000 },
  '1.2.840.10008.1.2.4.91': { name: 'JPEG 2000', decode: jpeg2000 },
  '1.2.840.10008.1.2.5': { name: 'run lengths', decode: async (data: Uint8Array, frame: FrameShape) => decodeRunLengths(data, frame) },
}))

/** Whether a transfer syntax is a compression that is read. */
export function isCompressed(transferSyntax: string): boolean {
  return codecs.has(transferSyntax)
}

/**
 * Decodes a compressed frame of grey values.
 * @throws LabError 'bad-image' for damaged data, or a frame of another size than the file's header says
 */
export async function decodeFrame(data: Uint8Array, transferSyntax: string, frame: FrameShape): Promise<SampleArray> {
  const { name, decode } = codecs.get(transferSyntax)!
  try {
    return await decode(data, frame)
  } catch (error) {
    if (error instanceof Error && error.name === 'LabError') throw error
    throw badImage(`a DICOM file with damaged data: ${name}`)
  }
}

/** Eight bits with losses, through sharp; some files of the extended kind hold twelve bits, which it does not read. */
async function baseline(data: Uint8Array, frame: FrameShape): Promise<SampleArray> {
  const { precision } = requireJpeg(data, frame)
  if (precision !== 8) throw badImage(`a DICOM file with ${precision}-bit JPEG data, which is not read`)
  if (frame.sample !== 'u8') throw badImage('a DICOM file with damaged data: 8-bit JPEG for other values')
  const { data: pixels, channels } = await decodeBytes(data)
  return channels === 1 ? pixels : pixels.filter((_, i) => i % channels === 0)
}

async function losslessJpeg(data: Uint8Array, frame: FrameShape): Promise<SampleArray> {
  requireJpeg(data, frame)
  const { Decoder } = await import('jpeg-lossless-decoder-js')
  const copy = data.slice()
  const decoder = new Decoder(), decoded = decoder.decode(copy.buffer, 0, copy.length)
  // Where the data ends early, or a marker stands in it, the decoder leaves the rest black.
  if (decoder.yLoc < frame.height || decoder.stream!.index > copy.length) throw badImage('a DICOM file that is cut short')
  const bytes = new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.byteLength)
  return asSamples(bytes, frame, decoded.BYTES_PER_ELEMENT)
}

async function jpegLs(data: Uint8Array, frame: FrameShape): Promise<SampleArray> {
  requireJpeg(data, frame)
  charls ??= import('@cornerstonejs/codec-charls/decodewasmjs').then(({ default: load }) => load(silent))
  const { JpegLSDecoder } = await charls
  try {
    return decodeWith(new JpegLSDecoder(), data, frame)
  } catch (error) {
    charls = undefined
    throw error
  }
}

async function jpeg2000(data: Uint8Array, frame: FrameShape): Promise<SampleArray> {
  requireJpeg2000(data, frame)
  openJpeg ??= import('@cornerstonejs/codec-openjpeg/decodewasmjs').then(({ default: load }) => load(silent))
  const { J2KDecoder } = await openJpeg
  try {
    return decodeWith(new J2KDecoder(), data, frame)
  } catch (error) {
    openJpeg = undefined
    throw error
  }
}

/** After an error the decoder's whole module is made anew: its memory may be full, or its state wrong. */
function decodeWith(decoder: WasmDecoder, data: Uint8Array, frame: FrameShape): SampleArray {
  decoder.getEncodedBuffer(data.length).set(data)
  decoder.decode()
  const { width, height, bitsPerSample } = decoder.getFrameInfo()
  requireShape(frame, width, height, 1)
  const samples = asSamples(decoder.getDecodedBuffer(), frame, bitsPerSample > 8 ? 2 : 1)
  decoder.delete()
  return samples
}

/** @param size bytes of a decoded value: a file may allot 16 bits to values of 8 */
function asSamples(decoded: Uint8Array, { width, height, sample }: FrameShape, size: number): SampleArray {
  const length = width * height
  if (decoded.length < length * size) throw badImage('a DICOM file that is cut short')
  return readSamples(decoded, size === 1 ? (sample.startsWith('s') ? 's8' : 'u8') : sample, length, true)
}
