/**
 * A TIFF file's directory: what its pixels are, and where. Adobe Systems: TIFF, revision 6.0, 1992.
 */
import { badImage, requireModest, requirePixels } from '../bad-image'
import type { SampleType } from '../sample'

/** One page of a TIFF file. */
export interface TiffPage {
  littleEndian: boolean
  width: number
  height: number
  samplesPerPixel: number
  bitsPerSample: number
  sample: SampleType | null
  compression: number
  /** 0 white is zero, 1 black is zero, 2 RGB, 3 palette, 5 CMYK, 6 YCbCr, … */
  photometric: number
  predictor: number
  planar: boolean
  orientation: number
  fillOrder: number
  /** Strips, or tiles where the page has tiles: [offset, byte count]. */
  pieces: readonly (readonly [number, number])[]
  /** Width and height of a strip or tile in pixels. */
  pieceWidth: number
  pieceHeight: number
  tiled: boolean
  /** The greatest value, as the file says it; absent where the file does not. */
  maximum?: number
}

/** Bytes of a value by its type: bytes, text, short, long, rational, …, float, double. */
const sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8]
/** Entries of all directories together: enough for ten thousand pages. */
const mostEntries = 300_000
/** Values of one entry: strips of the largest image, one a row. */
const mostValues = 1_000_000

/**
 * Reads the first page, and counts the pages: pictures in full size, without thumbnails and masks.
 * @throws LabError 'bad-image' for a damaged directory
 */
export function readTiffDirectory(bytes: Uint8Array): { page: TiffPage; pages: number } {
  try {
    return readPages(bytes)
  } catch (error) {
    // A DataView throws RangeError where a number lies outside the file.
    if (error instanceof RangeError) throw badImage('a TIFF file that is cut short or damaged')
    throw error
  }
}

function readPages(bytes: Uint8Array): { page: TiffPage; pages: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const littleEndian = view.getUint16(0) === 0x4949
  let page: TiffPage | null = null
  let pages = 0
  let at = view.getUint32(4, littleEndian)
  const directories = new Set<number>()
  let seen = 0
  while (at !== 0) {
    const length = view.getUint16(at, littleEndian)
    seen += length
    if (directories.has(at) || seen > mostEntries) throw badImage('a damaged TIFF file: its pages never end')
    directories.add(at)
    const entries = new Map<number, Entry>()
    for (let i = 0; i < length; i++) {
      const entry = at + 2 + 12 * i
      entries.set(view.getUint16(entry, littleEndian), { view, entry, littleEndian })
    }
    const kind = first(entries, 254) ?? 0
    // Bit 0 marks a smaller copy of another page, bit 2 a mask.
    if (!(kind & 5)) {
      pages++
      page ??= pageOf(entries, littleEndian)
      if (pages === 1 && page.tiled) requireModest(bytesOfTiles(page), bytes.length)
    }
    at = view.getUint32(at + 2 + 12 * length, littleEndian)
  }
  if (!page) throw badImage('a TIFF file without a page')
  return { page, pages }
}

interface Entry {
  view: DataView
  entry: number
  littleEndian: boolean
}

function values(entries: ReadonlyMap<number, Entry>, tag: number): number[] {
  const found = entries.get(tag)
  if (!found) return []
  const { view, entry, littleEndian } = found
  const type = view.getUint16(entry + 2, littleEndian), count = view.getUint32(entry + 4, littleEndian)
  const size = sizes[type] ?? 0
  if (size === 0 || count > mostValues) return []
  const start = size * count > 4 ? view.getUint32(entry + 8, littleEndian) : entry + 8
  const read: Record<number, (at: number) => number> = {
    1: at => view.getUint8(at), 3: at => view.getUint16(at, littleEndian), 4: at => view.getUint32(at, littleEndian),
    6: at => view.getInt8(at), 8: at => view.getInt16(at, littleEndian), 9: at => view.getInt32(at, littleEndian),
    11: at => view.getFloat32(at, littleEndian), 12: at => view.getFloat64(at, littleEndian),
  }
  const reader = read[type]
  return reader ? Array.from({ length: count }, (_, i) => reader(start + size * i)) : []
}

function first(entries: ReadonlyMap<number, Entry>, tag: number): number | undefined {
  return values(entries, tag)[0]
}

function pageOf(entries: ReadonlyMap<number, Entry>, littleEndian: boolean): TiffPage {
  const width = first(entries, 256) ?? 0, height = first(entries, 257) ?? 0
  requirePixels(width, height)
  const bits = values(entries, 258)
  const formats = values(entries, 339)
  const bitsPerSample = bits[0] ?? 1
  const uniform = bits.every(value => value === bitsPerSample) && formats.every(value => value === formats[0])
  const tiled = entries.has(322)
  const offsets = values(entries, tiled ? 324 : 273), counts = values(entries, tiled ? 325 : 279)
  const maximum = first(entries, 341) ?? first(entries, 281)
  return {
    littleEndian, width, height, bitsPerSample, tiled,
    samplesPerPixel: first(entries, 277) ?? 1,
    sample: uniform ? sampleType(formats[0] ?? 1, bitsPerSample) : null,
    compression: first(entries, 259) ?? 1,
    photometric: first(entries, 262) ?? 1,
    predictor: first(entries, 317) ?? 1,
    planar: first(entries, 284) === 2,
    orientation: first(entries, 274) ?? 1,
    fillOrder: first(entries, 266) ?? 1,
    pieces: offsets.map((offset, i) => [offset, counts[i] ?? 0] as const),
    pieceWidth: tiled ? first(entries, 322) ?? 0 : width,
    pieceHeight: tiled ? first(entries, 323) ?? 0 : Math.min(height, first(entries, 278) ?? height),
    ...(maximum === undefined ? {} : { maximum }),
  }
}

/** What all tiles unpack to: those at an image's edge are as large as the others. */
function bytesOfTiles({ width, height, pieceWidth, pieceHeight, samplesPerPixel, bitsPerSample }: TiffPage): number {
  const across = Math.ceil(width / pieceWidth) * pieceWidth, down = Math.ceil(height / pieceHeight) * pieceHeight
  return across * down * samplesPerPixel * bitsPerSample / 8
}

function sampleType(format: number, bits: number): SampleType | null {
  const letter = { 1: 'u', 2: 's', 3: 'f' }[format]
  const type = `${letter}${bits}`
  return ['u8', 's8', 'u16', 's16', 'u32', 's32', 'f32', 'f64'].includes(type) ? type as SampleType : null
}
