/** From CT numbers to grey levels: what a viewer's window does. */

/** A window in Hounsfield units: what is shown in greys. Below it all is black, above it all is white. */
export interface CtWindow {
  center: number
  width: number
}

/** Windows as radiologists set them for the chest. */
export const ctWindows = {
  lung: { center: -600, width: 1500 },
  'soft tissue': { center: 40, width: 400 },
} as const satisfies Record<string, CtWindow>

/** About what a CT scanner measures, in Hounsfield units: air is −1000 and water 0 by definition. */
export const ctNumbers = {
  'air': -1000, 'healthy lung': -850, 'ground-glass opacity': -600, 'fat': -100, 'water': 0,
  'blood, muscle': 50, 'consolidation': 30, 'bone': 700,
} as const

/** The grey level, 0 to 255, of a CT number through a window. Not rounded. */
export function greyLevel(hounsfield: number, { center, width }: CtWindow): number {
  const share = (hounsfield - (center - width / 2)) / width
  return 255 * Math.min(1, Math.max(0, share))
}

/** How a CT number is defined: 1000 (μ − μ of water) / μ of water, with μ the attenuation of X-rays a centimetre. */
export function hounsfield(attenuation: number, ofWater: number): number {
  return 1000 * (attenuation - ofWater) / ofWater
}
