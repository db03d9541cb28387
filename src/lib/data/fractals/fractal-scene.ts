/**
 * A fractal that is harder to see: on a cloudy background instead of black, with random contrast, partly hidden by a
 * smaller fractal of another class, sometimes out of focus.
 */
import { smoothNoise } from '../phantom/noise'
import type { Image } from '../../images/image'
import type { Stream } from '../../system/random'
import { drawFigure, noisy } from './fractal-image'
import type { FunctionSystem } from './iterated-function-system'

/**
 * Draws one image of a class.
 * @param system the class
 * @param other the class of the figure in front
 * @param size width and height in pixels
 * @param numbers decides everything that varies
 */
export function drawScene(system: FunctionSystem, other: FunctionSystem, size: number, numbers: Stream): Image {
  const greys = clouds(size, numbers)
  paint(greys, size, system, numbers.between(0.8, 1), numbers)
  paint(greys, size, other, numbers.between(0.2, 0.35), numbers)
  if (numbers.uniform() < 0.5) blur(greys, size)
  return noisy(greys, size, numbers)
}

/** Three octaves of smooth noise around a dark grey. */
function clouds(size: number, numbers: Stream): Float32Array {
  const seed = numbers.integer(2 ** 31)
  const middle = numbers.between(20, 100), contrast = numbers.between(5, 40)
  const coarse = numbers.between(2, 6) / size
  return Float32Array.from({ length: size * size }, (_, i) => {
    const x = i % size * coarse, y = Math.floor(i / size) * coarse
    const octave = (k: number) => smoothNoise(seed, k * x, k * y, k) / k
    return middle + contrast * (octave(1) + octave(2) + octave(4))
  })
}

/** Draws a figure at a random position. @param share side of the figure as a share of the picture's side */
function paint(greys: Float32Array, size: number, system: FunctionSystem, share: number, numbers: Stream): void {
  const side = Math.round(share * size)
  const top = numbers.integer(size - side + 1), left = numbers.integer(size - side + 1)
  const figure = drawFigure(system, side, numbers)
  const level = numbers.between(150, 255)
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const i = (top + row) * size + left + column
      greys[i] += figure[row * side + column] * (level - greys[i])
    }
}

/** Applies the 3×3 binomial filter once; pixels on the border do not change. */
function blur(greys: Float32Array, size: number): void {
  const from = greys.slice()
  for (let row = 1; row < size - 1; row++)
    for (let i = row * size + 1; i < (row + 1) * size - 1; i++) {
      const column = (middle: number) => from[middle - size] + 2 * from[middle] + from[middle + size]
      greys[i] = (column(i - 1) + 2 * column(i) + column(i + 1)) / 16
    }
}
