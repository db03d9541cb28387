import { describe, expect, it } from 'vitest'
import golden from '../golden/perceptual_hash.json'
import { images } from '../golden/hash'
import { countBits, hammingDistance, hashText, perceptualHash } from '../../src/lib/images/perceptual-hash'

const { count, size, share, hashes, first } = golden
const area = size * size
const levels = (name: string, pictures: number) =>
  images(name, [pictures, size, size]).map(value => Math.floor(value * 256))
const base = levels('base', count / 2), noise = levels('noise', count)
const mixed = Array.from({ length: count }, (_, image) => Uint8Array.from({ length: area }, (_, i) => {
  const own = base[Math.floor(image / 2) * area + i]
  return image % 2 ? Math.floor((1 - share) * own + share * noise[image * area + i]) : own
}))
const drawn = (level: (x: number, y: number) => number) =>
  Uint8Array.from({ length: area }, (_, i) => level(i % size, Math.floor(i / size)))
const slopes = [
  drawn((x, y) => (3 * x + 5 * y) % 256), drawn((x, y) => Math.floor((x * x + 2 * y) / 5) % 256),
  drawn((x, y) => Math.floor((x * y * y) / 64) % 256), drawn((x, y) => 7 * Math.abs(x - 11) + y),
]

describe('the perceptual hash', () => {
  const own = [...mixed, ...slopes].map(pixels => perceptualHash(pixels, size)!)

  it('equals Python’s ImageHash, bit for bit', () => expect(own.map(hashText)).toEqual(hashes))

  it('has its distances', () => expect(own.map(hash => hammingDistance(own[0], hash))).toEqual(first))

  it('ignores brightness and contrast', () => {
    const dark = mixed[0].map(value => value >> 1), bright = dark.map(value => value + 100)
    expect(perceptualHash(bright, size)).toEqual(perceptualHash(dark, size))
  })

  it('of a symmetric image has no bits from rounding: its odd frequencies are 0, and so is their median', () => {
    const half = drawn((x, y) => Math.min(x, size - 1 - x) * 3 + y)
    const mirrored = Uint8Array.from({ length: area }, (_, i) => half[i - (i % size) + size - 1 - (i % size)])
    expect(mirrored).toEqual(half)
    const odd = perceptualHash(half, size)!.map(bits => bits & 0x55555555)
    expect(odd).toEqual([0, 0])
  })

  it('of an image that equals its transpose has no bits from rounding: frequencies come in equal pairs', () => {
    const bits = hashText(perceptualHash(drawn((x, y) => Math.floor((x * y) / 4)), size)!)
    const rows = [...bits.matchAll(/../g)].map(([pair]) => parseInt(pair, 16).toString(2).padStart(8, '0'))
    expect(rows.map((_, v) => rows.map(row => row[v]).join(''))).toEqual(rows)
  })

  it('of an image of one grey level is none', () => expect(perceptualHash(new Uint8Array(area).fill(9), size)).toBeNull())

  it('needs 8 × 8 pixels', () => {
    expect(perceptualHash(Uint8Array.from({ length: 64 }, (_, i) => i), 8)).not.toBeNull()
    expect(() => perceptualHash(new Uint8Array(49), 7)).toThrow('size to be a whole number from 8')
  })
})

it('counts bits', () => {
  expect([0, 1, 3, 0x80000000, 0xffffffff, -1, 0x55555555].map(countBits)).toEqual([0, 1, 2, 1, 32, 32, 16])
})
