/** A slice that is being painted: Hounsfield units on a square grid, painted over with soft-edged shapes. */
import { makeGrid, visit, type Grid, type View, type Warp } from './grid'

/** The slice so far. All arrays are [size × size], row by row; x goes to the patient's left, y to the back. */
export interface Canvas extends Grid {
  /** Hounsfield units; −1000 (air) to begin with. */
  hu: Float32Array
  /** The share of each pixel that is aerated lung, 0 to 1. */
  lung: Float32Array
}

/** An ellipse of one tissue; `tilt` in radians; `square` from 0 (an ellipse) to 1 (a rounded box). */
export interface Ellipse {
  x: number; y: number; rx: number; ry: number; hu: number
  tilt?: number; square?: number; lung?: boolean
}

/** A thick line with round ends. */
export interface Capsule { from: readonly [number, number]; to: readonly [number, number]; radius: number; hu: number }

/** An empty slice: air everywhere. */
export function blankCanvas(size: number, view: View, warp: Warp): Canvas {
  const hu = new Float32Array(size * size).fill(-1000)
  return { ...makeGrid(size, view, warp), hu, lung: new Float32Array(size * size) }
}

/** Paints an ellipse over the canvas. */
export function paintEllipse(canvas: Canvas, shape: Ellipse): void {
  const { x, y, rx, ry, hu, tilt = 0, square = 0, lung = false } = shape
  if (rx <= 0 || ry <= 0) return
  const cos = Math.cos(tilt), sin = Math.sin(tilt)
  const reach = Math.max(rx, ry), edge = Math.min(rx, ry) / canvas.pixel
  visit(canvas, x, y, reach, reach, i => {
    const px = canvas.x[i] - x, py = canvas.y[i] - y
    const u2 = ((cos * px + sin * py) / rx) ** 2, v2 = ((cos * py - sin * px) / ry) ** 2
    const radius = Math.sqrt(Math.sqrt(u2 * u2 + v2 * v2 + 2 * (1 - square) * u2 * v2))
    const cover = Math.min(1, 0.5 - (radius - 1) * edge)
    if (cover <= 0) return
    canvas.hu[i] += cover * (hu - canvas.hu[i])
    canvas.lung[i] += cover * ((lung ? 1 : 0) - canvas.lung[i])
  })
}

/** Paints a capsule over the canvas; a capsule is never lung. */
export function paintCapsule(canvas: Canvas, shape: Capsule): void {
  coverCapsule(canvas, shape, (i, cover) => {
    canvas.hu[i] += cover * (shape.hu - canvas.hu[i])
    canvas.lung[i] -= cover * canvas.lung[i]
  })
}

/** Adds a vessel inside the lungs. The rest of the body and the share of lung do not change. */
export function paintVessel(canvas: Canvas, shape: Capsule): void {
  coverCapsule(canvas, shape, (i, cover) => {
    const hu = canvas.hu[i] + cover * canvas.lung[i] * (shape.hu - canvas.hu[i])
    canvas.hu[i] = Math.max(canvas.hu[i], hu)
  })
}

function coverCapsule(canvas: Canvas, shape: Capsule, apply: (i: number, cover: number) => void): void {
  const { from: [x0, y0], to: [x1, y1], radius } = shape
  const dx = x1 - x0, dy = y1 - y0, length = dx * dx + dy * dy || 1
  // A vessel that is thinner than a pixel covers only a part of it.
  const half = Math.max(radius, canvas.pixel / 2), thin = Math.min(1, 2 * radius / canvas.pixel) ** 2
  visit(canvas, (x0 + x1) / 2, (y0 + y1) / 2, Math.abs(dx) / 2 + half, Math.abs(dy) / 2 + half, i => {
    const px = canvas.x[i] - x0, py = canvas.y[i] - y0
    const t = Math.min(1, Math.max(0, (px * dx + py * dy) / length))
    const distance = Math.sqrt((px - t * dx) ** 2 + (py - t * dy) ** 2)
    const cover = Math.min(1, 0.5 - (distance - half) / canvas.pixel)
    if (cover > 0) apply(i, cover * thin)
  })
}
