/** Lung vessels: trees in three dimensions, grown from both hila, so that neighboring slices cut the same branches. */
import { stream, type Stream } from '../../system/random'
import { lungOutline, thoraxHeight, type Body, type Point } from './body'
import { paintVessel, type Canvas } from './canvas'

/** A straight piece of a vessel; its radius in millimetres. */
export interface Vessel { from: Point; to: Point; radius: number }

/** Half the thickness of a slice (mm). */
const halfSlice = 0.8

/** The radius of the thinnest visible vessel (mm). */
const thinnest = 0.48

/** Grows the vessel trees of both lungs, some thousand pieces. */
export function growVessels(seed: number, patient: number, body: Body): Vessel[] {
  const numbers = stream('phantom vessels', seed, patient)
  const vessels: Vessel[] = []
  for (const side of [-1, 1] as const)
    for (let trunk = 0; trunk < trunks; trunk++) {
      const root = 0.5 - body.shift + numbers.between(-0.06, 0.06)
      const around = 2 * Math.PI * (trunk + 0.5 * numbers.uniform()) / trunks
      grow(vessels, numbers, body, side, {
        from: [side * 34, 4 + numbers.between(-9, 9), root * thoraxHeight],
        toward: [side * 0.75, 0.9 * Math.cos(around), 2 * Math.sin(around)], radius: 3.4,
      })
    }
  return vessels
}

/** Vessels that enter each lung. */
const trunks = 9

/** A branch that will be grown: its start, direction and radius. */
interface Bud { from: Point; toward: Point; radius: number }

/** Grows a piece, then two branches, with radii by Murray's law (r³ = r₁³ + r₂³), down to the thinnest visible one. */
function grow(vessels: Vessel[], numbers: Stream, body: Body, side: -1 | 1, bud: Bud): void {
  const { from, toward: [tx, ty, tz], radius } = bud
  if (radius < thinnest) return
  const length = numbers.between(6, 11) + 2.5 * radius
  const norm = length / Math.sqrt(tx * tx + ty * ty + tz * tz)
  const to: Point = [from[0] + tx * norm, from[1] + ty * norm, from[2] + tz * norm]
  const lung = lungOutline(body, to[2] / thoraxHeight, side)
  if (((to[0] - lung.x) / lung.rx) ** 2 + ((to[1] - lung.y) / lung.ry) ** 2 > 1) return
  vessels.push({ from, to, radius })
  const share = numbers.between(0.25, 0.55)
  for (const part of [share, 1 - share]) {
    // The thinner branch bends more.
    const bend = length * (part < 0.5 ? 0.85 : 0.5)
    grow(vessels, numbers, body, side, {
      from: to, radius: radius * Math.cbrt(part),
      toward: [
        tx * norm + bend * numbers.between(-1, 1), ty * norm + bend * numbers.between(-1, 1),
        tz * norm + bend * numbers.between(-1, 1),
      ],
    })
  }
}

/** Paints the parts of the vessels within the slice at this level. */
export function paintVessels(canvas: Canvas, vessels: readonly Vessel[], level: number, blood: number): void {
  const z = level * thoraxHeight
  for (const { from, to, radius } of vessels) {
    const reach = halfSlice + 0.5 * radius
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
