/** The lungs of an axial CT slice, by darkness and shape alone. Browser-safe. */
import { fillHull } from './convex-hull'
import type { Image } from './image'
import { otsuThreshold } from './otsu'
import { regionsOf } from './regions'

/** The lungs of one slice. */
export interface Lungs {
  /** 255 in the lungs, 0 elsewhere: of the image's size, one channel. */
  mask: Image
  /** The share of the image's pixels that it covers. */
  share: number
}

/**
 * Which shares of an image lungs may cover: less is an airway or the tip of a lung, more is no chest. In slices that
 * were cropped to the chest, lungs and what lies between them cover up to four fifths.
 */
const plausible = { low: 0.05, high: 0.85 }
/** Smaller regions, as shares of the image, are airways, vessels' gaps or gas in the bowel. */
const smallest = 0.01
/** How much of its convex hull a lung fills: less does a ring of air around the body. */
const fullest = 0.5

/**
 * Finds the lungs of a grey CT slice: regions darker than Otsu's threshold that are inside the body (those which
 * contain no corner of the image), each filled up to its convex hull and two pixels beyond, so that findings at the
 * pleura, which are as bright as the chest wall, lie inside. No knowledge of anatomy goes in: look at some masks before
 * relying on them.
 * @param image grey, one channel; 128 × 128 pixels suffice
 * @returns null where what is found cannot be the lungs: less than 5 % or more than 85 % of the image
 * @example findLungs(await ct.read(0))?.share
 */
export function findLungs({ width, height, data }: Image): Lungs | null {
  const threshold = otsuThreshold(data), area = width * height
  const dark = opened(Uint8Array.from(data, value => (value <= threshold ? 1 : 0)), width)
  const corners = [0, width - 1, area - width, area - 1]
  const mask = new Uint8Array(area), hull = new Uint8Array(area)
  for (const { pixels } of regionsOf(dark, width)) {
    if (pixels.length < smallest * area || corners.some(corner => pixels.includes(corner))) continue
    hull.fill(0)
    fillHull(pixels, hull, width)
    if (pixels.length < fullest * countInside(hull)) continue
    for (let i = 0; i < area; i++) mask[i] |= hull[i]
  }
  const share = countInside(mask) / area
  if (share < plausible.low || share > plausible.high) return null
  const wider = dilated(dilated(mask, width), width)
  return { mask: { width, height, channels: 1, data: wider }, share: countInside(wider) / area }
}

/** A mask without bridges of one or two pixels: eroded by one pixel, then dilated by one. Outside counts as inside. */
function opened(mask: Uint8Array, width: number): Uint8Array {
  const inverted = (one: Uint8Array) => one.map(value => 1 - value)
  return dilated(inverted(dilated(inverted(mask), width)), width)
}

/** A mask that is a pixel wider at every side. */
function dilated(mask: Uint8Array, width: number): Uint8Array {
  return mask.map((value, i) => {
    const x = i % width
    return value | (x > 0 ? mask[i - 1] : 0) | (x < width - 1 ? mask[i + 1] : 0)
      | (i >= width ? mask[i - width] : 0) | (i + width < mask.length ? mask[i + width] : 0)
  })
}

function countInside(mask: Uint8Array): number {
  let count = 0
  for (const value of mask) if (value > 0) count++
  return count
}
