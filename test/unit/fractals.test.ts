import { describe, expect, it } from 'vitest'
import { stream } from '../../src/lib/system/random'
import { openFractals } from '../../src/lib/data/fractals/fractals'
import { countPoints, drawSystem, vary, stretch, walk } from '../../src/lib/data/fractals/iterated-function-system'

describe('an iterated function system', () => {
  it('of the Sierpinski triangle visits the triangle, evenly, and nothing else', () => {
    const half = { a: 0.5, b: 0, c: 0, d: 0.5 }
    const sierpinski = [{ ...half, e: 0, f: 0 }, { ...half, e: 0.5, f: 0 }, { ...half, e: 0, f: 0.5 }]
    const points = walk(sierpinski, 30_000, stream('test'))
    // Its points are those whose coordinates, in binary, never have a 1 at the same place.
    const place = (coordinate: number) => Math.floor(coordinate * 1024)
    const places = Array.from({ length: 30_000 }, (_, i) => [place(points[2 * i]), place(points[2 * i + 1])])
    expect(places.filter(([x, y]) => x & y)).toEqual([])
    // A third of the visits in each corner: five standard deviations are 408.
    expect(Math.abs(places.filter(([x]) => x >= 512).length - 10_000)).toBeLessThan(408)
    expect(Math.abs(places.filter(([, y]) => y >= 512).length - 10_000)).toBeLessThan(408)
  })

  it('is counted on a grid that the figure just fits', () => {
    const counts = countPoints(Float64Array.of(0, 0, 4, 0, 4, 4, 1.5, 1.5), 4)
    expect([...counts]).toEqual([1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
  })

  it('stretches by its first singular value', () => {
    const turned = Math.PI / 5
    const cos = Math.cos(turned), sin = Math.sin(turned)
    expect(stretch({ a: 0.9 * cos, b: -0.2 * sin, c: 0.9 * sin, d: 0.2 * cos, e: 5, f: 5 })).toBeCloseTo(0.9, 12)
  })

  it('of a class, and its variations, shrink every distance', () => {
    for (let label = 0; label < 40; label++) {
      const system = drawSystem(1, label)
      expect(system.length).toBeGreaterThanOrEqual(2)
      expect(system.length).toBeLessThanOrEqual(8)
      for (const map of [...system, ...vary(system, 0.15, stream('test', label))]) expect(stretch(map)).toBeLessThan(1)
    }
  })

  it('is the same for the same seed and class, and no two of 150 classes look alike', () => {
    expect(drawSystem(1, 7)).toEqual(drawSystem(1, 7))
    expect(drawSystem(1, 7)).not.toEqual(drawSystem(2, 7))
    const pictures = Array.from({ length: 150 }, (_, label) => standardized(
      countPoints(walk(drawSystem(1, label), 8000, stream('test')), 32)))
    const alike = pictures.flatMap((a, i) => pictures.slice(0, i).map(b => correlation(a, b)))
    expect(Math.max(...alike)).toBeLessThan(0.95)
  })
})

describe('the fractal data set', () => {
  it('draws the same picture every time, and a different one for every image', async () => {
    const first = await openFractals({ classes: 3, images: 4 })
    const again = await openFractals({ classes: 3, images: 4 })
    expect(first.contentHash).toBe(again.contentHash)
    expect(await first.read(5)).toEqual(await again.read(5))
    expect(await first.read(5)).not.toEqual(await first.read(6))
    expect(first.items).toHaveLength(12)
    expect(first.items.map(item => item.name)).toEqual(first.items.map(item => item.name).sort())
    expect((await openFractals({ classes: 3, images: 4, seed: 2 })).contentHash).not.toBe(first.contentHash)
  })

  it('fills the picture with a bright figure on a dark background', async () => {
    const set = await openFractals({ classes: 20, images: 2 })
    for (let index = 0; index < 40; index++) {
      const { data, width, height, channels } = await set.read(index)
      expect([width, height, channels, data.length]).toEqual([64, 64, 1, 4096])
      expect(data.filter(grey => grey > 64).length).toBeGreaterThan(200)
      expect(data.filter(grey => grey < 64).length).toBeGreaterThan(400)
    }
  })

  it('as scenes has brighter figures on backgrounds of many greys', async () => {
    const set = await openFractals({ classes: 20, images: 2, difficulty: 'scene' })
    const images = await Promise.all(set.items.map((_, index) => set.read(index)))
    const border = (data: Uint8Array) => mean(data.filter((_, i) => i < 64 || i >= 63 * 64))
    const grounds = images.map(({ data }) => border(data))
    expect(Math.min(...grounds)).toBeLessThan(40)
    expect(Math.max(...grounds)).toBeGreaterThan(80)
    for (const [i, { data }] of images.entries()) expect(mean(data)).toBeGreaterThan(grounds[i])
    expect(set.contentHash).not.toBe((await openFractals({ classes: 20, images: 2 })).contentHash)
  })

  it('refuses options and indices outside their range', async () => {
    await expect(openFractals({ difficulty: 'hard' as 'scene' })).rejects.toThrow(/bad-argument.*'plain' or 'scene'.*hard/)
    await expect(openFractals({ classes: 1 })).rejects.toThrow(/bad-argument.*classes/)
    await expect(openFractals({ size: 31 })).rejects.toThrow(/bad-argument.*size/)
    await expect((await openFractals({ classes: 2, images: 2 })).read(4)).rejects.toThrow(/bad-argument.*index/)
  })
})

function mean(values: Uint8Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function standardized(counts: Float32Array): Float64Array {
  const values = Float64Array.from(counts, Math.log1p)
  const mean = values.reduce((a, b) => a + b) / values.length
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0))
  return values.map(value => (value - mean) / spread)
}

function correlation(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0)
}
