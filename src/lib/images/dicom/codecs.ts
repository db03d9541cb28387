/** Decoders of the compressions in DICOM files. The library's only import of them; each is loaded when it is needed. */
import { badImage } from '../bad-image'
import { decodeBytes } from '../sharp-reader'
import { readSamples, type SampleArray, type SampleType } from '../sample'
import { decodeRunLengths } from './run-lengths'

/** What a compressed frame must hold. */
export interface FrameShape {
  width: number
  height: number
  sample: SampleType
}

/** Codecs report every step of their work on standard output, unless they are silenced. */
const silent = { print() {}, printErr() {} }
let charls: ReturnType<typeof import('@cornerstonejs/codec-charls/decodewasmjs').default> | undefined
let openJpeg: ReturnType<typeof import('@cornerstonejs/codec-openjpeg/decodewasmjs').default> | undefined

type Codec = (data: Uint8Array, frame: FrameShape) => Promise<SampleArray>

/** Compressions by the identifiers of transfer syntaxes (DICOM PS3.5, annex A.4). */
const codecs: Record<string, { name: string; decode: Codec }> = {
  '1.2.840.10008.1.2.4.50': { name: 'JPEG', decode: baseline },
  '1.2.840.10008.1.2.4.51': { name: 'JPEG', decode: baseline },
  '1.2.840.10008.1.2.4.57': { name: 'lossless JPEG', decode: losslessJpeg },
  '1.2.840.10008.1.2.4.70': { name: 'lossless JPEG', decode: losslessJpeg },
  '1.2.840.10008.1.2.4.80': { name: 'JPEG-LS', decode: jpegLs },
  '1.2.840.10008.1.2.4.81': { name: 'JPEG-LS', decode: jpegLs },
  '1.2.840.10008.1.2.4.90': { name: 'JPEG 2000', decode: jpeg2000 },
  '1.2.840.10008.1.2.4.91': { name: 'JPEG 2000', decode: jpeg2000 },
  '1.2.840.10008.1.2.5': { name: 'run lengths', decode: async (data, frame) => decodeRunLengths(data, frame) },
}

/** Whether a transfer syntax is a compression that is read. */
export function isCompressed(transferSyntax: string): boolean {
  return transferSyntax in codecs
}

/**
 * Decodes a compressed frame of grey values.
 * @throws LabError 'bad-image' for damaged data, or a frame of another size than the file's header says
 */
export async function decodeFrame(data: Uint8Array, transferSyntax: string, frame: FrameShape): Promise<SampleArray> {
  const { name, decode } = codecs[transferSyntax]
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
  const decoded = new Decoder().decode(copy.buffer, 0, copy.length)
  const bytes = new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.byteLength)
  return asSamples(bytes, frame, decoded.BYTES_PER_ELEMENT)
}

async function jpegLs(data: Uint8Array, frame: FrameShape): Promise<SampleArray> {
  requireJpeg(data, frame)
  charls ??= import('@cornerstonejs/codec-charls/decodewasmjs').then(({ default: load }) => load(silent))
  const decoder = new (await charls).JpegLSDecoder()
  try {
    decoder.getEncodedBuffer(data.length).set(data)
    decoder.decode()
    return asSamples(decoder.getDecodedBuffer(), frame, decoder.getFrameInfo().bitsPerSample > 8 ? 2 : 1)
  } finally {
    decoder.delete()
  }
}

async function jpeg2000(data: Uint8Array, frame: FrameShape): Promise<SampleArray> {
  requireJpeg2000(data, frame)
  openJpeg ??= import('@cornerstonejs/codec-openjpeg/decodewasmjs').then(({ default: load }) => load(silent))
  const decoder = new (await openJpeg).J2KDecoder()
  try {
    decoder.getEncodedBuffer(data.length).set(data)
    decoder.decode()
    return asSamples(decoder.getDecodedBuffer(), frame, decoder.getFrameInfo().bitsPerSample > 8 ? 2 : 1)
  } finally {
    decoder.delete()
  }
}

/** @param size bytes of a decoded value: a file may allot 16 bits to values of 8 */
function asSamples(decoded: Uint8Array, { width, height, sample }: FrameShape, size: number): SampleArray {
  const length = width * height
  if (decoded.length < length * size) throw badImage('a DICOM file that is cut short')
  return readSamples(decoded, size === 1 ? (sample.startsWith('s') ? 's8' : 'u8') : sample, length, true)
}

/** Checks the header of JPEG or JPEG-LS data before anything is decoded. */
function requireJpeg(data: Uint8Array, frame: FrameShape): { precision: number } {
  for (let at = 2; at + 9 < data.length && data[at] === 0xff;) {
    const marker = data[at + 1]
    if (marker === 0xff) {
      at++
      continue
    }
    const isFrame = (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7
    if (isFrame) {
      requireShape(frame, data[at + 7] << 8 | data[at + 8], data[at + 5] << 8 | data[at + 6], data[at + 9])
      return { precision: data[at + 4] }
    }
    at += 2 + (data[at + 2] << 8 | data[at + 3])
  }
  throw badImage('a DICOM file with damaged data: no JPEG header')
}

/** Checks the header of JPEG 2000 data before anything is decoded: the marker of image and tile size. */
function requireJpeg2000(data: Uint8Array, frame: FrameShape): void {
  const view = Buffer.from(data.buffer, data.byteOffset, data.length)
  const start = view.indexOf(Buffer.of(0xff, 0x4f, 0xff, 0x51))
  if (start < 0 || start + 42 > view.length) throw badImage('a DICOM file with damaged data: no JPEG 2000 header')
  const at = (offset: number) => view.readUInt32BE(start + offset)
  requireShape(frame, at(8) - at(16), at(12) - at(20), view.readUInt16BE(start + 40))
}

function requireShape(frame: FrameShape, width: number, height: number, channels: number): void {
  if (width !== frame.width || height !== frame.height || channels !== 1)
    throw badImage(`a DICOM file with damaged data: ${frame.width} × ${frame.height} in its header, `
      + `${width} × ${height} with ${channels} channels in its data`)
}
