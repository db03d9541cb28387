/** Histograms of oriented gradients: which way edges run, place by place (Dalal and Triggs 2005). Browser-safe. */
import { requireInRange } from '../system/errors'

/** How gradients are collected. */
export interface HogOptions {
  /** Ranges of direction between 0° and 180°. Default 9. */
  orientations?: number
  /** Width and height of a cell in pixels. Default 8. */
  cell?: number
  /** Width and height of a block in cells; histograms are normalized block by block. Default 2. */
  block?: number
}

/** Keeps a block without edges from being divided by 0. */
const epsilon = 1e-5
/** No histogram value of a normalized block is larger, so that one strong edge does not decide alone ('L2-Hys'). */
const largest = 0.2

/**
 * The histograms of oriented gradients of a grey image, as scikit-image's `hog` computes them from floating-point
 * numbers with 'L2-Hys'. Pixels beyond the last whole cell are left out.
 * @param pixels [height, width], row by row
 * @returns block by block (row by row), in each its cells, in each cell its orientations
 * @throws LabError 'bad-argument' where the image has no room for one block
 * @example hog(image.data, { width: 64, height: 64 }).length   // 7 × 7 blocks × 4 cells × 9 = 1764
 */
export function hog(
  pixels: ArrayLike<number>, { width, height }: { width: number; height: number }, options: HogOptions = {},
): Float64Array {
  const { orientations = 9, cell = 8, block = 2 } = options
  const columns = Math.floor(width / cell), rows = Math.floor(height / cell)
  requireInRange('the cells of a block along a side', block, { low: 1, high: Math.min(rows, columns), whole: true },
    'Use a larger image, or smaller cells')
  const cells = cellHistograms(pixels, { width, height, columns, rows, cell, orientations })
  const across = columns - block + 1, down = rows - block + 1, length = block * block * orientations
  const features = new Float64Array(across * down * length)
  for (let row = 0; row < down; row++)
    for (let column = 0; column < across; column++) {
      const start = (row * across + column) * length
      for (let r = 0; r < block; r++) {
        const from = ((row + r) * columns + column) * orientations
        features.set(cells.subarray(from, from + block * orientations), start + r * block * orientations)
      }
      normalize(features.subarray(start, start + length))
    }
  return features
}

/** The grid of cells over an image. */
interface Grid {
  width: number
  height: number
  columns: number
  rows: number
  cell: number
  orientations: number
}

/** The mean gradient of each cell in each range of direction: [rows, columns, orientations]. */
function cellHistograms(pixels: ArrayLike<number>, grid: Grid): Float64Array {
  const { width, height, columns, rows, cell, orientations } = grid
  const histograms = new Float64Array(rows * columns * orientations)
  for (let y = 0; y < rows * cell; y++)
    for (let x = 0; x < columns * cell; x++) {
      const i = y * width + x
      const down = y > 0 && y < height - 1 ? pixels[i + width] - pixels[i - width] : 0
      const right = x > 0 && x < width - 1 ? pixels[i + 1] - pixels[i - 1] : 0
      if (down === 0 && right === 0) continue
      const degrees = Math.atan2(down, right) * (180 / Math.PI)
      const angle = (degrees + 180) % 180
      const range = Math.min(orientations - 1, Math.floor(angle * orientations / 180))
      const into = Math.floor(y / cell) * columns + Math.floor(x / cell)
      histograms[into * orientations + range] += Math.hypot(down, right) / (cell * cell)
    }
  return histograms
}

/** To length 1, then no value above .2, then to length 1 again. */
function normalize(values: Float64Array): void {
  divideByLength(values)
  for (let i = 0; i < values.length; i++) values[i] = Math.min(values[i], largest)
  divideByLength(values)
}

function divideByLength(values: Float64Array): void {
  let squares = epsilon * epsilon
  for (const value of values) squares += value * value
  const length = Math.sqrt(squares)
  for (let i = 0; i < values.length; i++) values[i] /= length
}
