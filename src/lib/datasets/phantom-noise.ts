/** Smooth noise in three dimensions: neighbouring slices of a patient see neighbouring values. */
import { mix } from '../random'

/**
 * Value noise: random numbers on a grid of whole coordinates, joined smoothly between them.
 * @returns −1 … 1, the same for the same seed and place; about .35 standard deviation
 */
export function smoothNoise(seed: number, x: number, y: number, z: number): number {
  const x0 = Math.floor(x), y0 = Math.floor(y), z0 = Math.floor(z)
  const u = ease(x - x0), v = ease(y - y0), w = ease(z - z0)
  const corner = (i: number, j: number, k: number) =>
    mix(seed ^ Math.imul(x0 + i, 0x8da6b343) ^ Math.imul(y0 + j, 0xd8163841) ^ Math.imul(z0 + k, 0xcb1ab31f))
  const edge = (j: number, k: number) => between(corner(0, j, k), corner(1, j, k), u)
  const value = between(between(edge(0, 0), edge(1, 0), v), between(edge(0, 1), edge(1, 1), v), w)
  return value / 2147483648 - 1
}

function ease(t: number): number {
  return t * t * (3 - 2 * t)
}

function between(a: number, b: number, t: number): number {
  return a + t * (b - a)
}
