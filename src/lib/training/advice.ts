/** What a list of tried settings says about where to begin, in sentences. */

/** One setting with its accuracy on the validation part, and the 95 % interval of that accuracy. */
interface Tried {
  setting: string
  accuracy: number
  low: number
  high: number
}

/**
 * The setting with the lowest loss, and how the accuracies of the others stand to its own: the order by loss may be
 * another than the order by accuracy. Intervals that overlap leave open which of two settings is better.
 * @param rows the lowest loss first, 1 or more
 */
export function adviceOn([best, ...others]: readonly Tried[]): string {
  return [`Begin with: ${best.setting}, which has the lowest loss.`, ...accuracies(best, others), 'The test part was not read.'].join(' ')
}

function accuracies(best: Tried, others: readonly Tried[]): string[] {
  if (others.length === 0) return []
  const top = others.reduce((highest, one) => (one.accuracy > highest.accuracy ? one : highest))
  const above = top.low > best.high ? ', in an interval above that of this setting' : ''
  return [
    overlapWords(best, others),
    ...(top.accuracy > best.accuracy
      ? [`Another setting has the highest accuracy, ${(100 * top.accuracy).toFixed(1)} %${above}: ${top.setting}.`] : []),
  ]
}

function overlapWords(best: Tried, others: readonly Tried[]): string {
  if ([best, ...others].some(({ low, high }) => Number.isNaN(low) || Number.isNaN(high)))
    return 'Not all accuracies have intervals: how sure their order is remains open.'
  const overlapping = others.filter(({ low, high }) => low <= best.high && high >= best.low).length
  if (overlapping > 0)
    return `The accuracy interval of this setting overlaps ${overlapping === 1 ? 'that' : 'those'} of ${overlapping} of the `
      + `${others.length} others; only a paired comparison could tell them apart.`
  return others.every(({ high }) => high < best.low) ? 'The accuracy intervals of all others lie below that of this setting.'
    : 'The accuracy interval of this setting overlaps no other.'
}
