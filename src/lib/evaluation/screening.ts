/** What a test is worth among people of whom few belong to the positive class. */
import { requireInRange } from '../system/errors'
import { atPrevalence, type Decision } from './decision'

/** What a test does among so many people. */
export interface Screening {
  /** People of the positive class, such as those with the disease. */
  positives: number
  negatives: number
  /** Positives who are called positive. */
  found: number
  /** Negatives who are called positive. */
  alarmed: number
}

/**
 * How many people a test finds and how many it alarms for nothing, if sensitivity and specificity stay as they are.
 * Rounded to whole people.
 * @param people how many take the test
 * @param prevalence share of them who are positive, 0 to 1
 * @throws LabError 'bad-argument' for another prevalence, or for no people
 * @example countScreening({ sensitivity: 0.9, specificity: 0.9 }, 10_000, 0.01).alarmed   // 990
 */
export function countScreening(
  { sensitivity, specificity }: Pick<Decision, 'sensitivity' | 'specificity'>, people: number, prevalence: number,
): Screening {
  requireInRange('people', people, { low: 1 })
  requireInRange('prevalence', prevalence, { low: 0, high: 1 })
  const positives = Math.round(people * prevalence), negatives = people - positives
  return {
    positives, negatives,
    found: Math.round(positives * sensitivity), alarmed: Math.round(negatives * (1 - specificity)),
  }
}

/**
 * Positive and negative predictive values at prevalences from 1 % to 100 %.
 * @returns two curves for `figures.lineChart`
 * @example figures.tracePredictiveValues(decideAt(predictions, ct.labels[0], 0.5)).map(curve => curve.label)
 */
export function tracePredictiveValues(decision: Pick<Decision, 'sensitivity' | 'specificity'>) {
  const values = Array.from({ length: 100 }, (_, i) => atPrevalence(decision, (i + 1) / 100))
  return [
    { label: 'called positive, rightly', points: values.map(v => ({ x: v.prevalence, y: v.positivePredictiveValue })) },
    { label: 'called negative, rightly', points: values.map(v => ({ x: v.prevalence, y: v.negativePredictiveValue })) },
  ]
}
