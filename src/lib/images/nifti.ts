/**
 * NIfTI volumes, whose slices are images as radiologists look at them: the patient's right on the left, the front
 * above. The library's only import of nifti-reader-js. Format: NIfTI-1 and NIfTI-2, https://nifti.nimh.nih.gov.
 */
import { constants, gunzipSync } from 'node:zlib'
import type { NIFTI1, NIFTI2 } from 'nifti-reader-js'
import { badImage, requireModest, requirePixels } from './bad-image'
import { bytesPerSample, makeSamples, readSamples, type SampleArray, type SampleType } from './sample'
import type { ImageFacts, StoredImage } from './stored-image'

/** A volume, inflated, and how its slices are cut. */
export interface NiftiVolume {
  facts: ImageFacts
  bytes: Uint8Array
  start: number
  littleEndian: boolean
  slope: number
  intercept: number
  /** Steps in the file, in samples: to the next column, to the next row, and to the image's first pixel. */
  column: number
  row: number
  corner: number
}

/** Bytes of the largest volume once it is inflated. */
const inflatedLimit = 1024 ** 3
/** Masks of lungs pack to less than a hundredth; 600 slices of 512 × 512 two-byte numbers fit into these bytes. */
const maskLimit = 320 * 1024 ** 2
/** No gzip archive unpacks to more times its size. */
const deflateRatio = 1032
/** Bytes of a compressed file that hold its header, and how many may lie behind the volume. */
const compressedStart = 4096, mostBehind = 1024 ** 2
/** Sample types by the header's codes. */
const types: Record<number, SampleType> = {
  2: 'u8', 256: 's8', 512: 'u16', 4: 's16', 768: 'u32', 8: 's32', 16: 'f32', 64: 'f64',
}

/** Reads a volume's header, inflating the file where it is compressed. @throws LabError 'bad-image' */
export async function readNifti(file: Uint8Array): Promise<NiftiVolume> {
  const nifti = await import('nifti-reader-js')
  let header: NIFTI1 | NIFTI2 | null = null
  try {
    const head = Uint8Array.from(startOf(file).subarray(0, 1024)).buffer
    if (nifti.isNIFTI(head)) header = nifti.readHeader(head)
  } catch {
    header = null
  }
  if (!header) throw badImage('a gzip archive or NIfTI file that holds no NIfTI volume')
  return volumeOf(header, file)
}

/** Reads one slice, counted from 1, or all of them one after another. @throws LabError 'bad-image' */
export function readNiftiSlices(volume: NiftiVolume, slice?: number): StoredImage {
  const { facts, bytes, start, littleEndian, slope, intercept, column, row, corner } = volume
  const { width, height, pages, sample } = facts
  if (slice !== undefined && !(slice >= 1 && slice <= pages))
    throw badImage(`a volume of ${pages} slices: no slice ${slice}`)
  const area = width * height, size = bytesPerSample(sample)
  const first = slice === undefined ? 0 : slice - 1, count = slice === undefined ? pages : 1
  const stored = readSamples(bytes.subarray(start + first * area * size), sample, count * area, littleEndian)
  const samples: SampleArray = makeSamples(sample, count * area)
  let to = 0
  for (let z = 0; z < count; z++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) samples[to++] = stored[z * area + corner + y * row + x * column]
  return { facts, width, height, channels: 1, samples, slope, intercept }
}

function volumeOf(header: NIFTI1 | NIFTI2, file: Uint8Array): NiftiVolume {
  const [count, columns, rows, slices, ...others] = header.dims
  if (count < 2 || count > 7 || others.slice(0, Math.max(0, count - 3)).some(length => length > 1))
    throw badImage(`a NIfTI file with ${count} dimensions, which is not read: ${header.dims.slice(1, count + 1).join(' × ')}`)
  const pages = count > 2 ? slices : 1
  requirePixels(columns, rows)
  const sample = types[header.datatypeCode]
  if (!sample) throw badImage(`a NIfTI file with numbers that are not read: type ${header.datatypeCode}`)
  const slice = columns * rows * bytesPerSample(sample)
  const start = header.vox_offset, end = start + pages * slice
  if (!(Number.isInteger(start) && start >= 348)) throw badImage('a damaged NIfTI file: its numbers begin nowhere')
  const bytes = inflated(file, end, slice)
  if (!(pages >= 1 && end <= bytes.length)) throw badImage('a NIfTI file that is cut short')
  const scaled = Number.isFinite(header.scl_slope) && header.scl_slope !== 0
  const slope = scaled ? header.scl_slope : 1, intercept = scaled ? header.scl_inter : 0
  if (!Number.isFinite(intercept)) throw badImage('a damaged NIfTI file: what is added to its values is no number')
  const plain = slope === 1 && intercept === 0
  const steps = stepsOf(header, columns, rows)
  const facts: ImageFacts = {
    format: 'nifti', width: steps.width, height: steps.height, channels: 1, color: 'grey', sample, pages,
    values: plain && sample === 'u8' ? 'grey levels' : plain && sample === 'u16' ? 'counts' : 'numbers',
  }
  return { facts, bytes, start, littleEndian: header.littleEndian, slope, intercept, ...steps }
}

/** How slices are turned: the affine says in which direction each axis of the file goes (right, front, head). */
function stepsOf({ affine, qform_code: qform, sform_code: sform }: NIFTI1 | NIFTI2, columns: number, rows: number) {
  const known = qform > 0 || sform > 0
  const direction = (axis: number) => [0, 1, 2].map(to => (known ? affine[to][axis] : Number(to === axis)))
  const main = (axis: number) => {
    const lengths = direction(axis).map(Math.abs)
    return lengths.indexOf(Math.max(...lengths))
  }
  if (main(2) !== 2 || main(0) === main(1))
    throw badImage('a NIfTI volume whose slices do not lie across the body, which is not read')
  const swapped = main(0) === 1
  const [width, height] = swapped ? [rows, columns] : [columns, rows]
  const [column, row] = swapped ? [columns, 1] : [1, columns]
  // Steps towards the patient's left and back are wanted; the affine counts right and front as positive.
  const flipX = direction(swapped ? 1 : 0)[0] > 0, flipY = direction(swapped ? 0 : 1)[1] > 0
  return {
    width, height, column: flipX ? -column : column, row: flipY ? -row : row,
    corner: (flipX ? (width - 1) * column : 0) + (flipY ? (height - 1) * row : 0),
  }
}

function isCompressed(file: Uint8Array): boolean {
  return file[0] === 0x1f && file[1] === 0x8b
}

/** The first bytes of a file, inflated where it is compressed. */
function startOf(file: Uint8Array): Uint8Array {
  if (!isCompressed(file)) return file
  try {
    return gunzipSync(file.subarray(0, compressedStart), { finishFlush: constants.Z_SYNC_FLUSH })
  } catch {
    throw badImage('a gzip archive that is damaged or cut short')
  }
}

/**
 * A whole file, inflated where it is compressed.
 * @param length the bytes that its header asks for
 * @param slice how many of them each slice has
 */
function inflated(file: Uint8Array, length: number, slice: number): Uint8Array {
  if (!isCompressed(file)) return file
  requireModest(length > Math.min(maskLimit, deflateRatio * file.length) ? length : slice, file.length)
  if (length > inflatedLimit) throw badImage(`a NIfTI volume above ${inflatedLimit} bytes`)
  try {
    return gunzipSync(file, { maxOutputLength: length + mostBehind, chunkSize: length + 64 })
  } catch {
    throw badImage('a gzip archive that is damaged, cut short or longer than its header says')
  }
}
