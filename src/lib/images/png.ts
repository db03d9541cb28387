/**
 * Reads PNG files as scanners' software and image libraries mostly write them (8 or 16 bits a channel, no palette, not
 * interlaced), with Node's zlib. It takes half of a general reader's time: it never computes alpha, and it computes a
 * grey picture that is stored in color once, not three times.
 *
 * Format and filters: W3C, Portable Network Graphics (PNG) Specification, third edition, sections 5, 7 and 9.
 */
import { crc32, inflateSync } from 'node:zlib'
import { badImage, requirePixels } from './bad-image'

/** The picture as stored: grey, or red, green and blue. [height, width, channels], 8 or 16 bits a value. */
export interface PlainPicture {
  width: number
  height: number
  channels: 1 | 3
  data: Uint8Array | Uint16Array
}

/** A PNG file's chunks, whose checksums are right. */
export interface PngChunks {
  width: number
  height: number
  /** Bits of a channel, or of a palette's index: 1, 2, 4, 8 or 16. */
  depth: number
  /** 0 grey, 2 color, 3 palette, 4 grey and alpha, 6 color and alpha. */
  colorType: number
  interlaced: boolean
  /** The bits that the file says were significant before it was written (sBIT); absent where it does not say. */
  significantBits?: number
  /** Frames of an animation; 1 for a still picture. */
  frames: number
  transparency: boolean
  /** How many colors the palette has; 0 without a palette. */
  colors: number
  /** Whether the file has chunks that change how its numbers must be read. */
  special: boolean
  data: Buffer[]
}

const signature = Buffer.from('89504e470d0a1a0a', 'hex')
/** Channels by the header's color type: grey, color, grey and alpha, color and alpha. */
const channelsByType: Record<number, number> = { 0: 1, 2: 3, 4: 2, 6: 4 }

/**
 * Reads a plain PNG. Color profiles are not applied: the stored numbers count.
 * @returns null for a file with a palette, fewer than 8 bits, interlaced rows, or a rotation: a general reader reads it
 * @throws LabError 'bad-image' for a damaged or cut file, or one above the pixel limit
 */
export function readPlainPng(chunks: PngChunks): PlainPicture | null {
  const { width, height, depth, colorType, interlaced, special } = chunks
  const stored = channelsByType[colorType]
  if (special || depth < 8 || interlaced || !stored) return null
  const wide = depth === 16
  const step = stored * depth / 8
  const filtered = inflate(Buffer.concat(chunks.data), width * step + 1, height)
  const plane = (channel: number): Uint8Array | Uint16Array => {
    if (!wide) return unfilter(filtered, width, height, step, channel)
    const high = unfilter(filtered, width, height, step, 2 * channel)
    const low = unfilter(filtered, width, height, step, 2 * channel + 1)
    return Uint16Array.from(high, (value, i) => value << 8 | low[i])
  }
  const isGrey = stored < 3 || (!wide && channelsAreEqual(filtered, width, step))
  if (isGrey) return { width, height, channels: 1, data: plane(0) }
  const data = wide ? new Uint16Array(width * height * 3) : new Uint8Array(width * height * 3)
  for (const channel of [0, 1, 2]) plane(channel).forEach((value, i) => { data[i * 3 + channel] = value })
  return { width, height, channels: 3, data }
}

/**
 * Requires every pixel to have a color in the palette: the general reader makes others black. Files of fewer than 8
 * bits and interlaced ones are not looked at.
 * @throws LabError 'bad-image' for a pixel outside the palette, or a damaged or cut file
 */
export function requirePalette({ width, height, depth, colorType, interlaced, colors, data }: PngChunks): void {
  if (colorType !== 3 || depth !== 8 || interlaced || colors === 256) return
  const indices = unfilter(inflate(Buffer.concat(data), width + 1, height), width, height, 1, 0)
  if (indices.some(index => index >= colors)) throw badImage('a damaged PNG file: a pixel is outside the palette')
}

/** Reads a PNG file's chunks. @throws LabError 'bad-image' for a damaged or cut file, or one above the pixel limit */
export function readPngChunks(file: Uint8Array): PngChunks {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length)
  if (!bytes.subarray(0, 8).equals(signature)) throw badImage('bytes that are no PNG')
  let header: Omit<PngChunks, 'frames' | 'transparency' | 'colors' | 'special' | 'data'> | null = null
  const found = { frames: 1, transparency: false, colors: 0, special: false, data: [] as Buffer[] }
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 8 + bytes.readUInt32BE(at)
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (end + 4 > bytes.length) throw cutShort
    if (crc32(bytes.subarray(at + 4, end)) !== bytes.readUInt32BE(end))
      throw badImage(`a damaged PNG file: the checksum of a chunk ${JSON.stringify(type)} is wrong`)
    const content = bytes.subarray(at + 8, end)
    if (!header) {
      if (type !== 'IHDR') throw badImage('a damaged PNG file: it has no header')
      header = readHeader(content)
    } else if (type === 'IDAT') found.data.push(content)
    else if (type === 'IEND') return { ...header, ...found }
    else if (type === 'sBIT') header.significantBits = Math.max(...content.subarray(0, 4))
    else if (type === 'acTL' && content.length === 8) found.frames = content.readUInt32BE(0)
    else if (type === 'PLTE') found.colors = content.length / 3
    else if (type === 'tRNS') found.transparency = true
    // A capital letter marks a chunk that readers must understand; eXIf may rotate the picture.
    else if (type === 'eXIf' || /^[A-Z]/.test(type)) found.special = true
    at = end + 4
  }
  throw cutShort
}

