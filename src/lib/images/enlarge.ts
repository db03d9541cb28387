/** Enlarging a map of numbers. Browser-safe. */
import type { FeatureMap } from './feature-map'

/**
 * A map in another size, linear between the centers of neighboring pixels, and constant beyond the outermost centers:
 * PyTorch's `interpolate` with `mode='bilinear'`, OpenCV's INTER_LINEAR. For a smaller size use `resizeArea`.
 * @param width of the result in pixels, 1 or more; so is the height
 */
export function enlargeMap({ width, height, data }: FeatureMap, newWidth: number, newHeight: number): FeatureMap {
  const columns = neighbors(width, newWidth), rows = neighbors(height, newHeight)
  const enlarged = new Float32Array(newWidth * newHeight)
  rows.forEach((row, y) => columns.forEach((column, x) => {
    const inRow = (r: number) => mixed(data[r * width + column.first], data[r * width + column.second], column.share)
    enlarged[y * newWidth + x] = mixed(inRow(row.first), inRow(row.second), row.share)
  }))
  return { width: newWidth, height: newHeight, data: enlarged }
}

/** The two pixels between which a new pixel's center lies, and how much of the second one counts. */
interface Neighbors {
  first: number
  second: number
  /** 0 to 1. */
  share: number
}

function neighbors(length: number, newLength: number): Neighbors[] {
  return Array.from({ length: newLength }, (_, i) => {
    const center = Math.min(length - 1, Math.max(0, (i + 0.5) * length / newLength - 0.5))
    const first = Math.floor(center)
    return { first, second: Math.min(first + 1, length - 1), share: center - first }
  })
}

function mixed(a: number, b: number, share: number): number {
  return a + share * (b - a)
}
