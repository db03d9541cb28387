/**
 * Perceptual hash: 64 bits that say how an image's coarse brightness varies. Images that look alike have hashes that
 * differ in few bits, whatever their brightness, contrast and compression.
 */
import { requireInRange } from '../system/errors'

/** Frequencies along each axis that the hash reads: 8 × 8 make 64 bits. */
const frequencies = 8

/** 64 bits as two halves of 32: the lower vertical frequencies first, the highest bit first. */
export type PerceptualHash = readonly [high: number, low: number]

/**
 * The perceptual hash of a square grey image, as Python's ImageHash computes `phash`: the discrete cosine transform
 * (type II) of the image, its 8 × 8 lowest frequencies, and a bit for each that lies above their median.
 * @param pixels [size, size]
 * @param size 8 or more
 * @returns null for an image of one grey level, which has no pattern
 * @throws LabError 'bad-argument' for another size
 */
export function perceptualHash(pixels: Uint8Array, size: number): PerceptualHash | null {
  requireInRange('size', size, { low: frequencies, whole: true })
  if (pixels.every(value => value === pixels[0])) return null
  const transformed = lowFrequencies(pixels, size)
  const sorted = Float64Array.from(transformed).sort()
  // In a symmetric image frequencies are 0 or equal, as their median is: rounding must not turn them into bits.
  const limit = (sorted[31] + sorted[32]) / 2 + 1e-9 * Math.abs(transformed[0])
  const half = (start: number) => transformed.subarray(start, start + 32)
    .reduce((bits, value) => ((bits << 1) | (value > limit ? 1 : 0)) >>> 0, 0)
  return [half(0), half(32)]
}

/** In how many of their 64 bits two hashes differ. */
export function hammingDistance(a: PerceptualHash, b: PerceptualHash): number {
  return countBits(a[0] ^ b[0]) + countBits(a[1] ^ b[1])
}

/** The hash as 16 hexadecimal digits, as Python's ImageHash prints it. */
export function hashText(hash: PerceptualHash): string {
  return hash.map(half => half.toString(16).padStart(8, '0')).join('')
}

/** How many bits of a 32-bit number are set. */
export function countBits(bits: number): number {
  let x = bits - ((bits >>> 1) & 0x55555555)
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** The lowest frequencies of the discrete cosine transform of type II, without scaling: [8, 8], vertical first. */
function lowFrequencies(pixels: Uint8Array, size: number): Float64Array {
  const cosines = Float64Array.from({ length: frequencies * size }, (_, i) =>
    2 * Math.cos(Math.PI * Math.floor(i / size) * (2 * (i % size) + 1) / (2 * size)))
  const rows = new Float64Array(size * frequencies)
  for (let y = 0; y < size; y++)
    for (let u = 0; u < frequencies; u++) {
      let sum = 0
      for (let x = 0; x < size; x++) sum += pixels[y * size + x] * cosines[u * size + x]
      rows[y * frequencies + u] = sum
    }
  const result = new Float64Array(frequencies * frequencies)
  for (let v = 0; v < frequencies; v++)
    for (let u = 0; u < frequencies; u++)
      for (let y = 0; y < size; y++) result[v * frequencies + u] += cosines[v * size + y] * rows[y * frequencies + u]
  return result
}