const cutShort = badImage('a PNG file that is cut short')

function readHeader(content: Buffer): Pick<PngChunks, 'width' | 'height' | 'depth' | 'colorType' | 'interlaced'> {
  if (content.length !== 13) throw badImage('a damaged PNG file: its header has a wrong length')
  const [width, height] = [content.readUInt32BE(0), content.readUInt32BE(4)]
  requirePixels(width, height)
  return { width, height, depth: content[8], colorType: content[9], interlaced: content[12] !== 0 }
}

/** Rows of filtered bytes, each after a byte that names its filter. @throws LabError 'bad-image' for anything else */
function inflate(data: Buffer, line: number, height: number): Buffer {
  const length = line * height
  // Deflate makes at most 1,032 bytes of one: a short file must not claim the memory of a large picture.
  if (data.length * 1032 < length) throw cutShort
  let bytes: Buffer
  try {
    // One byte more than needed: zlib asks for a second buffer once the first is full.
    bytes = inflateSync(data, { chunkSize: Math.max(64, length + 1), maxOutputLength: length })
  } catch (error) {
    throw badImage(`a damaged or cut PNG file: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (bytes.length !== length) throw badImage(`a damaged or cut PNG file: ${bytes.length} bytes of ${length}`)
  for (let at = 0; at < length; at += line)
    if (!(bytes[at] in filters)) throw badImage(`a damaged PNG file: filter ${bytes[at]} of a row does not exist`)
  return bytes
}

/** Whether all channels are equal. A filter treats every channel alike, so channels are equal if their bytes are. */
function channelsAreEqual(filtered: Uint8Array, width: number, step: number): boolean {
  const line = width * step + 1
  for (let start = 1; start < filtered.length; start += line)
    for (let at = start, end = start + line - 1; at < end; at += step)
      if (filtered[at] !== filtered[at + 1] || filtered[at] !== filtered[at + 2]) return false
  return true
}

/** One channel without the rows' filters. */
function unfilter(filtered: Uint8Array, width: number, height: number, step: number, channel: number): Uint8Array {
  // Filters assume a row of zeros above the first row.
  const out = new Uint8Array((height + 1) * width)
  for (let y = 0, from = 0; y < height; y++, from += width * step + 1) {
    const restore = filters[filtered[from]]
    restore(out, (y + 1) * width, width, filtered, from + 1 + channel, step)
  }
  return out.subarray(width)
}

/** Writes a row of `width` bytes at `to`, below the row above it, from filtered bytes `step` apart. */
type Filter = (out: Uint8Array, to: number, width: number, filtered: Uint8Array, from: number, step: number) => void

const none: Filter = (out, to, width, filtered, from, step) => {
  for (let end = to + width; to < end; to++, from += step) out[to] = filtered[from]
}

const sub: Filter = (out, to, width, filtered, from, step) => {
  let left = 0
  for (let end = to + width; to < end; to++, from += step) left = out[to] = (filtered[from] + left) & 255
}

const up: Filter = (out, to, width, filtered, from, step) => {
  for (let end = to + width; to < end; to++, from += step) out[to] = filtered[from] + out[to - width]
}

const average: Filter = (out, to, width, filtered, from, step) => {
  let left = 0
  for (let end = to + width; to < end; to++, from += step)
    left = out[to] = (filtered[from] + ((left + out[to - width]) >> 1)) & 255
}

/**
 * Left, above or corner, whichever is nearest to left + above − corner; the first of them in a tie (Alan Paeth).
 * Most rows of most files use this filter, and no branch predictor guesses which neighbor is nearest: without branches
 * the filter takes two thirds of the time. A negative number shifted right by 31 is all ones, any other is all zeros.
 */
const paeth: Filter = (out, to, width, filtered, from, step) => {
  let left = 0
  let corner = 0
  for (let end = to + width; to < end; to++, from += step) {
    const above = out[to - width]
    const toLeft = absolute(above - corner)
    const toAbove = absolute(left - corner)
    const toCorner = absolute(above - corner + left - corner)
    const cornerWins = (toCorner - toAbove) >> 31
    const second = above ^ ((above ^ corner) & cornerWins)
    const toSecond = toAbove ^ ((toAbove ^ toCorner) & cornerWins)
    const secondWins = (toSecond - toLeft) >> 31
    const predicted = left ^ ((left ^ second) & secondWins)
    left = out[to] = (filtered[from] + predicted) & 255
    corner = above
  }
}

function absolute(value: number): number {
  const sign = value >> 31
  return (value ^ sign) - sign
}

const filters: readonly Filter[] = [none, sub, up, average, paeth]
