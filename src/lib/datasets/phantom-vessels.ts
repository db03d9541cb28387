/** Lung vessels: trees in three dimensions, grown from both hila, so neighbouring slices cut the same branches. */
import { stream, type Stream } from '../random'
import { lungOutline, thoraxHeight, type Body } from './phantom-body'
import { paintVessel, type Canvas } from './phantom-canvas'

type Point = readonly [number, number, number]

/** A straight piece of a vessel; millimetres, the third coordinate down the body. */
export interface Vessel { from: Point; to: Point; radius: number }

/** Half the thickness of a slice (mm): what lies within is seen on it. */
const halfSlice = 2

/** Both lungs' vessel trees, about two thousand pieces. */
export function growVessels(seed: number, patient: number, body: Body): Vessel[] {
  const numbers = stream('phantom vessels', seed, patient)
  const vessels: Vessel[] = []
  for (const side of [-1, 1] as const)
    for (let trunk = 0; trunk < 7; trunk++) {
      const level = 0.44 + 0.16 * numbers.uniform() - body.shift
      const start: Point = [side * 30, numbers.between(-8, 10), level * thoraxHeight]
      const down = (trunk + 0.5) / 7 * 2 - 1
      grow(vessels, numbers, body, side, start, [side * 1, numbers.between(-1.1, 1.1), down * 1.5], 4.6)
    }
  return vessels
}

/** One piece, then two branches: radii after Murray's law (r³ = r₁³ + r₂³), until too thin to see or outside. */
function grow(
  vessels: Vessel[], numbers: Stream, body: Body, side: -1 | 1, from: Point, toward: Point, radius: number,
): void {
  if (radius < 0.55) return
  const length = numbers.between(7, 12) + 2.2 * radius
  const norm = length / Math.hypot(...toward)
  const to: Point = [from[0] + toward[0] * norm, from[1] + toward[1] * norm, from[2] + toward[2] * norm]
  const lung = lungOutline(body, to[2] / thoraxHeight, side)
  if (((to[0] - lung.x) / lung.rx) ** 2 + ((to[1] - lung.y) / lung.ry) ** 2 > 1.02) return
  vessels.push({ from, to, radius })
  const share = numbers.between(0.25, 0.6)
  for (const part of [share, 1 - share]) {
    const bend = () => numbers.between(-0.62, 0.62) * (part === share ? 1.25 : 0.75) * length
    const unit = toward.map(t => t * norm)
    grow(vessels, numbers, body, side, to, [unit[0] + bend(), unit[1] + bend(), unit[2] + bend()],
      radius * Math.cbrt(part))
  }
}

/** Draws what of the vessels lies within the slice at this level. */
export function paintVessels(canvas: Canvas, vessels: readonly Vessel[], level: number, blood: number): void {
  const z = level * thoraxHeight
  for (const { from, to, radius } of vessels) {
    const reach = halfSlice + 0.6 * radius
    const rise = to[2] - from[2]
    if (Math.max(from[2], to[2]) < z - reach || Math.min(from[2], to[2]) > z + reach) continue
    const enter = Math.abs(rise) < 1e-6 ? 0 : (z - reach - from[2]) / rise
    const leave = Math.abs(rise) < 1e-6 ? 1 : (z + reach - from[2]) / rise
    const start = Math.min(1, Math.max(0, Math.min(enter, leave)))
    const end = Math.min(1, Math.max(0, Math.max(enter, leave)))
    const at = (t: number): [number, number] => [from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])]
    paintVessel(canvas, { from: at(start), to: at(end), radius, hu: blood })
  }
}
