/**
 * Reads PNG files as scanners' software and image libraries mostly write them (8 bits a channel, no palette, not
 * interlaced), with Node's zlib. It takes half of a general reader's time: it never computes alpha, and it computes a
 * grey picture that is stored in color once, not three times.
 *
 * Format and filters: W3C, Portable Network Graphics (PNG) Specification, third edition, sections 5, 7 and 9.
 */
import { crc32, inflateSync } from 'node:zlib'

/** The picture as stored: grey, or red, green and blue. [height, width, channels], values 0 to 255. */
export interface PlainPicture {
  width: number
  height: number
  channels: 1 | 3
  data: Uint8Array
}

const signature = Buffer.from('89504e470d0a1a0a', 'hex')
/** Bytes of a pixel by the header's color type: grey, color, grey and alpha, color and alpha. */
const bytesPerPixel: Record<number, number> = { 0: 1, 2: 3, 4: 2, 6: 4 }

/**
 * Reads a plain PNG. Color profiles are not applied: the stored numbers count.
 * @param maximumPixels the largest picture that is read
 * @returns null for any other file, a damaged one included: a general reader then names the fault
 */
export function readPlainPng(file: Uint8Array, maximumPixels: number): PlainPicture | null {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length)
  const chunks = readChunks(bytes)
  if (!chunks) return null
  const [width, height] = [chunks.header.readUInt32BE(0), chunks.header.readUInt32BE(4)]
  const [depth, colorType, , , interlaced] = chunks.header.subarray(8)
  const step = bytesPerPixel[colorType]
  if (depth !== 8 || interlaced || !step || width * height > maximumPixels) return null
  const filtered = inflate(Buffer.concat(chunks.data), width * step + 1, height)
  if (!filtered) return null
  const plane = (channel: number) => unfilter(filtered, width, height, step, channel)
  if (step < 3 || channelsAreEqual(filtered, width, step)) return { width, height, channels: 1, data: plane(0) }
  const data = new Uint8Array(width * height * 3)
  for (const channel of [0, 1, 2]) plane(channel).forEach((value, i) => { data[i * 3 + channel] = value })
  return { width, height, channels: 3, data }
}

/** Header and compressed data; null where a chunk is damaged, or changes how the numbers must be read. */
function readChunks(bytes: Buffer): { header: Buffer; data: Buffer[] } | null {
  if (!bytes.subarray(0, 8).equals(signature)) return null
  let header: Buffer | null = null
  const data: Buffer[] = []
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 8 + bytes.readUInt32BE(at)
    if (end + 4 > bytes.length || crc32(bytes.subarray(at + 4, end)) !== bytes.readUInt32BE(end)) return null
    const type = bytes.toString('latin1', at + 4, at + 8)
    const content = bytes.subarray(at + 8, end)
    if (type === 'IHDR' && content.length === 13) header = content
    else if (type === 'IDAT') data.push(content)
    else if (type === 'IEND') return header && { header, data }
    // A capital letter marks a chunk that readers must understand; eXIf may rotate the picture.
    else if (type === 'eXIf' || (type !== 'PLTE' && /^[A-Z]/.test(type))) return null
    at = end + 4
  }
  return null
}

/** Rows of filtered bytes, each after a byte that names its filter; null where the data is anything else. */
function inflate(data: Buffer, line: number, height: number): Buffer | null {
  const length = line * height
  try {
    // One byte more than needed: zlib asks for a second buffer once the first is full.
    const bytes = inflateSync(data, { chunkSize: Math.max(64, length + 1), maxOutputLength: length })
    const known = Array.from({ length: height }, (_, y) => bytes[y * line] in filters)
    return bytes.length === length && known.every(Boolean) ? bytes : null
  } catch {
    return null
  }
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
