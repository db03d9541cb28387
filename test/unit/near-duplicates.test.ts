import { describe, expect, it } from 'vitest'
import golden from '../golden/duplicates.json'
import { images } from '../golden/hash'
import { correlation, nearDuplicates, unitVectors } from '../../src/lib/data/alike/near-duplicates'

const { count, size, threshold, share } = golden
const area = size * size
const levels = (name: string, pictures: number) =>
  images(name, [pictures, size, size]).map(value => Math.floor(value * 256))
const base = levels('base', count / 4)
const noise = levels('noise', count)
const data = Uint8Array.from({ length: count * area }, (_, i) => {
  const image = Math.floor(i / area)
  const weight = share[image % 4]
  return Math.floor((1 - weight) * base[Math.floor(image / 4) * area + (i % area)] + weight * noise[i])
})

describe('normalized cross-correlation', () => {
  const vectors = unitVectors({ size, count, data })

  it('equals NumPy’s', () => {
    // Vectors of 256 numbers in float32: 1e-6 is room for rounding.
    golden.first.forEach((value, i) => expect(correlation(vectors, 0, i)).toBeCloseTo(value, 5))
  })

  it('ignores brightness and contrast', () => {
    const dark = Uint8Array.from({ length: area }, (_, i) => i % 100)
    const bright = dark.map(value => 2 * value + 30)
    const two = unitVectors({ size, count: 2, data: Uint8Array.from([...dark, ...bright]) })
    expect(correlation(two, 0, 1)).toBeCloseTo(1, 6)
  })

  it('of a constant image is zero, with itself too', () => {
    const flat = unitVectors({ size, count: 1, data: new Uint8Array(area).fill(9) })
    expect(correlation(flat, 0, 0)).toBe(0)
  })
})

describe('near-duplicates', () => {
  it('are the pairs NumPy finds', async () => {
    expect(await nearDuplicates({ size, count, data }, threshold)).toEqual(golden.pairs)
  })

  it('are found even if every pair passes, or none', async () => {
    const all = await nearDuplicates({ size, count, data }, -1)
    expect(all.length).toBe((count * (count - 1)) / 2)
    expect(await nearDuplicates({ size, count, data }, 1.01)).toEqual([])
  })

  it('report progress', async () => {
    const seen: number[] = []
    await nearDuplicates({ size, count: 3, data: data.subarray(0, 3 * area) }, 0.9, done => seen.push(done))
    expect(seen).toEqual([1, 2, 3])
  })
})
