/** A slice being drawn: Hounsfield units on a square grid, painted over with soft-edged shapes. */

/** What the picture shows of the body, in millimetres: centre and half extents. */
export interface View { x: number; y: number; halfWidth: number; halfHeight: number }

/** A smooth displacement of the whole plane, so that no organ is an exact ellipse. */
export interface Warp { turn: number; reach: number; phases: readonly number[] }

/** The slice so far. All arrays are [size × size], row by row. */
export interface Canvas {
  size: number
  /** Millimetres between neighbouring pixels, the finer of both directions. */
  pixel: number
  view: View
  /** Where each pixel lies in the body (mm): x to the patient's left, y to the back. */
  x: Float32Array
  y: Float32Array
  /** Hounsfield units; −1000 (air) to begin with. */
  hu: Float32Array
  /** How much of the pixel is aerated lung, 0 … 1. */
  lung: Float32Array
}

/** An ellipse of one tissue; `tilt` in radians; `power` 2 is an ellipse, above it turns into a rounded box. */
export interface Ellipse {
  x: number; y: number; rx: number; ry: number; hu: number
  tilt?: number; power?: number; lung?: boolean
}

/** A thick line with round ends. */
export interface Capsule { from: readonly [number, number]; to: readonly [number, number]; radius: number; hu: number }

/** Beyond its own extent a shape may be displaced by this much (mm). */
const slack = 26

/** An empty slice: air everywhere, and for each pixel its place in the body. */
export function blankCanvas(size: number, view: View, warp: Warp): Canvas {
  const x = new Float32Array(size * size), y = new Float32Array(size * size)
  const [a, b, c, d] = warp.phases
  const cos = Math.cos(warp.turn), sin = Math.sin(warp.turn)
  for (let row = 0; row < size; row++) {
    const v = view.y + ((row + 0.5) / size * 2 - 1) * view.halfHeight
    for (let column = 0; column < size; column++) {
      const u = view.x + ((column + 0.5) / size * 2 - 1) * view.halfWidth
      const i = row * size + column
      x[i] = cos * u - sin * v + warp.reach * (Math.sin(v / 31 + a) + 0.6 * Math.sin(u / 23 + b))
      y[i] = sin * u + cos * v + warp.reach * (Math.sin(u / 37 + c) + 0.6 * Math.sin(v / 19 + d))
    }
  }
  const pixel = 2 * Math.min(view.halfWidth, view.halfHeight) / size
  return { size, pixel, view, x, y, hu: new Float32Array(size * size).fill(-1000), lung: new Float32Array(size * size) }
}

/** Paints an ellipse over what is there. */
export function paintEllipse(canvas: Canvas, shape: Ellipse): void {
  const { x, y, rx, ry, hu, tilt = 0, power = 2, lung = false } = shape
  if (rx <= 0 || ry <= 0) return
  const cos = Math.cos(tilt), sin = Math.sin(tilt)
  const reach = Math.max(rx, ry) * (power > 2 ? 1.2 : 1)
  const edge = Math.min(rx, ry) / canvas.pixel
  paint(canvas, x - reach, x + reach, y - reach, y + reach, (px, py) => {
    const u = Math.abs(cos * (px - x) + sin * (py - y)) / rx
    const v = Math.abs(cos * (py - y) - sin * (px - x)) / ry
    const k = power === 2 ? Math.sqrt(u * u + v * v) : Math.pow(Math.pow(u, power) + Math.pow(v, power), 1 / power)
    return 0.5 - (k - 1) * edge
  }, (i, cover) => {
    canvas.hu[i] += cover * (hu - canvas.hu[i])
    canvas.lung[i] += cover * ((lung ? 1 : 0) - canvas.lung[i])
  })
}

/** Paints a capsule over what is there; it is no lung. */
export function paintCapsule(canvas: Canvas, shape: Capsule): void {
  coverCapsule(canvas, shape, (i, cover) => {
    canvas.hu[i] += cover * (shape.hu - canvas.hu[i])
    canvas.lung[i] -= cover * canvas.lung[i]
  })
}

/** Adds a vessel inside the lungs; the rest of the body, and the lung coverage, stay as they are. */
export function paintVessel(canvas: Canvas, shape: Capsule): void {
  coverCapsule(canvas, shape, (i, cover) => {
    const hu = canvas.hu[i] + cover * canvas.lung[i] * (shape.hu - canvas.hu[i])
    canvas.hu[i] = Math.max(canvas.hu[i], hu)
  })
}

function coverCapsule(canvas: Canvas, shape: Capsule, apply: (i: number, cover: number) => void): void {
  const { from: [x0, y0], to: [x1, y1], radius } = shape
  const dx = x1 - x0, dy = y1 - y0, length = dx * dx + dy * dy || 1
  // A vessel thinner than a pixel covers a part of it only.
  const half = Math.max(radius, canvas.pixel / 2), thin = Math.min(1, 2 * radius / canvas.pixel)
  paint(canvas, Math.min(x0, x1) - half, Math.max(x0, x1) + half, Math.min(y0, y1) - half, Math.max(y0, y1) + half,
    (px, py) => {
      const t = Math.min(1, Math.max(0, ((px - x0) * dx + (py - y0) * dy) / length))
      const distance = Math.sqrt((px - x0 - t * dx) ** 2 + (py - y0 - t * dy) ** 2)
      return 0.5 - (distance - half) / canvas.pixel
    }, (i, cover) => apply(i, cover * thin))
}

/** Visits the pixels that a shape may touch; `inside` is above 1 well inside, below 0 well outside. */
function paint(
  canvas: Canvas, left: number, right: number, top: number, bottom: number,
  inside: (x: number, y: number) => number, apply: (i: number, cover: number) => void,
): void {
  const { size, view } = canvas
  const column = (x: number) => ((x - view.x) / view.halfWidth + 1) / 2 * size
  const row = (y: number) => ((y - view.y) / view.halfHeight + 1) / 2 * size
  const c0 = Math.max(0, Math.floor(column(left - slack))), c1 = Math.min(size, Math.ceil(column(right + slack)))
  const r0 = Math.max(0, Math.floor(row(top - slack))), r1 = Math.min(size, Math.ceil(row(bottom + slack)))
  for (let r = r0; r < r1; r++)
    for (let i = r * size + c0; i < r * size + c1; i++) {
      const cover = inside(canvas.x[i], canvas.y[i])
      if (cover > 0) apply(i, Math.min(1, cover))
    }
}
