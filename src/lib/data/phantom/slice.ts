/** Drawing one slice of a patient: the picture that a scanner would make, and the mask of its lesions. */
import type { Image } from '../../images/image'
import { stream } from '../../system/random'
import { paintChest, paintOrgans } from './anatomy'
import { levelOf, thoraxHeight, type Body } from './body'
import { blur } from './blur'
import { blankCanvas, type Canvas } from './canvas'
import { paintLesions, type Lesion } from './lesion'
import { smoothNoise } from './noise'
import { paintCornerMark } from './planted-pixels'
import { paintVessels, type Vessel } from './vessels'

/** A patient's body, vessels and lesions. */
export interface PhantomPatient {
  seed: number
  number: number
  body: Body
  vessels: readonly Vessel[]
  lesions: readonly Lesion[]
  /** Whether the pictures carry a bright square in a corner: the planted shortcut. */
  marked: boolean
}

/** One slice as grey levels, and the mask of its lesions (255 inside, 0 outside). */
export interface PhantomSlice { image: Image; mask: Image }

/** Draws one slice; the same patient, slice and size give the same bytes. */
export function drawSlice(patient: PhantomPatient, slice: number, size: number): PhantomSlice {
  const { body, seed, number } = patient
  const level = levelOf(body, slice)
  const texture = stream('phantom texture', seed, number).integer(2 ** 31)
  const canvas = blankCanvas(size, body.view, body.warp)
  paintChest(canvas, body, level)
  paintLungTissue(canvas, body, level, texture)
  const lesion = paintLesions(canvas, patient.lesions, level * thoraxHeight, texture)
  paintVessels(canvas, patient.vessels, level, body.blood)
  paintOrgans(canvas, body, level)
  const grey = scan(canvas, body, stream('phantom noise', seed, number, slice))
  if (patient.marked) paintCornerMark({ width: size, height: size, channels: 1, data: grey })
  const mask = Uint8Array.from(lesion, (part, i) => part > 0.5 && canvas.lung[i] > 0.5 ? 255 : 0)
  const picture = (data: Uint8Array): Image => ({ width: size, height: size, channels: 1, data })
  return { image: picture(grey), mask: picture(mask) }
}

/** Paints aerated tissue: denser towards the back, a little uneven. */
function paintLungTissue(canvas: Canvas, body: Body, level: number, seed: number): void {
  const { x, y, hu, lung } = canvas
  for (let i = 0; i < hu.length; i++) {
    if (lung[i] === 0) continue
    const uneven = smoothNoise(seed + 2, x[i] / 14, y[i] / 14, level * thoraxHeight / 20)
    hu[i] += lung[i] * (body.gradient * (y[i] / body.depth) + 22 * uneven)
  }
}

/** Adds noise, smooths as a reconstruction filter does, and applies the window from Hounsfield units to grey levels. */
function scan(canvas: Canvas, body: Body, numbers: { normal(): number }): Uint8Array {
  const { noise, smooth, low, high, floor } = body.scanner
  for (let i = 0; i < canvas.hu.length; i++) canvas.hu[i] += noise * numbers.normal()
  const soft = blur(canvas.hu, canvas.size)
  const grey = new Uint8Array(soft.length)
  for (let i = 0; i < grey.length; i++) {
    const measured = canvas.hu[i] + smooth * (soft[i] - canvas.hu[i])
    grey[i] = Math.round(floor + (255 - floor) * Math.min(1, Math.max(0, (measured - low) / (high - low))))
  }
  return grey
}
