/** A slice that is being painted: Hounsfield units on a square grid, painted over with soft-edged shapes. */

/** The part of the body that the picture shows, in millimeters: center and half extents. */
export interface View { x: number; y: number; halfWidth: number; halfHeight: number }

/** A smooth displacement of the whole plane, so that no organ is an exact ellipse. Turn in radians, reach in mm. */
export interface Warp { turn: number; reach: number; phases: readonly number[] }

/** The slice so far. All arrays are [size × size], row by row. */
export interface Canvas {
  size: number
  /** Millimeters between neighboring pixels, in the finer of both directions. */
  pixel: number
  view: View
  warp: Warp
  /** The position of each pixel in the body (mm): x to the patient's left, y to the back. */
  x: Float32Array
  y: Float32Array
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

/** An empty slice: air everywhere, and for each pixel its position in the body. */
export function blankCanvas(size: number, view: View, warp: Warp): Canvas {
  const x = new Float32Array(size * size), y = new Float32Array(size * size)
  const cos = Math.cos(warp.turn), sin = Math.sin(warp.turn)
  const across = Array.from({ length: size }, (_, i) => view.x + ((i + 0.5) / size * 2 - 1) * view.halfWidth)
  const moved = across.map(u => moveByColumn(warp, u))
  for (let row = 0; row < size; row++) {
    const v = view.y + ((row + 0.5) / size * 2 - 1) * view.halfHeight
    const [dx, dy] = moveByRow(warp, v)
    for (let column = 0; column < size; column++) {
      const i = row * size + column
      x[i] = cos * across[column] - sin * v + dx + moved[column][0]
      y[i] = sin * across[column] + cos * v + dy + moved[column][1]
    }
  }
  const pixel = 2 * Math.min(view.halfWidth, view.halfHeight) / size
  const hu = new Float32Array(size * size).fill(-1000)
  return { size, pixel, view, warp, x, y, hu, lung: new Float32Array(size * size) }
}

/** The displacement of a column of the picture in mm; `moveByRow` adds that of a row. */
function moveByColumn({ reach, phases }: Warp, u: number): [number, number] {
  return [0.6 * reach * Math.sin(u / 23 + phases[0]), reach * Math.sin(u / 37 + phases[1])]
}

function moveByRow({ reach, phases }: Warp, v: number): [number, number] {
  return [reach * Math.sin(v / 31 + phases[2]), 0.6 * reach * Math.sin(v / 19 + phases[3])]
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

/** Visits the pixels whose position in the body may be within `rx`, `ry` of (x, y), all in mm. */
export function visit(canvas: Canvas, x: number, y: number, rx: number, ry: number, apply: (i: number) => void): void {
  const { size, view, warp } = canvas
  // The position in the picture: undo the displacement, then the turn. Two rounds suffice, as both are smooth.
  let u = x, v = y
  for (let again = 0; again < 2; again++) {
    const byColumn = moveByColumn(warp, u), byRow = moveByRow(warp, v)
    const px = x - byColumn[0] - byRow[0], py = y - byColumn[1] - byRow[1]
    u = Math.cos(warp.turn) * px + Math.sin(warp.turn) * py
    v = Math.cos(warp.turn) * py - Math.sin(warp.turn) * px
  }
  // Displacement and turn stretch a shape by less than a third.
  const wide = 1.25 * rx + 0.2 * ry + canvas.pixel, high = 1.25 * ry + 0.2 * rx + canvas.pixel
  const column = (u: number) => ((u - view.x) / view.halfWidth + 1) / 2 * size
  const row = (v: number) => ((v - view.y) / view.halfHeight + 1) / 2 * size
  const first = Math.max(0, Math.floor(column(u - wide))), end = Math.min(size, Math.ceil(column(u + wide)))
  const bottom = Math.min(size, Math.ceil(row(v + high)))
  for (let r = Math.max(0, Math.floor(row(v - high))); r < bottom; r++)
    for (let i = r * size + first; i < r * size + end; i++) apply(i)
}
