/** IEEE 754 half precision (binary16): half the space of float32, three significant digits, at most 65,504. */

const single = new Float32Array(1)
const bits = new Uint32Array(single.buffer)

/** Rounds to the nearest half, ties to even; numbers from 65,520 become infinite. */
export function toHalf(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length)
  for (let i = 0; i < values.length; i++) halves[i] = halfBits(values[i])
  return halves
}

/** The same numbers as float32, without rounding. */
export function fromHalf(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length)
  for (let i = 0; i < halves.length; i++) values[i] = singleValue(halves[i])
  return values
}

function halfBits(value: number): number {
  single[0] = value
  const sign = bits[0] >>> 16 & 0x8000
  const magnitude = bits[0] & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | 0x7e00 // not a number
  // 65,520 lies halfway between the largest half and the next power of two: from there on infinity is nearest.
  if (magnitude >= 0x477ff000) return sign | 0x7c00
  // Below 2⁻¹⁴ halves are whole multiples of 2⁻²⁴; this multiplication is exact.
  if (magnitude < 0x38800000) return sign | evenRound(Math.abs(value) * 16777216)
  // Round away 13 of the 23 fraction bits, and move the exponent's bias from 127 to 15.
  const half = magnitude - 0x38000000
  return sign | (half + 0xfff + (half >>> 13 & 1)) >>> 13
}

function evenRound(value: number): number {
  const whole = Math.floor(value)
  const rest = value - whole
  return rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? whole + 1 : whole
}

function singleValue(half: number): number {
  const magnitude = half & 0x7fff
  const sign = half & 0x8000 ? -1 : 1
  if (magnitude < 0x400) return sign * magnitude / 16777216
  if (magnitude >= 0x7c00) return magnitude > 0x7c00 ? NaN : sign * Infinity
  bits[0] = (half & 0x8000) << 16 | (magnitude << 13) + 0x38000000
  return single[0]
}
