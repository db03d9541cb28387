/** Reads the header of DICOM files: what their pixels are, and how they are shown. */
import { sha256 } from '../../system/hash'
import { badImage, requirePixels } from '../bad-image'
import type { SampleType } from '../sample'
import type { Display, ImageFacts } from '../stored-image'
import { isCompressed } from './codecs'
import { joinFragments, parseDicom, type DataSet } from './data-set'
import { readDisplay } from './display'
import { viewOf } from './view'

/** A DICOM file, read up to its pixels. */
export interface DicomHeader {
  facts: ImageFacts
  transferSyntax: string
  littleEndian: boolean
  /** Bits of a value that are used, and the highest of them. */
  bitsStored: number
  highBit: number
  slope: number
  intercept: number
  inverted: boolean
  display?: Display
  /** The stored pixels: raw bytes, or one compressed frame. */
  pixels(): Promise<Uint8Array>
}

const uncompressed = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.2']
const radiography = ['CR', 'DX', 'RG', 'XR', 'DR']

/** Reads a header. @throws LabError 'bad-image' for damaged files, and for kinds that are not read */
export async function readDicomHeader(bytes: Uint8Array): Promise<DicomHeader> {
  const data = await parseDicom(bytes)
  const transferSyntax = data.string('x00020010') ?? ''
  if (!uncompressed.includes(transferSyntax) && !isCompressed(transferSyntax))
    throw badImage(`a DICOM file with a compression that is not read: ${transferSyntax || 'none named'}`)
  return { ...describe(data), transferSyntax, pixels: () => pixelsOf(data, transferSyntax) }
}

function describe(data: DataSet): Omit<DicomHeader, 'transferSyntax' | 'pixels'> {
  const height = data.uint16('x00280010') ?? 0, width = data.uint16('x00280011') ?? 0
  if (!data.elements.x7fe00010)
    throw badImage(data.elements.x7fe00008 || data.elements.x7fe00009
      ? 'a DICOM file with floating-point pixels, which is not read' : 'a DICOM file without an image')
  requirePixels(width, height)
  const photometric = data.string('x00280004') ?? ''
  if (!/^MONOCHROME[12]$/.test(photometric))
    throw badImage(`a DICOM file in color, which is not read: ${photometric || 'no photometric interpretation'}`)
  const samplesPerPixel = data.uint16('x00280002') ?? 1
  if (samplesPerPixel !== 1) throw badImage(`a damaged DICOM file: ${samplesPerPixel} grey values a pixel`)
  if (data.elements.x00283000) throw badImage('a DICOM file whose values go through a table (Modality LUT), which is not read')
  const bitsAllocated = data.uint16('x00280100') ?? 0, bitsStored = data.uint16('x00280101') ?? bitsAllocated
  const highBit = data.uint16('x00280102') ?? bitsStored - 1
  if (![8, 16].includes(bitsAllocated) || bitsStored < 1 || bitsStored > highBit + 1 || highBit >= bitsAllocated)
    throw badImage(`a DICOM file with ${bitsStored} bits of ${bitsAllocated}, which is not read`)
  const signed = data.uint16('x00280103') === 1
  const sample = `${signed ? 's' : 'u'}${bitsAllocated}` as SampleType
  const slope = number(data, 'x00281053') ?? 1, intercept = number(data, 'x00281052') ?? 0
  if (slope === 0) throw badImage('a damaged DICOM file: its values are all multiplied by 0')
  const modality = data.string('x00080060') ?? ''
  const inverted = photometric === 'MONOCHROME1'
  const range = storedRange(bitsStored, signed).map(value => slope * value + intercept)
  const display = modality === 'CT' ? undefined : readDisplay(data, signed)
    ?? ({ kind: 'range', low: Math.min(...range), high: Math.max(...range) } as const)
  const isPlain = slope === 1 && intercept === 0 && sample === 'u16'
  const facts: ImageFacts = {
    format: 'dicom', width, height, channels: 1, color: 'grey', sample,
    pages: framesOf(data), ...identity(data),
    values: valuesOf(modality, data.elements.x00281052 !== undefined, display, isPlain),
    bits: bitsStored,
    ...(modality === 'CT' ? { modality: 'CT', ...viewOf(data) } : radiography.includes(modality) ? { modality: 'X-ray' } : {}),
  }
  return {
    facts, bitsStored, highBit, slope, intercept, display,
    littleEndian: data.string('x00020010') !== '1.2.840.10008.1.2.2',
    // CT numbers mean the same whatever the file asks a screen to do.
    inverted: inverted && modality !== 'CT',
  }
}

function framesOf(data: DataSet): number {
  const frames = Number(data.string('x00280008') ?? 1)
  if (!(Number.isInteger(frames) && frames >= 1)) throw badImage('a damaged DICOM file: its number of frames is none')
  return frames
}

/** Radiographs that say nothing about how they are shown are plain counts, whose range the whole set decides. */
function valuesOf(modality: string, rescaled: boolean, display: Display | undefined, plain: boolean): ImageFacts['values'] {
  if (modality === 'CT') return rescaled ? 'CT numbers' : 'numbers'
  return display?.kind === 'range' && plain ? 'counts' : 'radiograph'
}

function storedRange(bits: number, signed: boolean): [number, number] {
  return signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1]
}

/** Words that stand in place of a patient's number once it has been removed. */
const noPatient = /^(anon(ym(ous|i[sz]ed)?)?|unknown|none|null|n\/?a|nil|removed|deleted|x+|-+)$/i

/** Patient and study, as hashes: who they are is never shown. */
function identity(data: DataSet): Pick<ImageFacts, 'patient' | 'study'> {
  const hashed = (kind: string, text: string | undefined) =>
    (text ? { [kind]: sha256(`DICOM ${kind} ${text}`).slice(0, 12) } : {})
  const patient = data.string('x00100020')?.trim()
  return {
    ...hashed('patient', patient && !noPatient.test(patient) ? patient : undefined),
    ...hashed('study', data.string('x0020000d')?.trim()),
  }
}

/** One number. A decimal comma or a second number would be passed over without a word. */
function number(data: DataSet, tag: string): number | undefined {
  const text = data.string(tag)?.trim()
  if (!text) return undefined
  const value = /^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(text) ? Number(text) : NaN
  if (!Number.isFinite(value)) throw badImage('a damaged DICOM file: a number is none')
  return value
}

async function pixelsOf(data: DataSet, transferSyntax: string): Promise<Uint8Array> {
  const element = data.elements.x7fe00010
  return isCompressed(transferSyntax)
    ? joinFragments(data, element)
    : data.byteArray.subarray(element.dataOffset, element.dataOffset + element.length)
}
