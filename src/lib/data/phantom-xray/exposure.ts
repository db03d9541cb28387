/** From a plate to a picture: exposure, noise, development and the letter that marks the side, as a site has them. */
import { stream } from '../../system/random'
import { blur } from '../phantom/blur'
import type { Plate } from './plate'

/** Where a radiograph was taken: exposure and marks of the two sites differ. */
export type Site = 'A' | 'B'

/** Absorption of a millimeter of soft tissue. */
const absorption = 0.018

/** How much a millimeter of air in a lung absorbs less than tissue: a lung is a quarter tissue. */
const airiness = 0.76

/** Both sites' exposure: darkest and brightest sum of absorption, gamma, noise, sharpening, letter. */
const sites = {
  A: { low: 0.75, high: 4.6, gamma: 1, noise: 0.018, sharpen: 0.3, letter: 'L' },
  B: { low: 1.05, high: 4.25, gamma: 1.2, noise: 0.034, sharpen: 0.9, letter: 'R' },
} as const

/** Grey levels of the radiograph: bright where rays are absorbed. */
export function expose(
  plate: Plate, site: Site, seed: number, patient: number, image: number, nuisance: number,
): Uint8Array {
  const { size, tissue, air, bone } = plate
  const { low, high, gamma, noise, sharpen, letter } = sites[site]
  const numbers = stream('radiograph exposure', seed, patient, image)
  const around = (middle: number, reach: number) => middle + nuisance * reach * numbers.between(-1, 1)
  const darkest = around(low, 0.14), brightest = around(high, 0.22), curve = around(gamma, 0.08)
  const absorbed = Float32Array.from(tissue, (mm, i) => {
    const sum = absorption * (mm - airiness * Math.min(mm, air[i]) + bone[i])
    // Fewer quanta pass where more are absorbed: the noise grows.
    return sum + noise * Math.exp(0.2 * sum) * numbers.normal()
  })
  const soft = blur(blur(absorbed, size), size)
  const grey = new Uint8Array(absorbed.length)
  for (let i = 0; i < grey.length; i++) {
    const value = soft[i] + (1 + sharpen) * (absorbed[i] - soft[i]) * 0.6
    grey[i] = Math.round(255 * Math.min(1, Math.max(0, (value - darkest) / (brightest - darkest))) ** curve)
  }
  drawLetter(grey, size, letter, numbers.between(0, 0.02))
  return grey
}

/** Strokes of the letters on a grid of 4 × 6, as lines between points. */
const strokes = {
  L: [[0, 0, 0, 6], [0, 6, 4, 6]],
  R: [[0, 0, 0, 6], [0, 0, 3, 0], [3, 0, 4, 1.5], [4, 1.5, 3, 3], [3, 3, 0, 3], [1.8, 3, 4, 6]],
} as const

/** Draws the letter that marks the patient's left (on the right of the picture) or right side. */
function drawLetter(grey: Uint8Array, size: number, letter: keyof typeof strokes, shift: number): void {
  const step = 0.009 * size, left = (letter === 'L' ? 0.915 : 0.045) * size - shift * size, top = (0.09 + shift) * size
  const half = Math.max(0.6, 0.006 * size)
  const end = Math.ceil(top + 7 * step)
  for (let row = Math.floor(top - step); row <= end; row++)
    for (let column = Math.floor(left - step); column <= left + 5 * step; column++) {
      const distance = Math.min(...strokes[letter].map(([x0, y0, x1, y1]) => {
        const dx = (x1 - x0) * step, dy = (y1 - y0) * step
        const px = column + 0.5 - left - x0 * step, py = row + 0.5 - top - y0 * step
        const t = Math.min(1, Math.max(0, (px * dx + py * dy) / (dx * dx + dy * dy)))
        return Math.hypot(px - t * dx, py - t * dy)
      }))
      const cover = Math.min(1, Math.max(0, 0.5 + half - distance))
      const i = row * size + column
      grey[i] = Math.round(grey[i] + cover * (250 - grey[i]))
    }
}
