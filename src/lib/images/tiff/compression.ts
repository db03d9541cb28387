/** The compressions of TIFF strips and tiles that are read: none, LZW, deflate and PackBits. */
import { inflateSync } from 'node:zlib'
import { badImage } from '../bad-image'

/**
 * Decompresses a strip or tile.
 * @param length bytes of the result; no more memory is taken, whatever the data says
 * @throws LabError 'bad-image' where the data gives fewer bytes, or the compression is another one
 */
export function decompress(data: Uint8Array, compression: number, length: number): Uint8Array {
  const readers: Record<number, () => Uint8Array> = {
    1: () => data, 5: () => lzw(data, length), 8: () => inflated(data, length), 32946: () => inflated(data, length),
    32773: () => unpackBits(data, length),
  }
  const read = readers[compression]
  if (!read) throw badImage(`a TIFF image with compression ${compression}, which is not read for this kind of numbers`)
  const bytes = read()
  if (bytes.length < length) throw badImage('a TIFF file that is cut short or damaged')
  return bytes.subarray(0, length)
}

function inflated(data: Uint8Array, length: number): Uint8Array {
  try {
    return inflateSync(data, { maxOutputLength: length })
  } catch {
    throw badImage('a TIFF file that is cut short or damaged')
  }
}

/** Runs: a byte n from 0 to 127 precedes n + 1 bytes; from 129 on, a byte that repeats 257 − n times. */
export function unpackBits(data: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length)
  let to = 0
  for (let at = 0; at < data.length && to < length;) {
    const n = data[at++]
    if (n < 128) {
      for (let i = 0; i <= n && at < data.length && to < length; i++) out[to++] = data[at++]
    } else if (n > 128) {
      out.fill(data[at++], to, Math.min(length, to + 257 - n))
      to = Math.min(length, to + 257 - n)
    }
  }
  return out.subarray(0, to)
}

const clear = 256
const end = 257

/** Lempel–Ziv–Welch with codes of 9 to 12 bits, the highest bit first (TIFF 6.0, section 13). */
function lzw(data: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length)
  // A code from 258 on stands for bytes of the result: where they start, and how many.
  const start = new Int32Array(4097), count = new Int32Array(4097)
  let to = 0, next = 258, bits = 9, previous = -1
  let buffer = 0, held = 0
  let from = 0, run = 0
  for (let at = 0; to < length;) {
    while (held < bits) {
      if (at >= data.length) return out.subarray(0, to)
      buffer = (buffer << 8 | data[at++]) & 0xffffff
      held += 8
    }
    const code = buffer >> (held - bits) & (2 ** bits - 1)
    held -= bits
    if (code === end) break
    if (code === clear) {
      next = 258
      bits = 9
      previous = -1
      continue
    }
    if (code > next || (code === next && previous < 0)) throw badImage('a damaged TIFF file: an LZW code is wrong')
    const begin = to
    if (code < 256) out[to++] = code
    else {
      // A code that is being defined is the previous run and its first byte.
      const [source, size] = code === next ? [from, run + 1] : [start[code], count[code]]
      for (let i = 0; i < size && to < length; i++) out[to++] = out[source + i]
    }
    if (previous >= 0 && next < 4096) {
      start[next] = from
      count[next] = run + 1
      next++
    }
    from = begin
    run = to - begin
    previous = code
    if (next >= 2 ** bits - 1 && bits < 12) bits++
  }
  return out.subarray(0, to)
}
