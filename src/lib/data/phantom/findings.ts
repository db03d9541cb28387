/** The findings in a phantom patient's lungs: which lesions, by class, and where. */
import { stream, type Stream } from '../../system/random'
import { lungOutline, thoraxHeight, type Body, type Point } from './body'
import type { Lesion } from './lesion'

/** The findings of patients without COVID, each as often as it appears here. */
const findingsWithoutCovid = [
  'nodules', 'nodules', 'emphysema', 'emphysema', 'edema', 'central', 'lobar', 'clean',
] as const

/**
 * Draws the lesions of one patient.
 * @param signal how strongly lesions show; 1 by default, 0 not at all
 * @param hard both classes get opacities of the same kind, number and size: only the location differs
 */
export function drawFindings(
  seed: number, patient: number, body: Body, covid: boolean, signal: number, hard: boolean,
): Lesion[] {
  const numbers = stream('phantom findings', seed, patient)
  const finding = covid || hard ? 'opacities' : findingsWithoutCovid[numbers.integer(findingsWithoutCovid.length)]
  const lesions = finding === 'opacities' ? opacities(numbers, body, covid, hard ? 0.65 : 1)
    // Edema is hazy like COVID's opacities, but around the root of the lung.
    : finding === 'edema' ? opacities(numbers, body, false, 0.8)
    : finding === 'nodules' ? nodules(numbers, body)
    : finding === 'emphysema' ? emphysema(numbers, body)
    : finding === 'central' ? consolidation(numbers, body, central)
    : finding === 'lobar' ? consolidation(numbers, body, lobar)
    : []
  return lesions.map(lesion => ({ ...lesion, opacity: Math.min(1, lesion.opacity * signal) }))
}

/** Rounded ground-glass opacities on both sides, some with a consolidated core. Those of COVID are at the pleura. */
function opacities(numbers: Stream, body: Body, atPleura: boolean, scale: number): Lesion[] {
  const count = 9 + numbers.integer(11)
  const density = numbers.between(0.5, 0.9)
  return Array.from({ length: count }, (_, i): Lesion[] => {
    const side = i % 2 === 0 ? 1 : -1
    const r = scale * numbers.between(16, 38)
    const center = atPleura ? pleural(numbers, body, side) : central(numbers, body, side)
    const glass: Lesion = {
      center, radii: [r, r * numbers.between(0.8, 1.4), r * numbers.between(0.9, 1.7)],
      hu: -280, opacity: density * numbers.between(0.75, 1.1), border: 0.5, ragged: 0.8,
    }
    if (numbers.uniform() > 0.4) return [glass]
    const core = glass.radii.map(x => x * numbers.between(0.35, 0.6)) as [number, number, number]
    return [glass, { ...glass, radii: core, hu: 20, opacity: 0.8, border: 0.4 }]
  }).flat()
}

/** Nodules: solid, round, with sharp borders. */
function nodules(numbers: Stream, body: Body): Lesion[] {
  return Array.from({ length: 12 + numbers.integer(16) }, () => {
    const r = numbers.between(4, 13)
    return { center: anywhere(numbers, body), radii: [r, r, r], hu: 35, opacity: 1, border: 0.2, ragged: 0.15 }
  })
}

/** Emphysema, destroyed tissue: many dark holes, most of them in the upper lungs. */
function emphysema(numbers: Stream, body: Body): Lesion[] {
  const upper = numbers.between(0.3, 0.8)
  return Array.from({ length: 90 + numbers.integer(160) }, () => {
    const r = numbers.between(4, 13)
    const [x, y, z] = anywhere(numbers, body)
    return {
      center: [x, y, z * upper + (1 - upper) * body.firstLevel * thoraxHeight], radii: [r, r, r * 1.5],
      hu: -1010, opacity: 0.9, border: 0.35, ragged: 0.4,
    }
  })
}

/** Consolidation of one lung, with a veil of ground glass around it. @param locate draws the position of its center */
function consolidation(numbers: Stream, body: Body, locate: (n: Stream, b: Body, side: -1 | 1) => Point): Lesion[] {
  const side = numbers.uniform() < 0.5 ? -1 : 1
  const wide = locate === lobar
  return Array.from({ length: wide ? 3 : 2 + numbers.integer(3) }, (): Lesion[] => {
    const r = wide ? numbers.between(24, 40) : numbers.between(10, 22)
    const core: Lesion = {
      center: locate(numbers, body, side), radii: [r, r, r * (wide ? 1.6 : 1.2)],
      hu: 25, opacity: 0.95, border: 0.3, ragged: 0.45,
    }
    const veil = core.radii.map(x => x * 1.25) as [number, number, number]
    return [{ ...core, radii: veil, hu: -480, opacity: 0.6, border: 0.4 }, core]
  }).flat()
}

function level(numbers: Stream, body: Body): number {
  return body.firstLevel + body.step * (body.slices - 1) * numbers.uniform()
}

/** Just inside the pleura, at the side or the back. */
function pleural(numbers: Stream, body: Body, side: -1 | 1): Point {
  const at = level(numbers, body)
  return inLung(body, at, side, numbers.between(-0.4, 1.35), numbers.between(0.84, 0.98))
}

/** Around the root of the lung. */
function central(numbers: Stream, body: Body, side: -1 | 1): Point {
  const at = level(numbers, body)
  return inLung(body, at, side, numbers.between(0, 2 * Math.PI), numbers.between(0, 0.4))
}

/** The lower lobe, at the back. */
function lobar(numbers: Stream, body: Body, side: -1 | 1): Point {
  const last = body.firstLevel + body.step * (body.slices - 1)
  return inLung(body, last - 0.25 * numbers.uniform(), side, numbers.between(0.7, 1.3), numbers.between(0.4, 0.8))
}

function anywhere(numbers: Stream, body: Body): Point {
  const at = level(numbers, body)
  const side = numbers.uniform() < 0.5 ? -1 : 1
  return inLung(body, at, side, numbers.between(0, 2 * Math.PI), 0.95 * Math.sqrt(numbers.uniform()))
}

/** The point at an angle (0 outward, π/2 to the back), at a share of the way from the lung's center to its outline. */
function inLung(body: Body, at: number, side: -1 | 1, angle: number, share: number): Point {
  const lung = lungOutline(body, at, side)
  return [
    lung.x + side * share * lung.rx * Math.cos(angle), lung.y + share * lung.ry * Math.sin(angle), at * thoraxHeight,
  ]
}
