/**
 * Comparing the details of two images that may be shifted by a pixel against each other: a copy that was cut or resized
 * anew is, and its details then agree in no pixel.
 */
import { correlation, type GreyImages } from '../data/alike/near-duplicates'
import { detailVectors } from '../data/alike/details'

/**
 * The share of the image at each side that is not compared: frames and texts of one site are the same in images of
 * different patients there, and their lines are details. Measured on 240 phantom patients of one image each, CT and
 * X-ray, with and without a site's frame: images of two patients reach 0.72 at most (0.78 with copies among them),
 * copies 0.89 or more. With the edge, images from one site chain.
 */
const edgeShare = 1 / 16
/** Pixels by which one image may be shifted, in each direction. */
const reach = 1
/**
 * The correlation of details at half the size from which shifts are tried. Measured on 160 phantoms and copies shifted
 * by a pixel in each direction: at least 0.66 for copies, more than 0.6 for a tenth of all other pairs.
 */
const leastAtHalfSize = 0.6
/** Of the rows, only each fourth one decides which shift is best. */
const rowStep = 4
/** Subtracted where a shift was tried: the best of nine chances is higher for images of different patients, too. */
const shiftPrice = 0.05

/** The correlation of the details of the images `i` and `j`, −1 to 1; of shifted ones where that is higher by 0.05. */
export type DetailComparison = (i: number, j: number) => number

/** @param whole images of a size that is even; their outermost sixteenth is left out */
export function compareDetails(whole: GreyImages): DetailComparison {
  const images = withoutEdge(whole), { size } = images
  const details = detailVectors(images), coarse = detailVectors(atHalfSize(images))
  return (i, j) => {
    const unshifted = correlation(details, i, j)
    if (correlation(coarse, i, j) < leastAtHalfSize) return unshifted
    const shiftedBy = (right: number, down: number, step: number) =>
      overlap(details.data, [i, j], size, [right, down], step)
    let best = { right: 0, down: 0, value: -1 }
    for (let down = -reach; down <= reach; down++)
      for (let right = -reach; right <= reach; right++) {
        const value = shiftedBy(right, down, rowStep)
        if (value > best.value) best = { right, down, value }
      }
    return Math.max(unshifted, shiftedBy(best.right, best.down, 1) - shiftPrice)
  }
}

function withoutEdge({ size, count, data }: GreyImages): GreyImages {
  const edge = Math.round(edgeShare * size), inner = size - 2 * edge
  const pixels = new Uint8Array(count * inner * inner)
  for (let i = 0, to = 0; i < count; i++)
    for (let y = edge; y < size - edge; y++, to += inner) {
      const from = (i * size + y) * size + edge
      pixels.set(data.subarray(from, from + inner), to)
    }
  return { size: inner, count, data: pixels }
}

/** Each pixel the mean of 2 × 2. */
function atHalfSize({ size, count, data }: GreyImages): GreyImages {
  const half = size / 2
  const means = new Uint8Array(count * half * half)
  for (let i = 0, to = 0; i < count; i++)
    for (let y = 0; y < half; y++)
      for (let x = 0; x < half; x++) {
        const from = (i * size + 2 * y) * size + 2 * x
        means[to++] = (data[from] + data[from + 1] + data[from + size] + data[from + size + 1] + 2) / 4
      }
  return { size: half, count, data: means }
}

/** The correlation of the pixels that two images share once the second is shifted; 0 where one of them is even. */
function overlap(
  data: Float32Array, [i, j]: readonly [number, number], size: number, [right, down]: readonly [number, number],
  step: number,
): number {
  const left = Math.max(0, -right), end = Math.min(size, size - right), bottom = Math.min(size, size - down)
  let count = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0
  for (let y = Math.max(0, -down); y < bottom; y += step) {
    const first = (i * size + y) * size, second = (j * size + y + down) * size + right
    for (let x = left; x < end; x++) {
      const p = data[first + x], q = data[second + x]
      a += p
      b += q
      aa += p * p
      bb += q * q
      ab += p * q
    }
    count += end - left
  }
  const scale = Math.sqrt((aa - a * a / count) * (bb - b * b / count))
  return scale > 0 ? (ab - a * b / count) / scale : 0
}
