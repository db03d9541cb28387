/** Which values are printed as a figure, by three ways of rounding. */
import type { ReadFigure } from './printed'
import { compareToHalves, type Ratio } from './ratio'

/** 'nearest' is half up or half even, whichever fits. */
export const roundings = ['half up', 'half even', 'truncated'] as const
export type Rounding = (typeof roundings)[number] | 'nearest'

/** An interval in half units of the last printed digit. */
interface Bounds {
  low: number
  lowIncluded: boolean
  high: number
  highIncluded: boolean
}

/** Below 0 where a value is too low to be printed as the figure, above 0 where it is too high, 0 where it fits. */
export function compareToPrint(value: Ratio, { digits, scale }: ReadFigure, rounding: Rounding): number {
  const { low, lowIncluded, high, highIncluded } = boundsOf(digits, rounding)
  const fromLow = compareToHalves(value, low, scale)
  if (fromLow < 0 || (fromLow === 0 && !lowIncluded)) return -1
  const fromHigh = compareToHalves(value, high, scale)
  return fromHigh > 0 || (fromHigh === 0 && !highIncluded) ? 1 : 0
}

/** The roundings by which every value is printed as its figure. */
export function roundingsOf(values: readonly Ratio[], figures: readonly ReadFigure[]): (typeof roundings)[number][] {
  return roundings.filter(rounding => values.every((value, i) => compareToPrint(value, figures[i], rounding) === 0))
}

function boundsOf(digits: number, rounding: Rounding): Bounds {
  if (digits < 0) {
    const { low, lowIncluded, high, highIncluded } = boundsOf(-digits, rounding)
    return { low: -high, lowIncluded: highIncluded, high: -low, highIncluded: lowIncluded }
  }
  const even = digits % 2 === 0
  switch (rounding) {
    case 'half up': return { low: 2 * digits - 1, lowIncluded: true, high: 2 * digits + 1, highIncluded: false }
    case 'half even': return { low: 2 * digits - 1, lowIncluded: even, high: 2 * digits + 1, highIncluded: even }
    case 'nearest': return { low: 2 * digits - 1, lowIncluded: true, high: 2 * digits + 1, highIncluded: even }
    // Values above −1 unit are cut off to 0 from below, too.
    case 'truncated': return digits === 0 ? { low: -2, lowIncluded: false, high: 2, highIncluded: false }
      : { low: 2 * digits, lowIncluded: true, high: 2 * digits + 2, highIncluded: false }
  }
}

/** The fractions that any of the roundings prints as the figure: a little too wide, never too narrow. */
export function widestRange({ digits, scale }: ReadFigure): readonly [low: number, high: number] {
  const unit = 10 ** scale, slack = 1e-9
  return digits < 0 ? [(digits - 1) / unit - slack, (digits + 0.5) / unit + slack]
    : [(digits - (digits === 0 ? 1 : 0.5)) / unit - slack, (digits + 1) / unit + slack]
}
