/** One picture of a fractal: a relative of its class's system, turned, unevenly dense, blotted and noisy. */
import type { Image } from '../../images/image'
import type { Stream } from '../../system/random'
import { countPoints, relative, walk, type FunctionSystem, type Points } from './iterated-function-system'

/** Relative change of the entries of the maps, from image to image of one class. */
const change = 0.04
/** Spread of the chances of the maps, natural logarithm. */
const unevenness = 0.3
/** Radians, either way. */
const turning = Math.PI / 12
/** Points a pixel, about: enough for a grey scale. */
const density = 4

/**
 * Draws one image of a class: the figure, bright on black, and noise.
 * @param system the class
 * @param size width and height in pixels
 * @param numbers decides all that varies
 */
export function drawFractal(system: FunctionSystem, size: number, numbers: Stream): Image {
  return noisy(drawFigure(system, size, numbers).map(brightness => 255 * brightness), size, numbers)
}

/**
 * One relative of a system as brightness, 0 … 1: [size, size]. The figure just fits the square.
 * @param numbers decides how it differs from the system's other relatives
 */
export function drawFigure(system: FunctionSystem, size: number, numbers: Stream): Float32Array {
  const points = walk(relative(system, change, numbers), density * size * size, numbers, unevenness)
  turn(points, numbers.between(-turning, turning))
  const counts = blot(countPoints(points, size), size, 1 + numbers.integer(511))
  const most = Math.log1p(counts.reduce((high, count) => Math.max(high, count)))
  const gamma = numbers.between(0.7, 1.3)
  return counts.map(count => (Math.log1p(count) / most) ** gamma)
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

/** Every point leaves a 3×3 pattern, given by nine bits, instead of a dot (after Kataoka et al.). */
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
