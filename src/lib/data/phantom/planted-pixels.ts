/** What planted faults do to pixels: a mark in a corner, another site, a patient's second appearance. */
import type { Image } from '../../images/image'
import type { Stream } from '../../system/random'

/** How a patient's second appearance differs from the first. */
export interface CopyChange {
  /** Grey levels are multiplied by it: 0.92 to 1.08. */
  brightness: number
  /** Pixels to the right and down: −1, 0 or 1, not both 0. */
  shift: readonly [number, number]
}

/** Draws how a copy differs. */
export function drawCopyChange(random: Stream): CopyChange {
  const brightness = random.between(0.92, 1.08)
  const [right, down] = [[-1, 0], [1, 0], [0, -1], [0, 1], [-1, -1], [-1, 1], [1, -1], [1, 1]][random.integer(8)]
  return { brightness, shift: [right, down] }
}

/** Paints a bright square near the upper left corner, 5 % of the picture's shorter side wide, in place. */
export function paintCornerMark({ width, height, channels, data }: Image): void {
  const side = Math.min(width, height), margin = Math.round(side * 0.03)
  const end = Math.min(side, margin + Math.max(2, Math.round(side * 0.05)))
  for (let row = margin; row < end; row++)
    data.fill(255, (row * width + margin) * channels, (row * width + end) * channels)
}

/** Grey levels at the other site: multiplied by the contrast, moved up, with noise of this standard deviation. */
const otherSite = { contrast: 0.8, brightness: 26, noise: 5, border: 0.03 }

/** The picture as another site would store it: brighter, of less contrast, noisier, with a black border of 3 %. */
export function asOtherSite(image: Image, random: Stream): Image {
  const { width, height, channels, data } = image
  const { contrast, brightness, noise, border } = otherSite
  const edge = Math.max(1, Math.round(border * Math.min(width, height)))
  const changed = new Uint8Array(data.length)
  for (let row = edge; row < height - edge; row++)
    for (let column = edge; column < width - edge; column++) {
      const grain = noise * random.normal()
      for (let k = 0, i = (row * width + column) * channels; k < channels; k++, i++)
        changed[i] = greyOf(contrast * data[i] + brightness + grain)
    }
  return { ...image, data: changed }
}

/** The picture as it appears the second time. */
export function asCopy(image: Image, { brightness, shift }: CopyChange): Image {
  const moved = shifted(image, shift)
  return { ...moved, data: moved.data.map(level => greyOf(brightness * level)) }
}

/** The picture moved by whole pixels; what comes in at an edge repeats the edge. */
export function shifted(image: Image, [right, down]: readonly [number, number]): Image {
  const { width, height, channels, data } = image
  const moved = new Uint8Array(data.length)
  for (let row = 0, i = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const from = within(row - down, height) * width + within(column - right, width)
      for (let k = 0; k < channels; k++, i++) moved[i] = data[from * channels + k]
    }
  return { ...image, data: moved }
}

function within(position: number, length: number): number {
  return Math.min(length - 1, Math.max(0, position))
}

function greyOf(level: number): number {
  return Math.round(Math.min(255, Math.max(0, level)))
}
