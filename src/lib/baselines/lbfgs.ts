/** Finding where a smooth function is lowest: limited-memory BFGS (Nocedal 1980; Liu and Nocedal 1989). */

/** A function's value at a point, and its gradient there. */
export interface Slope {
  value: number
  gradient: Float64Array
}

export interface MinimizeOptions {
  /** The search ends where no part of the gradient is larger than this. Default 1e-6. */
  tolerance?: number
  /** The most steps. Default 1000. */
  steps?: number
}

/** A step, and what it did to the gradient: what is known of the curvature. */
interface Pair {
  step: Float64Array
  change: Float64Array
  /** Their product: above 0 where the function curves upwards. */
  product: number
}

/** So many pairs are remembered. */
const memory = 10

/**
 * The point at which a convex function is lowest.
 * @param start not changed
 * @returns where the gradient vanishes within the tolerance, or where the steps ran out or gained nothing more
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

/** Minus the gradient, turned and scaled by what the pairs tell of the curvature ('two loops'). */
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

/** The first point along a direction that is lower by a fair share of what the slope promises (Armijo 1966). */
function lower(
  slopeAt: (point: Float64Array) => Slope, point: Float64Array, here: Slope, direction: Float64Array, first: number,
): (Slope & { point: Float64Array }) | null {
  const promise = dot(here.gradient, direction)
  for (let length = first; length > 1e-12 * first; length /= 2) {
    const next = point.map((value, i) => value + length * direction[i])
    const there = slopeAt(next)
    if (there.value <= here.value + 1e-4 * length * promise) return { ...there, point: next }
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
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}
