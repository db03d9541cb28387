/**
 * Iterated function systems: a few affine maps that shrink the plane, and the fractal that the maps together leave
 * unchanged (Hutchinson 1981). They serve as classes for pre-training: Kataoka et al., "Pre-training without natural
 * images" (2020).
 */
import { stream, type Stream } from '../../system/random'

/** (x, y) → (a x + b y + e, c x + d y + f) */
export interface AffineMap {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  readonly e: number
  readonly f: number
}

/** Two to eight maps. Their fractal is the only figure that is the union of its images under the maps. */
export type FunctionSystem = readonly AffineMap[]

/** Points of a figure: x and y of the first point, x and y of the second, and so on. */
export type Points = Float64Array

/** Kataoka et al. accept a system if its figure touches at least a fifth of the pixels. */
const leastFill = 0.2
const fillGrid = 64
const fillPoints = 8000
/** Points that a walk from the origin needs to reach the figure. */
const approach = 32

/**
 * Draws the system of a class. The same seed and class give the same system.
 * Entries are uniform in [-1, 1); maps that do not shrink, and systems whose figure is too thin, are drawn again.
 */
export function drawSystem(seed: number, label: number): FunctionSystem {
  const numbers = stream('fractal class', seed, label)
  for (;;) {
    const system = Array.from({ length: 2 + numbers.integer(7) }, () => shrinking(() => drawMap(numbers)))
    if (fill(walk(system, fillPoints, numbers), fillGrid) >= leastFill) return system
  }
}

/** Varies a system: changes every entry of its maps by a random factor from 1 − `change` to 1 + `change`. */
export function vary(system: FunctionSystem, change: number, numbers: Stream): FunctionSystem {
  const near = (entry: number) => entry * numbers.between(1 - change, 1 + change)
  return system.map(({ a, b, c, d, e, f }) =>
    shrinking(() => ({ a: near(a), b: near(b), c: near(c), d: near(d), e: near(e), f: near(f) })))
}

/**
 * Plays the chaos game: a point jumps by one random map after another, and so visits the whole figure. A map's
 * probability is proportional to its area factor |ad − bc|.
 * @param unevenness standard deviation of the logarithm of a random factor on each probability; default 0
 */
export function walk(system: FunctionSystem, count: number, numbers: Stream, unevenness = 0): Points {
  const weights = system.map(({ a, b, c, d }) =>
    (Math.abs(a * d - b * c) + 0.01) * Math.exp(unevenness * numbers.normal()))
  const total = weights.reduce((sum, weight) => sum + weight)
  const points = new Float64Array(2 * count)
  let x = 0, y = 0
  for (let i = -approach; i < count; i++) {
    let rest = numbers.uniform() * total
    let chosen = 0
    while (chosen < system.length - 1 && (rest -= weights[chosen]) >= 0) chosen++
    const { a, b, c, d, e, f } = system[chosen]
    const right = a * x + b * y + e
    y = c * x + d * y + f
    x = right
    if (i < 0) continue
    points[2 * i] = x
    points[2 * i + 1] = y
  }
  return points
}

/** Counts the points on each pixel of a grid that the figure just fits: [size, size]. */
export function countPoints(points: Points, size: number): Float32Array {
  let left = Infinity, right = -Infinity, top = Infinity, bottom = -Infinity
  for (let i = 0; i < points.length; i += 2) {
    left = Math.min(left, points[i])
    right = Math.max(right, points[i])
    top = Math.min(top, points[i + 1])
    bottom = Math.max(bottom, points[i + 1])
  }
  const scale = (size - 1e-6) / Math.max(right - left, bottom - top, 1e-9)
  const columns = (size - (right - left) * scale) / 2, rows = (size - (bottom - top) * scale) / 2
  const counts = new Float32Array(size * size)
  for (let i = 0; i < points.length; i += 2) {
    const column = Math.floor(columns + (points[i] - left) * scale)
    const row = Math.floor(rows + (points[i + 1] - top) * scale)
    counts[row * size + column]++
  }
  return counts
}

/** The largest factor by which a map stretches a distance: its matrix's first singular value. */
export function stretch({ a, b, c, d }: AffineMap): number {
  const sum = a * a + b * b + c * c + d * d
  const area = a * d - b * c
  return Math.sqrt((sum + Math.sqrt(Math.max(0, sum * sum - 4 * area * area))) / 2)
}

function drawMap(numbers: Stream): AffineMap {
  const entry = () => numbers.between(-1, 1)
  return { a: entry(), b: entry(), c: entry(), d: entry(), e: entry(), f: entry() }
}

/** Draws until a map shrinks every distance; other maps may have no figure. */
function shrinking(draw: () => AffineMap): AffineMap {
  for (;;) {
    const map = draw()
    if (stretch(map) < 1) return map
  }
}

function fill(points: Points, size: number): number {
  return countPoints(points, size).filter(count => count > 0).length / (size * size)
}
