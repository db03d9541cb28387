/** A radiograph before its exposure: for each ray through the body, how much tissue, air and bone it meets. */
import { makeGrid, visit, type Grid, type View, type Warp } from '../phantom/grid'

/** Millimeters on the way of each ray, [size × size]; x goes to the patient's left, y down. */
export interface Plate extends Grid {
  /** Soft tissue, as if the lungs held tissue too. */
  tissue: Float32Array
  /** Air in the lungs and airways. Organs and opacities in a lung take air away. */
  air: Float32Array
  /** Bone, as the tissue that would absorb as much in addition. */
  bone: Float32Array
  /** What `alongLine` works on: the distance of pixels from the line (infinite elsewhere), their shares of its length,
   * and which pixels these are. */
  line: { distance: Float32Array; share: Float32Array; touched: Int32Array }
}

/** An ellipsoid: center and half axes of its outline, half depth along the ray (mm); `tilt` in radians. */
export interface Ellipsoid { x: number; y: number; rx: number; ry: number; depth: number; tilt?: number }

/** A point of the plane (mm). */
export type PlanePoint = readonly [number, number]

export function blankPlate(size: number, view: View, warp: Warp): Plate {
  const millimeters = () => new Float32Array(size * size)
  return {
    ...makeGrid(size, view, warp), tissue: millimeters(), air: millimeters(), bone: millimeters(),
    line: { distance: millimeters().fill(Infinity), share: millimeters(), touched: new Int32Array(size * size) },
  }
}

/** Calls `apply` with how far (mm) each ray runs in an ellipsoid. */
export function throughEllipsoid(plate: Plate, shape: Ellipsoid, apply: (i: number, length: number) => void): void {
  const { x, y, rx, ry, depth, tilt = 0 } = shape
  const cos = Math.cos(tilt), sin = Math.sin(tilt), reach = Math.max(rx, ry)
  visit(plate, x, y, reach, reach, i => {
    const px = plate.x[i] - x, py = plate.y[i] - y
    const inside = 1 - ((cos * px + sin * py) / rx) ** 2 - ((cos * py - sin * px) / ry) ** 2
    if (inside > 0) apply(i, 2 * depth * Math.sqrt(inside))
  })
}

/** Takes away air where an organ lies in or beside a lung. */
export function displaceAir(plate: Plate, shape: Ellipsoid): void {
  throughEllipsoid(plate, shape, (i, length) => { plate.air[i] = Math.max(0, plate.air[i] - length) })
}

/**
 * Calls `apply` once for each pixel near a line of points.
 * @param radius of the line at a share of its length (mm)
 * @param apply receives the distance from the line's middle as a share of its radius (0 to 1), the share of the line's
 *   length, and how much of the pixel the line covers
 */
export function alongLine(
  plate: Plate, points: readonly PlanePoint[], radius: (share: number) => number,
  apply: (i: number, distance: number, share: number, cover: number) => void,
): void {
  const { distance, share, touched } = plate.line
  let count = 0
  for (let k = 0; k + 1 < points.length; k++) {
    const [x0, y0] = points[k], [x1, y1] = points[k + 1]
    const dx = x1 - x0, dy = y1 - y0, length = dx * dx + dy * dy || 1
    const half = Math.max(radius(k / (points.length - 1)), radius((k + 1) / (points.length - 1))) + plate.pixel / 2
    visit(plate, (x0 + x1) / 2, (y0 + y1) / 2, Math.abs(dx) / 2 + half, Math.abs(dy) / 2 + half, i => {
      const px = plate.x[i] - x0, py = plate.y[i] - y0
      const t = Math.min(1, Math.max(0, (px * dx + py * dy) / length))
      const away = Math.sqrt((px - t * dx) ** 2 + (py - t * dy) ** 2)
      if (away >= half || away >= distance[i]) return
      if (distance[i] === Infinity) touched[count++] = i
      distance[i] = away
      share[i] = (k + t) / (points.length - 1)
    })
  }
  for (let k = 0; k < count; k++) {
    const i = touched[k]
    // A line that is thinner than a pixel covers only a part of it.
    const r = radius(share[i]), cover = Math.min(1, 0.5 + (r - distance[i]) / plate.pixel, 2 * r / plate.pixel)
    if (cover > 0) apply(i, Math.min(1, distance[i] / r), share[i], cover)
    distance[i] = Infinity
  }
}

/** 0 below `low`, 1 above `high`, smooth between them. */
export function smoothstep(low: number, high: number, value: number): number {
  const s = Math.min(1, Math.max(0, (value - low) / (high - low)))
  return s * s * (3 - 2 * s)
}
