import { describe, expect, it } from 'vitest'
import { fromHalf, toHalf } from '../../src/lib/weights/formats/half-float'

const round = (value: number) => fromHalf(toHalf(Float32Array.of(value)))[0]

describe('half floats', () => {
  it('all 65,536 halves convert to float32 and back without change', () => {
    const all = Uint16Array.from({ length: 65536 }, (_, i) => i)
    const isNumber = (half: number) => (half & 0x7fff) <= 0x7c00
    expect(toHalf(fromHalf(all)).filter(isNumber)).toEqual(all.filter(isNumber))
    expect([...fromHalf(all)].filter(Number.isNaN)).toHaveLength(2 * 1023)
  })

  // Values from IEEE 754-2019's definition of binary16.
  it.each([
    [0x0001, 2 ** -24], [0x03ff, 2 ** -14 - 2 ** -24], [0x0400, 2 ** -14], [0x3555, 0.333251953125],
    [0x3c00, 1], [0x3c01, 1 + 2 ** -10], [0x7bff, 65504], [0xc000, -2], [0x7c00, Infinity],
  ])('%i is %d', (half, value) => {
    expect(fromHalf(Uint16Array.of(half))[0]).toBe(value)
    expect(toHalf(Float32Array.of(value))[0]).toBe(half)
  })

  it('rounds to the nearest, ties to even', () => {
    expect(round(1 + 2 ** -11)).toBe(1)
    expect(round(1 + 3 * 2 ** -11)).toBe(1 + 2 ** -9)
    expect(round(1 + 2 ** -11 + 2 ** -23)).toBe(1 + 2 ** -10)
    expect(round(2 ** -25)).toBe(0)
    expect(round(3 * 2 ** -25)).toBe(2 ** -23)
    expect(round(-(2 ** -14) + 2 ** -26)).toBe(-(2 ** -14))
    expect(round(65519.996)).toBe(65504)
    expect(round(65520)).toBe(Infinity)
    expect(Object.is(round(-1e-9), -0)).toBe(true)
    expect(round(NaN)).toBeNaN()
  })
})
