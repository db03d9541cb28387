/**
 * Iterated function systems: a few affine maps that shrink the plane, and the fractal they leave in place
 * (Hutchinson 1981). As classes for pre-training: Kataoka et al., "Pre-training without natural images" (2020).
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

/** Two to eight maps; the fractal is the one figure that is the union of its own images under them. */
export type FunctionSystem = readonly AffineMap[]

/** Points of a figure: x and y in turn. */
export type Points = Float64Array

/** Kataoka et al. keep a system when its figure touches at least a fifth of the pixels. */
const leastFill = 0.2
const fillGrid = 64
const fillPoints = 8000
/** Points that a walk needs to reach the figure from where it starts. */
const approach = 32

/**
 * The system that stands for a class. The same seed and class give the same system.
 * Entries are uniform in [-1, 1); maps that do not shrink, and systems whose figure is too thin, are drawn again.
 */
export function drawSystem(seed: number, label: number): FunctionSystem {
  const numbers = stream('fractal class', seed, label)
  for (;;) {
    const system = Array.from({ length: 2 + numbers.integer(7) }, () => shrinking(() => drawMap(numbers)))
    if (fill(walk(system, fillPoints, numbers), fillGrid) >= leastFill) return system
  }
}

/** A relative of a system: every entry of its maps changed by a random factor in 1 ± `change`. */
export function relative(system: FunctionSystem, change: number, numbers: Stream): FunctionSystem {
  const near = (entry: number) => entry * numbers.between(1 - change, 1 + change)
  return system.map(({ a, b, c, d, e, f }) =>
    shrinking(() => ({ a: near(a), b: near(b), c: near(c), d: near(d), e: near(e), f: near(f) })))
}

/**
 * The chaos game: a point jumps by one map after another, chosen at random by how much area the map keeps
 * (|ad − bc|), and so visits the whole figure.
 * @param unevenness standard deviation of the logarithm by which the maps' chances vary; default 0
 */
export function walk(system: FunctionSystem, count: number, numbers: Stream, unevenness = 0): Points {
  const chances = system.map(({ a, b, c, d }) =>
    (Math.abs(a * d - b * c) + 0.01) * Math.exp(unevenness * numbers.normal()))
  const total = chances.reduce((sum, chance) => sum + chance)
  const points = new Float64Array(2 * count)
  let x = 0, y = 0
  for (let i = -approach; i < count; i++) {
    let rest = numbers.uniform() * total
    let chosen = 0
    while (chosen < system.length - 1 && (rest -= chances[chosen]) >= 0) chosen++
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

/** How many points fall on each pixel when the figure just fits the grid: [size, size]. */
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

/** The largest factor by which a map stretches anything: its matrix's first singular value. */
export function stretch({ a, b, c, d }: AffineMap): number {
  const sum = a * a + b * b + c * c + d * d
  const area = a * d - b * c
  return Math.sqrt((sum + Math.sqrt(Math.max(0, sum * sum - 4 * area * area))) / 2)
}

function drawMap(numbers: Stream): AffineMap {
  const entry = () => numbers.between(-1, 1)
  return { a: entry(), b: entry(), c: entry(), d: entry(), e: entry(), f: entry() }
}

/** Draws until a map shrinks every distance, without which there need be no figure. */
function shrinking(draw: () => AffineMap): AffineMap {
  for (;;) {
    const map = draw()
    if (stretch(map) < 1) return map
  }
}

function fill(points: Points, size: number): number {
  return countPoints(points, size).filter(count => count > 0).length / (size * size)
}
