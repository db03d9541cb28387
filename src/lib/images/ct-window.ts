/** From CT numbers to grey levels, through a window as CT viewers have it. */

/** The range of CT numbers, in Hounsfield units, that is shown in greys; lower is black, higher is white. */
export interface CtWindow {
  center: number
  width: number
}

/** Windows as radiologists set them for the chest. */
export const ctWindows = {
  lung: { center: -600, width: 1500 },
  'soft tissue': { center: 40, width: 400 },
} as const satisfies Record<string, CtWindow>

/** Typical CT numbers in Hounsfield units. Air is −1000 and water 0 by definition. */
export const ctNumbers = {
  'air': -1000, 'healthy lung': -850, 'ground-glass opacity': -600, 'fat': -100, 'water': 0,
  'blood, muscle': 50, 'consolidation': 30, 'bone': 700,
} as const

/**
 * The grey level of a CT number through a window: 0 to 255, not rounded.
 * @example greyLevel(-600, ctWindows.lung)   // 127.5
 */
export function greyLevel(hounsfield: number, { center, width }: CtWindow): number {
  const share = (hounsfield - (center - width / 2)) / width
  return 255 * Math.min(1, Math.max(0, share))
}

/**
 * The CT number of a tissue in Hounsfield units: 1000 (μ − μ of water) / μ of water.
 * @param attenuation μ: how strongly the tissue attenuates X-rays, per centimeter
 * @param water the same of water
 */
export function hounsfield(attenuation: number, water: number): number {
  return 1000 * (attenuation - water) / water
}
