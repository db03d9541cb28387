/** How sharp an image is: how strongly its brightness bends from pixel to pixel. */

/**
 * The variance of the Laplacian (each pixel's four neighbors minus four times the pixel; the border is mirrored), in
 * squared grey levels, as OpenCV's `Laplacian(image, CV_64F).var()`. Blur lowers it; noise and contrast raise it.
 * @param values [height, width], grey
 * @returns NaN for an image without pixels
 */
export function laplacianVariance(
  { width, height, data }: { width: number; height: number; data: Uint8Array | Float32Array },
): number {
  let sum = 0, squares = 0
  for (let row = 0, i = 0; row < height; row++) {
    const above = mirrored(row - 1, height) * width, below = mirrored(row + 1, height) * width
    for (let column = 0; column < width; column++, i++) {
      const left = row * width + mirrored(column - 1, width), right = row * width + mirrored(column + 1, width)
      const bend = data[above + column] + data[below + column] + data[left] + data[right] - 4 * data[i]
      sum += bend
      squares += bend * bend
    }
  }
  const count = width * height
  return squares / count - (sum / count) ** 2
}

/** The pixel's place, or that of its mirror image where it lies beyond the edge: 2 1 0 1 2. */
function mirrored(position: number, length: number): number {
  if (length === 1) return 0
  return position < 0 ? -position : position >= length ? 2 * length - 2 - position : position
}
