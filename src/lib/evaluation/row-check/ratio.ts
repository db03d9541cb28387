/** Ratios of whole numbers, compared exactly: a value halfway between two digits decides which row is possible. */

/** `numerator / denominator`; with `root`, `numerator / √denominator`. The denominator is above 0. */
export interface Ratio {
  numerator: number
  denominator: number
  root?: true
}

/** 0 / 0 counts as 0, as in scikit-learn's default. */
export function ratio(numerator: number, denominator: number): Ratio {
  return denominator === 0 ? { numerator: 0, denominator: 1 } : { numerator, denominator }
}

/** The number that a ratio is about. */
export function toNumber({ numerator, denominator, root }: Ratio): number {
  return numerator / (root ? Math.sqrt(denominator) : denominator)
}

/** Below 0, 0 or above 0 as the ratio lies below, at or above `halves` half units of the digit 10 ** −scale. */
export function compareToHalves(value: Ratio, halves: number, scale: number): number {
  const unit = 2 * 10 ** scale
  if (value.root) return compareSquares(value, halves, unit)
  const left = value.numerator * unit, right = halves * value.denominator
  if (Math.abs(left) <= Number.MAX_SAFE_INTEGER && Math.abs(right) <= Number.MAX_SAFE_INTEGER) return left - right
  return sign(BigInt(value.numerator) * BigInt(unit) - BigInt(halves) * BigInt(value.denominator))
}

function compareSquares({ numerator, denominator }: Ratio, halves: number, unit: number): number {
  const left = BigInt(numerator) * BigInt(unit), right = BigInt(halves)
  return sign(signedSquare(left) - signedSquare(right) * BigInt(denominator))
}

function signedSquare(value: bigint): bigint {
  return value < 0n ? -value * value : value * value
}

function sign(value: bigint): number {
  return value < 0n ? -1 : value > 0n ? 1 : 0
}
