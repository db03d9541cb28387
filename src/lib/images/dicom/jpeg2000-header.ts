/**
 * The headers of JPEG 2000 data in DICOM files, checked before anything is decoded: the decoder takes memory for every
 * tile, block and packet that they claim, and decodes data that is cut short without a word. Rec. ITU-T T.800, annex A.
 */
import { badImage } from '../bad-image'
import { requireShape, type FrameShape } from './frame-shape'

const marker = { style: 0xff52, componentStyle: 0xff53, tile: 0xff90, data: 0xff93, end: 0xffd9 }
/** Tiles, blocks of a tile's coefficients, and packets of all tiles: more than files of 64 million pixels need. */
const most = { tiles: 1024, blocks: 300_000, packets: 300_000 }

interface Size { width: number; height: number; tiles: number; tileWidth: number; tileHeight: number }

/** @throws LabError 'bad-image' for another shape, cut data, or more tiles, blocks and packets than needed */
export function requireJpeg2000(data: Uint8Array, frame: FrameShape): void {
  const view = Buffer.from(data.buffer, data.byteOffset, data.length)
  const start = view.indexOf(Buffer.of(0xff, 0x4f, 0xff, 0x51))
  if (start < 0 || start + 42 > view.length) throw damaged('no JPEG 2000 header')
  const size = readSize(view, start + 2, frame)
  try {
    requireTiles(view, start, size)
  } catch (error) {
    // A Buffer throws RangeError where a number lies behind its end.
    throw error instanceof RangeError ? damaged('JPEG 2000 that is cut short') : error
  }
}

function readSize(view: Buffer, at: number, frame: FrameShape): Size {
  const [right, lower, left, upper, tileWidth, tileHeight, tileLeft, tileUpper] =
    Array.from({ length: 8 }, (_, i) => view.readUInt32BE(at + 6 + 4 * i))
  const width = right - left, height = lower - upper
  requireShape(frame, width, height, view.readUInt16BE(at + 38))
  const tiles = Math.ceil((right - tileLeft) / tileWidth) * Math.ceil((lower - tileUpper) / tileHeight)
  if (!(tiles >= 1 && tiles <= most.tiles)) throw damaged(`JPEG 2000 with ${tiles} tiles`)
  return { width, height, tiles, tileWidth: Math.min(tileWidth, width), tileHeight: Math.min(tileHeight, height) }
}

/** Walks through the headers of image and tiles: every tile must be there, to its last byte. */
function requireTiles(view: Buffer, start: number, size: Size): void {
  const found = new Set<number>()
  let at = readHeader(view, start + 2, size)
  while (view.readUInt16BE(at) === marker.tile) {
    found.add(view.readUInt16BE(at + 4))
    readHeader(view, at + 12, size)
    const length = view.readUInt32BE(at + 6), next = length === 0 ? lastMarker(view) : at + length
    if (next < at + 14) throw damaged('JPEG 2000 whose tiles do not follow one another')
    at = next
  }
  if (view.readUInt16BE(at) !== marker.end || found.size !== size.tiles) throw damaged('JPEG 2000 that is cut short')
}

/** Where the data ends; DICOM fills up to an even length. */
function lastMarker(view: Buffer): number {
  const end = view.length - (view[view.length - 1] === 0 ? 3 : 2)
  if (view.readUInt16BE(end) !== marker.end) throw damaged('JPEG 2000 that is cut short')
  return end
}

/** Walks through the segments of a header. @returns where the header's tile begins, or its data */
function readHeader(view: Buffer, from: number, size: Size): number {
  for (let at = from; ;) {
    const kind = view.readUInt16BE(at)
    if (kind === marker.tile || kind === marker.data || kind === marker.end) return at
    if (kind === marker.style) requireBlocks(view, at + 4, view.readUInt16BE(at + 6), at + 9, size)
    // One component's own style has no number of layers: those of the image count.
    if (kind === marker.componentStyle) requireBlocks(view, at + 5, 1, at + 6, size)
    at += 2 + view.readUInt16BE(at + 2)
  }
}

/**
 * Checks a coding style.
 * @param style where the byte is that says whether sizes of precincts follow
 * @param at where the number of resolutions is, and behind it the sizes of blocks and precincts
 */
function requireBlocks(view: Buffer, style: number, layers: number, at: number, size: Size): void {
  const levels = view[at]
  if (!(levels <= 32)) throw damaged(`JPEG 2000 with ${levels} resolutions`)
  const { tileWidth, tileHeight, tiles } = size
  const area = 2 ** ((view[at + 1] & 15) + 2) * 2 ** ((view[at + 2] & 15) + 2)
  let precincts = 0
  for (let level = 0; level <= levels; level++) {
    const exponents = view[style] & 1 ? view[at + 5 + level] : 0xff, scale = 2 ** (levels - level)
    const count = (length: number, exponent: number) => Math.ceil(length / scale / 2 ** exponent)
    precincts += count(tileWidth, exponents & 15) * count(tileHeight, exponents >> 4)
  }
  const blocks = tileWidth * tileHeight / area + 3 * precincts, packets = tiles * layers * precincts
  if (!(blocks * tiles <= most.blocks && packets <= most.packets))
    throw damaged(`JPEG 2000 with ${Math.ceil(blocks * tiles)} blocks and ${packets} packets`)
}

function damaged(what: string): Error {
  return badImage(`a DICOM file with damaged data: ${what}`)
}
