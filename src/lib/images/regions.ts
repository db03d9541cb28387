/** Connected regions of a mask. Browser-safe. */

/** One region: pixels that touch at their sides. */
export interface Region {
  /** Positions of its pixels, row by row from 0. */
  pixels: number[]
}

/**
 * The regions of a mask, in the order of their first pixels. Pixels belong together where they touch at their sides.
 * @param inside [height, width]: anything but 0 is inside
 */
export function regionsOf(inside: ArrayLike<number>, width: number): Region[] {
  const seen = new Uint8Array(inside.length), regions: Region[] = []
  const visit = (pixel: number, pixels: number[]) => {
    if (!inside[pixel] || seen[pixel]) return
    seen[pixel] = 1
    pixels.push(pixel)
  }
  for (let start = 0; start < inside.length; start++) {
    if (!inside[start] || seen[start]) continue
    seen[start] = 1
    const pixels = [start]
    // The list grows while it is read: a breadth-first search.
    for (let i = 0; i < pixels.length; i++) {
      const pixel = pixels[i], x = pixel % width
      if (x > 0) visit(pixel - 1, pixels)
      if (x < width - 1) visit(pixel + 1, pixels)
      if (pixel >= width) visit(pixel - width, pixels)
      if (pixel + width < inside.length) visit(pixel + width, pixels)
    }
    regions.push({ pixels })
  }
  return regions
}
