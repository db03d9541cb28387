/** The vessels of the lungs: two trees of branches that grow out of the hila. */
import { stream, type Stream } from '../../system/random'
import { alongLine, displaceAir, type PlanePoint, type Plate } from './plate'
import type { Pose } from './chest'

/** A straight piece of a vessel; its radius in mm. */
export interface Branch { from: PlanePoint; to: PlanePoint; radius: number }

/** Trunks that enter each lung, and the radius of the thinnest branch that is drawn (mm). */
const trunks = 7, thinnest = 1

export function growBranches(seed: number, patient: number): Branch[] {
  const numbers = stream('radiograph vessels', seed, patient)
  const branches: Branch[] = []
  for (const side of [-1, 1])
    for (let trunk = 0; trunk < trunks; trunk++) {
      const angle = -1.35 + 2.7 * (trunk + 0.6 * numbers.uniform()) / trunks + 0.2
      const from: PlanePoint = [side * 38, (side === 1 ? -34 : -24) + numbers.between(-14, 16)]
      grow(branches, numbers, side, from, angle, 3.8)
    }
  return branches
}

/** Grows a piece, then two branches, with radii by Murray's law (r³ = r₁³ + r₂³). Angles: 0 outward, π/2 down. */
function grow(
  branches: Branch[], numbers: Stream, side: number, from: PlanePoint, angle: number, radius: number,
): void {
  if (radius < thinnest) return
  const length = numbers.between(6, 12) + 2.6 * radius
  const to: PlanePoint = [from[0] + side * length * Math.cos(angle), from[1] + length * Math.sin(angle)]
  branches.push({ from, to, radius })
  const share = numbers.between(0.25, 0.5)
  const bend = numbers.uniform() < 0.5 ? 1 : -1
  grow(branches, numbers, side, to, angle + bend * numbers.between(0.3, 0.9), radius * Math.cbrt(share))
  grow(branches, numbers, side, to, angle - bend * numbers.between(0.05, 0.35), radius * Math.cbrt(1 - share))
}

/** Paints hila and branches where there is lung. */
export function paintBranches(plate: Plate, branches: readonly Branch[], pose: Pose): void {
  displaceAir(plate, { x: -35 + pose.turned / 2, y: -14, rx: 15, ry: 24, depth: 27, tilt: -0.25 })
  displaceAir(plate, { x: 41 + pose.turned / 2, y: -26, rx: 14, ry: 22, depth: 27, tilt: 0.25 })
  for (const { from, to, radius } of branches)
    alongLine(plate, [from, to], () => radius, (i, distance, _, cover) => {
      if (plate.air[i] > 20) plate.air[i] -= cover * 2.6 * radius * Math.sqrt(1 - distance * distance)
    })
}
