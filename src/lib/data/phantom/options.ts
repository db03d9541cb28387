/** What phantoms share: options that are checked, and pictures that are drawn patient by patient. */
import { requireInRange } from '../../system/errors'

/** Range and default of an option. */
export interface OptionRange { low: number; high: number; default: number; whole: boolean }

/** The highest seed is the highest coordinate of a random stream. */
export const seedRange: OptionRange = { low: 0, high: 2 ** 32 - 1, default: 1, whole: true }

/** Fills options in with their defaults. @throws LabError 'bad-argument' for an option outside its range */
export function completeOptions<Name extends string>(
  ranges: Readonly<Record<Name, OptionRange>>, options: Readonly<Partial<Record<NoInfer<Name>, number>>>,
): Record<Name, number> {
  const settings = {} as Record<Name, number>
  for (const name of Object.keys(ranges) as Name[]) {
    const { low, high, whole, default: byDefault } = ranges[name]
    settings[name] = options[name] ?? byDefault
    requireInRange(name, settings[name], { low, high, whole }, `Leave ${name} out for ${byDefault}`)
  }
  return settings
}

/** @throws LabError 'bad-argument' for an index that the data set does not have */
export function checkIndex(index: number, count: number): number {
  requireInRange('index', index, { low: 0, high: count - 1, whole: true }, 'Use an index of dataset.items')
  return index
}

/** Remembers the last result: pictures are mostly read patient by patient. */
export function rememberLast<T>(make: (number: number) => T): (number: number) => T {
  let last: { number: number; made: T } | undefined
  return number => {
    if (last?.number !== number) last = { number, made: make(number) }
    return last.made
  }
}
