import { describe, expect, it } from 'vitest'
import { fromInt8, toInt8 } from '../../src/lib/weights/formats/int8'
import { stream } from '../../src/lib/system/random'

describe('eight bits a number', () => {
  it('store whole numbers up to 127 exactly, in channels whose largest number is 127', () => {
    const values = Float32Array.from({ length: 255 }, (_, i) => i - 127)
    expect(fromInt8(toInt8(values, 1), 1)).toEqual(values)
  })

  it('have a scale for each channel, so that channels of small numbers stay precise', () => {
    const values = Float32Array.of(1000, 1, -400, -0.4, 0, 0.25)
    const stored = toInt8(values, 2)
    expect(stored).toHaveLength(2 * 4 + 6)
    expect([...new Int8Array(stored.buffer, 8)]).toEqual([127, 127, -51, -51, 0, 32])
  })

  it('differ by at most half a step: 1/254 of the largest number of the channel', () => {
    const numbers = stream('int8 test')
    const values = Float32Array.from({ length: 3000 }, (_, i) => 10 ** (i % 3) * numbers.normal())
    const read = fromInt8(toInt8(values, 3), 3)
    for (const channel of [0, 1, 2]) {
      const own = (all: Float32Array) => all.filter((_, i) => i % 3 === channel)
      const [before, after] = [own(values), own(read)]
      const largest = Math.max(...before.map(Math.abs))
      const off = Math.max(...before.map((value, i) => Math.abs(value - after[i])))
      // 1e-6 for float32's own rounding.
      expect(off / largest).toBeLessThanOrEqual(1 / 254 + 1e-6)
    }
  })

  it('keep the sign of the smallest float32 numbers', () => {
    // In steps of 1.4e-45, 186 of them: a 127th is one step and a half.
    const values = Float32Array.of(2.6e-43, -2.6e-43, 7e-44)
    const read = fromInt8(toInt8(values, 1), 1)
    expect([...read].map(Math.sign)).toEqual([1, -1, 1])
    expect(Math.max(...read.map(Math.abs))).toBeLessThanOrEqual(values[0])
  })

  it('store channels of zeros', () => {
    expect(fromInt8(toInt8(new Float32Array(4), 2), 2)).toEqual(new Float32Array(4))
  })
})
