/** Rules that choose a threshold from a receiver operating characteristic. */
import { LabError, requireInRange, requireOneOf } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import type { RocPoint } from './metrics'

/**
 * What a threshold is chosen for.
 *
 * - 'youden': the greatest sensitivity + specificity (Youden 1950); both kinds of mistake weigh the same.
 * - 'sensitivity': the greatest specificity among thresholds that find a share of the positives.
 * - 'specificity': the greatest sensitivity among thresholds that leave a share of the negatives alone.
 * - 'cost': the least expected cost of a person. A missed positive costs `falseNegative`, a false alarm
 *   `falsePositive`, in any unit. `prevalence` is the share of positives among those whom the test is for; default:
 *   their share among the images that choose, which a study often made up.
 */
export type OperatingRule =
  | { name: 'youden' }
  | { name: 'sensitivity'; atLeast: number }
  | { name: 'specificity'; atLeast: number }
  | { name: 'cost'; falseNegative: number; falsePositive: number; prevalence?: number }

/** @throws LabError 'bad-argument' for a rule that is none, a share outside 0 to 1, or a cost below 0 */
export function checkOperatingRule(rule: OperatingRule): void {
  const name = rule?.name
  requireOneOf('rule.name', name, ['youden', 'sensitivity', 'specificity', 'cost'])
  if (rule.name === 'youden') requireKnownKeys('the rule youden', rule, { name: true })
  else if (rule.name === 'cost') {
    requireKnownKeys('the rule cost', rule, { name: true, falseNegative: true, falsePositive: true, prevalence: true })
    requireInRange('rule.falseNegative', rule.falseNegative, { low: 0 })
    requireInRange('rule.falsePositive', rule.falsePositive, { low: 0 })
    if (rule.falseNegative + rule.falsePositive === 0)
      throw new LabError('bad-argument', {
        expected: 'a mistake that costs something', received: 'two costs of 0', remedy: 'Name what each mistake costs',
      })
    if (rule.prevalence !== undefined) requireInRange('rule.prevalence', rule.prevalence, { low: 0, high: 1 })
  } else {
    requireKnownKeys(`the rule ${name}`, rule, { name: true, atLeast: true })
    requireInRange('rule.atLeast', rule.atLeast, { above: 0, high: 1 })
  }
}

/**
 * The threshold that a rule chooses; of equally good ones the highest, which alarms least.
 * @param points by falling threshold, from (0, 0) to (1, 1)
 * @param share of the positives among the images
 * @returns infinite where calling nobody positive is cheapest
 */
export function thresholdOf(rule: OperatingRule, points: readonly RocPoint[], share: number): number {
  // Rates are quotients of counts: .95 of 20 must count as .95, whatever the rounding.
  const reaches = (rate: number, least: number) => rate >= least - 1e-12
  const worth = ({ truePositiveRate, falsePositiveRate }: RocPoint): number => {
    if (rule.name === 'youden') return truePositiveRate - falsePositiveRate
    if (rule.name === 'sensitivity') return reaches(truePositiveRate, rule.atLeast) ? -falsePositiveRate : -Infinity
    if (rule.name === 'specificity') return reaches(1 - falsePositiveRate, rule.atLeast) ? truePositiveRate : -Infinity
    const { falseNegative, falsePositive, prevalence = share } = rule
    return -falseNegative * prevalence * (1 - truePositiveRate) - falsePositive * (1 - prevalence) * falsePositiveRate
  }
  let best = points[0], most = worth(best)
  for (const point of points) {
    const now = worth(point)
    // Sums of rates that are equal differ in the last bit: the higher threshold, which comes first, stays.
    if (now > most + 1e-12 || (most === -Infinity && now > most)) [best, most] = [point, now]
  }
  return best.threshold
}

/** A rule in a few words, for tables and sentences. */
export function describeOperatingRule(rule: OperatingRule): string {
  if (rule.name === 'youden') return 'the greatest sensitivity + specificity (Youden)'
  if (rule.name !== 'cost') return `a ${rule.name} of at least ${rule.atLeast}`
  const { falseNegative, falsePositive, prevalence } = rule
  return `the least cost: ${falseNegative} for a missed positive, ${falsePositive} for a false alarm`
    + (prevalence === undefined ? '' : `, prevalence ${prevalence}`)
}
