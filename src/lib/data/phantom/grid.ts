/** The pixels of a square picture, and where each lies in the body. */

/** The part of the body that the picture shows, in millimeters: center and half extents. */
export interface View { x: number; y: number; halfWidth: number; halfHeight: number }

/** A smooth displacement of the whole plane, so that no organ is an exact ellipse. Turn in radians, reach in mm. */
export interface Warp { turn: number; reach: number; phases: readonly number[] }

/** All arrays are [size × size], row by row. */
export interface Grid {
  size: number
  /** Millimeters between neighboring pixels, in the finer of both directions. */
  pixel: number
  view: View
  warp: Warp
  /** The position of each pixel in the body (mm): x to the right of the picture, y down. */
  x: Float32Array
  y: Float32Array
}

/** The pixels of a picture of the view: for each its position in the body. */
export function makeGrid(size: number, view: View, warp: Warp): Grid {
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
  return { size, pixel, view, warp, x, y }
}

/** The displacement of a column of the picture in mm; `moveByRow` adds that of a row. */
function moveByColumn({ reach, phases }: Warp, u: number): [number, number] {
  return [0.6 * reach * Math.sin(u / 23 + phases[0]), reach * Math.sin(u / 37 + phases[1])]
}

function moveByRow({ reach, phases }: Warp, v: number): [number, number] {
  return [reach * Math.sin(v / 31 + phases[2]), 0.6 * reach * Math.sin(v / 19 + phases[3])]
}

/** Visits the pixels whose position in the body may be within `rx`, `ry` of (x, y), all in mm. */
export function visit(grid: Grid, x: number, y: number, rx: number, ry: number, apply: (i: number) => void): void {
  const { size, view, warp } = grid
  // The position in the picture: undo the displacement, then the turn. Two rounds suffice, as both are smooth.
  let u = x, v = y
  for (let again = 0; again < 2; again++) {
    const byColumn = moveByColumn(warp, u), byRow = moveByRow(warp, v)
    const px = x - byColumn[0] - byRow[0], py = y - byColumn[1] - byRow[1]
    u = Math.cos(warp.turn) * px + Math.sin(warp.turn) * py
    v = Math.cos(warp.turn) * py - Math.sin(warp.turn) * px
  }
  // Displacement and turn stretch a shape by less than a third.
  const wide = 1.25 * rx + 0.2 * ry + grid.pixel, high = 1.25 * ry + 0.2 * rx + grid.pixel
  const column = (u: number) => ((u - view.x) / view.halfWidth + 1) / 2 * size
  const row = (v: number) => ((v - view.y) / view.halfHeight + 1) / 2 * size
  const first = Math.max(0, Math.floor(column(u - wide))), end = Math.min(size, Math.ceil(column(u + wide)))
  const bottom = Math.min(size, Math.ceil(row(v + high)))
  for (let r = Math.max(0, Math.floor(row(v - high))); r < bottom; r++)
    for (let i = r * size + first; i < r * size + end; i++) apply(i)
}
