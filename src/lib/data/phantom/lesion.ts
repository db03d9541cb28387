/** Lesions in three dimensions, and painting a slice through them. */
import type { Point } from './body'
import type { Canvas } from './canvas'
import { visit } from './grid'
import { smoothNoise } from './noise'

/** A rounded region that changes lung tissue towards one density. Lengths in millimeters. */
export interface Lesion {
  center: Point
  radii: Point
  /** The density (HU), and how far tissue changes towards it, 0 to 1. */
  hu: number
  opacity: number
  /** Width of the border as a share of the radius: 0.1 sharp, 0.6 fading. */
  border: number
  /** How ragged the outline is: 0 round, 1 torn. */
  ragged: number
}

/** Lesions of lower density (HU) are holes. No other lesion lowers the density of tissue. */
const holesBelow = -900

/**
 * Paints lesions into the lungs of the slice at height `z` (mm). Where several overlap, the densest is visible.
 * @param seed of the ragged outlines
 * @returns the share of each pixel that is lesion, 0 to 1
 */
export function paintLesions(canvas: Canvas, lesions: readonly Lesion[], z: number, seed: number): Float32Array {
  const shown = new Float32Array(canvas.hu.length)
  for (const { center: [cx, cy, cz], radii: [rx, ry, rz], hu, opacity, border, ragged } of lesions) {
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
      const changed = canvas.hu[i] + part * opacity * (hu - canvas.hu[i])
      canvas.hu[i] = hu > holesBelow ? Math.max(canvas.hu[i], changed) : changed
      shown[i] = Math.max(shown[i], part)
    })
  }
  return shown
}
