/** One picture of a fractal: a variation of its class's system, turned, unevenly dense, blotted and noisy. */
import type { Image } from '../../images/image'
import type { Stream } from '../../system/random'
import { countPoints, vary, walk, type FunctionSystem, type Points } from './iterated-function-system'

/** Relative change of the maps' entries from image to image of one class. */
const change = 0.04
/** Standard deviation of the logarithm of the maps' probabilities. */
const unevenness = 0.3
/** The largest angle of turning, in radians, to either side. */
const turning = Math.PI / 12
/** Average number of points in a pixel: enough for a grey scale. */
const density = 4

/**
 * Draws one image of a class: the figure, bright on black, and noise.
 * @param system the class
 * @param size width and height in pixels
 * @param numbers decides everything that varies
 */
export function drawFractal(system: FunctionSystem, size: number, numbers: Stream): Image {
  return noisy(drawFigure(system, size, numbers).map(brightness => 255 * brightness), size, numbers)
}

/**
 * Draws one variation of a system as brightness, 0 to 1: [size, size]. The figure just fits the square.
 * @param numbers decides how the figure differs from other variations of the system
 */
export function drawFigure(system: FunctionSystem, size: number, numbers: Stream): Float32Array {
  const points = walk(vary(system, change, numbers), density * size * size, numbers, unevenness)
  turn(points, numbers.between(-turning, turning))
  const counts = blot(countPoints(points, size), size, 1 + numbers.integer(511))
  const highest = Math.log1p(counts.reduce((high, count) => Math.max(high, count)))
  const gamma = numbers.between(0.7, 1.3)
  return counts.map(count => (Math.log1p(count) / highest) ** gamma)
}

/** Grey values as an image, with noise of a standard deviation of 2 to 10 levels. */
export function noisy(greys: Float32Array, size: number, numbers: Stream): Image {
  const noise = numbers.between(2, 10)
  const data = Uint8Array.from(greys, grey => Math.round(Math.min(255, Math.max(0, grey + noise * numbers.normal()))))
  return { width: size, height: size, channels: 1, data }
}

/** Turns points about the origin. */
function turn(points: Points, angle: number): void {
  const cos = Math.cos(angle), sin = Math.sin(angle)
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i], y = points[i + 1]
    points[i] = cos * x - sin * y
    points[i + 1] = sin * x + cos * y
  }
}

/** Replaces every point by a 3×3 pattern, whose nine bits say which pixels it covers (after Kataoka et al.). */
function blot(counts: Float32Array, size: number, pattern: number): Float32Array {
  const blotted = new Float32Array(counts.length)
  for (let bit = 0; bit < 9; bit++) {
    if (!(pattern >> bit & 1)) continue
    const down = Math.floor(bit / 3) - 1, right = bit % 3 - 1
    for (let row = Math.max(0, -down); row < size - Math.max(0, down); row++)
      for (let column = Math.max(0, -right); column < size - Math.max(0, right); column++)
        blotted[(row + down) * size + column + right] += counts[row * size + column]
  }
  return blotted
}
