/** The findings: opacities, where fluid or cells have taken the place of air in a part of a lung. */
import { stream } from '../../system/random'
import { smoothNoise } from '../phantom/noise'
import { visit } from '../phantom/grid'
import { inLung, type Chest } from './chest'
import { smoothstep, type Plate, type PlanePoint } from './plate'

/** A rounded region with a ragged border (mm). */
export interface Opacity {
  center: PlanePoint
  radii: PlanePoint
  /** Air that it takes away from a ray through its middle (mm). */
  depth: number
}

/** Air that an opacity must take away from a ray so that the mask marks the pixel (mm). */
const markedFrom = 7

/**
 * Draws two to five opacities of a patient, most of them in the lower lungs.
 * @param signal how strongly they show; 1 by default, 0 not at all
 */
export function drawOpacities(seed: number, patient: number, chest: Chest, signal: number): Opacity[] {
  const numbers = stream('radiograph opacities', seed, patient)
  const count = 2 + numbers.integer(4)
  const first = numbers.uniform() < 0.5 ? -1 : 1
  return Array.from({ length: count }, (_, k): Opacity => {
    const side = k % 2 === 0 ? first : first === 1 ? -1 : 1
    const r = numbers.between(20, 42) * (count === 2 ? 1.2 : 1)
    return {
      center: inLung(chest, side, 1 - 0.8 * numbers.uniform() ** 1.4, numbers.between(0.15, 0.9)),
      radii: [r, r * numbers.between(0.7, 1.2)], depth: signal * numbers.between(45, 90),
    }
  })
}

/** Paints opacities into the lungs. @returns 255 where they are, 0 elsewhere, [size × size] */
export function paintOpacities(
  plate: Plate, opacities: readonly Opacity[], strength: number, seed: number,
): Uint8Array {
  const mask = new Uint8Array(plate.air.length)
  for (const { center: [cx, cy], radii: [rx, ry], depth } of opacities)
    visit(plate, cx, cy, 1.5 * rx, 1.5 * ry, i => {
      const x = plate.x[i], y = plate.y[i]
      const rough = smoothNoise(seed, x / 15, y / 15, 0) + 0.6 * smoothNoise(seed + 1, x / 6, y / 6, 0)
      const inside = 1 - Math.sqrt(((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2) + 0.42 * rough
      if (inside <= 0) return
      const taken = Math.min(plate.air[i], strength * depth * smoothstep(0, 0.95, inside) * (0.9 + 0.35 * rough))
      if (taken <= 0) return
      plate.air[i] -= taken
      if (taken >= markedFrom) mask[i] = 255
    })
  return mask
}
