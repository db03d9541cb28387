/** Numbers as people read them. */
import type { Estimate } from '../evaluation/intervals'

/** How numbers are written. 'percent' and 'points', a difference of percents, take shares: 0.5 is 50. */
export type ColumnFormat = 'text' | 'integer' | 'decimal' | 'percent' | 'points' | 'seconds'

/**
 * A number in words: 1,234; 0.912; 91.2 %; 3.5 points; 75 s or 2 min 5 s; – where there is no number (null, undefined,
 * NaN), ∞ or -∞ where it is infinite.
 * @example formatNumber(0.912, 'percent')   // '91.2 %'
 */
export function formatNumber(value: number | null | undefined, format: ColumnFormat = 'decimal'): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞'
  if (format === 'percent') return `${fixed(100 * value, 1)} %`
  if (format === 'points') return `${fixed(100 * value, 1)} points`
  if (format === 'integer') return Math.round(value).toLocaleString('en-US')
  if (format === 'seconds') return formatDuration(value)
  if (format === 'text') return String(value)
  return Math.abs(value) >= 1e-3 || value === 0 ? fixed(value, 3) : value.toExponential(1)
}

/**
 * A number with its interval: 91.2 % (88.0 to 93.9), 3.5 points (0.8 to 6.5), or 0.950 (0.912 to 0.977).
 * @returns the number alone where the interval has no ends
 * @example formatEstimate({ value: 0.91, low: 0.88, high: 0.94 })   // '91.0 % (88.0 to 94.0)'
 */
export function formatEstimate(
  { value, low, high }: Estimate, format: 'percent' | 'points' | 'decimal' = 'percent',
): string {
  const withoutUnit = (number: number) => formatNumber(number, format).split(' ')[0]
  const range = withoutUnit(low) === '–' || withoutUnit(high) === '–' ? '' : ` (${withoutUnit(low)} to ${withoutUnit(high)})`
  return `${formatNumber(value, format)}${range}`
}

/**
 * Text in which a number keeps to the line of its unit, of the other end of its range, and of the other part of its
 * sum: a narrow cell breaks elsewhere.
 */
export function withoutBreaks(text: string): string {
  return text.replace(/(?<=\d) (?=%|(?:points|h|min|s)\b|to |\+ )|(?<=\d (?:h|min|to|\+)) (?=[\d-])/g, '\u00a0')
}

/** Digits after the point. A value that rounds to zero has no sign: 0.0, not -0.0. */
function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits)
  return Number(text) === 0 ? text.replace('-', '') : text
}

function formatDuration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds), minutes = Math.floor(whole / 60), hours = Math.floor(minutes / 60)
  if (whole < 60) return `${whole} s`
  return hours ? `${hours} h ${minutes % 60} min` : `${minutes} min ${whole % 60} s`
}
