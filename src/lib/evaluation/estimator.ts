/** Which interval a figure has: a bootstrap by group, or Wilson's where groups are unknown or all resamples agree. */
import { extent } from 'd3-array'
import { counted } from '../system/summary'
import { wilson, type Estimate, type Interval, type Units } from './intervals'
import type { Predictions } from './predictions'

/** Which images a proportion counts: for precision, for instance, those predicted as positive. */
export type Trials = (image: number) => boolean

/** A function that adds the interval to the n-th value; it takes `trials` only where the value is a proportion. */
export function estimator(
  { grouping, labels }: Predictions, units: Units, values: readonly number[], bootstrapped: readonly Interval[],
): (n: number, trials?: Trials) => Estimate {
  return (n, trials) => {
    const value = values[n], interval = bootstrapped[n]
    if (trials && grouping === 'none') return { value, ...proportion(value, labels.length, trials) }
    if (interval.low < interval.high) return { value, ...interval }
    return { value, ...(trials ? proportionOfGroups(value, units, trials) : { low: NaN, high: NaN }) }
  }
}

function proportion(value: number, images: number, trials: Trials): Interval {
  let count = 0
  for (let image = 0; image < images; image++) if (trials(image)) count++
  return wilson(value * count, count)
}

/** Each group counts as one trial. The interval is rather too wide, because a group's images are not all the same. */
function proportionOfGroups(value: number, units: Units, trials: Trials): Interval {
  const count = units.groups.filter(group => group.some(trials)).length
  return wilson(value * count, count)
}

/** What an interval of another kind takes as independent, in a sentence without its full stop. */
export function kindOfResult(kind: string, predictions: Predictions, units: Units): string {
  const { grouping, labels } = predictions, { length: all } = units.groups
  if (labels.length === 0) return 'No interval: there are no images'
  if (grouping === 'none') return `${kind}, as if each of the ${labels.length} images came from another patient: too narrow if not`
  const few = all < 20 ? ': too narrow for so few' : scarceClass(predictions, units, 10)
  return `${kind} over ${counted(all, grouping)}${few}`
}

/** How intervals over these units were computed, in a sentence without its full stop. */
export function kindOfInterval(predictions: Predictions, units: Units): string {
  const { grouping, groups, labels } = predictions
  if (labels.length === 0) return 'No interval: there are no images'
  if (grouping === 'none')
    return `95 % intervals as if each of the ${labels.length} images came from another patient: too narrow if not`
  const all = units.groups.length, known = new Set(groups.filter(group => group !== null)).size, alone = all - known
  const few = all < 8 ? '; with so few, rather too narrow' : scarceClass(predictions, units, 8)
  const unknown = alone === 0 ? '' : ` and ${alone} ${alone === 1 ? 'image' : 'images'} whose ${grouping} is not known, as if`
    + ` each came from another: too narrow if not`
  return `95 % intervals by bootstrap over ${counted(known, grouping)}${unknown}${few}`
}

/** Says it where fewer groups than `least` have images of a class: its sensitivity and its area depend on these few. */
function scarceClass({ classes, labels }: Predictions, { groups }: Units, least: number): string {
  const scarce = classes
    .map((label, k) => ({ label, groups: groups.filter(group => group.some(i => labels[i] === k)).length }))
    .filter(one => one.groups > 0 && one.groups < least)
  if (scarce.length === 0) return ''
  const [fewest, most] = extent(scarce, one => one.groups)
  const which = scarce.length === 1 ? scarce[0].label : `each of ${scarce.length} classes`
  return `; only ${fewest === most ? fewest : `${fewest} to ${most}`} of them with images of ${which}: too narrow for what `
    + `depends on ${scarce.length === 1 ? 'that class' : 'one of these'}`
}
