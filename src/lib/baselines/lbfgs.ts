/** Minimizing a smooth function: limited-memory BFGS (Nocedal 1980; Liu and Nocedal 1989). */

/** A function's value at a point, and its gradient there. */
export interface Slope {
  value: number
  gradient: Float64Array
}

export interface MinimizeOptions {
  /** The search ends when no component of the gradient is larger. Default 1e-6. */
  tolerance?: number
  /** The largest number of steps. Default 1000. */
  steps?: number
}

/** A step and the change of the gradient that it made: together they tell about the curvature. */
interface Pair {
  step: Float64Array
  change: Float64Array
  /** Inner product of step and change: above 0 where the function curves upwards. */
  product: number
}

/** How many pairs are remembered. */
const memory = 10

/**
 * The minimum of a convex function.
 * @param start not changed
 * @returns a point where the gradient vanishes within the tolerance, or the last point when the steps run out or no
 *   step lowers the function
 */
export function minimize(
  slopeAt: (point: Float64Array) => Slope, start: Float64Array,
  { tolerance = 1e-6, steps = 1000 }: MinimizeOptions = {},
): Float64Array {
  const pairs: Pair[] = []
  let point: Float64Array = Float64Array.from(start), here = slopeAt(point)
  for (let count = 0; count < steps && largest(here.gradient) > tolerance; count++) {
    const direction = descent(here.gradient, pairs)
    const next = lower(slopeAt, point, here, direction, pairs.length ? 1 : 1 / Math.sqrt(dot(direction, direction)))
    if (!next) break
    const step = difference(next.point, point), change = difference(next.gradient, here.gradient)
    const product = dot(step, change)
    if (product > 0) pairs.push({ step, change, product })
    if (pairs.length > memory) pairs.shift()
    point = next.point
    here = next
  }
  return point
}

/** The search direction by two-loop recursion: the gradient times minus the inverse Hessian that the pairs imply. */
function descent(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const direction = gradient.map(value => -value)
  const shares = pairs.map(() => 0)
  for (let i = pairs.length - 1; i >= 0; i--) {
    shares[i] = dot(pairs[i].step, direction) / pairs[i].product
    addTo(direction, pairs[i].change, -shares[i])
  }
  const last = pairs.at(-1)
  if (last) {
    const scale = last.product / dot(last.change, last.change)
    direction.forEach((value, i) => { direction[i] = scale * value })
  }
  pairs.forEach(({ step, change, product }, i) => addTo(direction, step, shares[i] - dot(change, direction) / product))
  return direction
}

/** The first point along a direction that lowers the function enough for its slope (Armijo 1966); null if none does. */
function lower(
  slopeAt: (point: Float64Array) => Slope, point: Float64Array, here: Slope, direction: Float64Array, first: number,
): (Slope & { point: Float64Array }) | null {
  const slope = dot(here.gradient, direction)
  for (let length = first; length > 1e-12 * first; length /= 2) {
    const next = point.map((value, i) => value + length * direction[i])
    const there = slopeAt(next)
    if (there.value <= here.value + 1e-4 * length * slope) return { ...there, point: next }
  }
  return null
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i])
}

function addTo(target: Float64Array, values: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] += factor * values[i]
}

function largest(values: Float64Array): number {
  return values.reduce((maximum, value) => Math.max(maximum, Math.abs(value)), 0)
}
