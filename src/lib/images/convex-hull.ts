/** Convex hulls of pixels. Browser-safe. */

type Point = readonly [x: number, y: number]

/**
 * The corners of the smallest convex shape around points, in order (Andrew 1979). Points on a side are no corners.
 * @returns the points themselves where there are fewer than three
 */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1])
  if (sorted.length < 3) return sorted
  const half = (ordered: readonly Point[]) => {
    const chain: Point[] = []
    for (const point of ordered) {
      while (chain.length > 1 && turn(chain[chain.length - 2], chain[chain.length - 1], point) <= 0) chain.pop()
      chain.push(point)
    }
    return chain.slice(0, -1)
  }
  return [...half(sorted), ...half(sorted.reverse())]
}

/** Above 0 where the way from a over b to c turns left. */
function turn([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
}

/**
 * Sets the pixels inside the convex hull of some pixels to 255; the pixels themselves are inside.
 * @param pixels positions, row by row from 0
 * @param mask [height, width], changed in place
 */
export function fillHull(pixels: readonly number[], mask: Uint8Array, width: number): void {
  // The ends of each row decide the hull.
  const ends = new Map<number, [number, number]>()
  for (const pixel of pixels) {
    const x = pixel % width, y = Math.floor(pixel / width), row = ends.get(y)
    ends.set(y, row ? [Math.min(row[0], x), Math.max(row[1], x)] : [x, x])
  }
  const corners = convexHull([...ends].flatMap(([y, [low, high]]): Point[] =>
    (low < high ? [[low, y], [high, y]] : [[low, y]])))
  const rows = [...ends.keys()], last = Math.max(...rows)
  for (let y = Math.min(...rows); y <= last; y++) {
    const [low, high] = spanAt(corners, y)
    mask.fill(255, y * width + Math.ceil(low - 1e-9), y * width + Math.floor(high + 1e-9) + 1)
  }
}

/** Where a row crosses the hull's sides. */
function spanAt(corners: readonly Point[], y: number): [number, number] {
  let low = Infinity, high = -Infinity
  corners.forEach(([ax, ay], i) => {
    const [bx, by] = corners[(i + 1) % corners.length]
    if (y < Math.min(ay, by) || y > Math.max(ay, by)) return
    const crossings = ay === by ? [ax, bx] : [ax + (bx - ax) * (y - ay) / (by - ay)]
    low = Math.min(low, ...crossings)
    high = Math.max(high, ...crossings)
  })
  return [low, high]
}
