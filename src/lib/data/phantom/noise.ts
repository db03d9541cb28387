/** Smooth noise in three dimensions: it is similar on neighboring slices. */
import { mix } from '../../system/random'

/** Odd numbers that spread grid coordinates over 32 bits. */
const strideX = 0x8da6b343, strideY = 0xd8163841, strideZ = 0xcb1ab31f

/**
 * Value noise: random numbers on a grid of whole coordinates, interpolated smoothly between them.
 * @returns −1 to 1, the same for the same seed and coordinates; the standard deviation is about 0.35
 */
export function smoothNoise(seed: number, x: number, y: number, z: number): number {
  const x0 = Math.floor(x), y0 = Math.floor(y), z0 = Math.floor(z)
  const u = ease(x - x0), v = ease(y - y0), w = ease(z - z0)
  const here = seed ^ Math.imul(z0, strideZ), next = seed ^ Math.imul(z0 + 1, strideZ)
  const value = between(plane(here, x0, y0, u, v), plane(next, x0, y0, u, v), w)
  return value / 2147483648 - 1
}

function plane(seed: number, x0: number, y0: number, u: number, v: number): number {
  const left = Math.imul(x0, strideX), right = Math.imul(x0 + 1, strideX)
  const top = seed ^ Math.imul(y0, strideY), bottom = seed ^ Math.imul(y0 + 1, strideY)
  return between(
    between(mix(top ^ left), mix(top ^ right), u), between(mix(bottom ^ left), mix(bottom ^ right), u), v,
  )
}

function ease(t: number): number {
  return t * t * (3 - 2 * t)
}

function between(a: number, b: number, t: number): number {
  return a + t * (b - a)
}
