/** A lesion in three dimensions, and how a slice through it looks. */
import type { Point } from './body'
import { visit, type Canvas } from './canvas'
import { smoothNoise } from './noise'

/** A rounded region that pulls lung tissue towards one density. */
export interface Lesion {
  centre: Point
  radii: Point
  /** Density at full effect (HU), and how far tissue is pulled there, 0 … 1. */
  hu: number
  opacity: number
  /** Width of the border as a share of the radius: 0.1 sharp, 0.6 fading. */
  border: number
  /** How ragged the outline is: 0 round, 1 torn. */
  ragged: number
}

/** Lesions of less density (HU) are holes; no other makes tissue thinner than it is. */
const holesBelow = -900

/**
 * Draws the lesions into the lungs of the slice at height `z` (mm). Where several meet, the densest shows.
 * @param seed of the ragged outlines
 * @returns how much of each pixel is lesion, 0 … 1
 */
export function paintLesions(canvas: Canvas, lesions: readonly Lesion[], z: number, seed: number): Float32Array {
  const shown = new Float32Array(canvas.hu.length)
  for (const { centre: [cx, cy, cz], radii: [rx, ry, rz], hu, opacity, border, ragged } of lesions) {
    const dz = (z - cz) / rz
    const reach = 1 + 0.5 * ragged
    if (opacity <= 0 || Math.abs(dz) > reach) continue
    visit(canvas, cx, cy, reach * rx, reach * ry, i => {
      const dx = (canvas.x[i] - cx) / rx, dy = (canvas.y[i] - cy) / ry
      const distance2 = dx * dx + dy * dy + dz * dz
      if (canvas.lung[i] === 0 || distance2 > reach * reach) return
      const rough = smoothNoise(seed, canvas.x[i] / 9, canvas.y[i] / 9, z / 14)
        + 0.6 * smoothNoise(seed + 1, canvas.x[i] / 3.5, canvas.y[i] / 3.5, z / 8)
      const inside = (1 - Math.sqrt(distance2) + 0.5 * ragged * rough) / border
      const part = Math.min(1, Math.max(0, inside)) * canvas.lung[i]
      const pulled = canvas.hu[i] + part * opacity * (hu - canvas.hu[i])
      canvas.hu[i] = hu > holesBelow ? Math.max(canvas.hu[i], pulled) : pulled
      shown[i] = Math.max(shown[i], part)
    })
  }
  return shown
}
