/** How far truth and prediction agree beyond chance: Matthews' correlation and Cohen's κ, for any number of classes. */
import { requireOneOf } from '../../system/errors'
import type { Confusion } from '../metrics'

/**
 * Matthews' correlation coefficient, −1 to 1; 0 is chance (Matthews 1975; for more classes Gorodkin 2004).
 * @returns NaN where all images are of one class or are predicted as one class; scikit-learn has 0 there
 */
export function matthews(confusion: Confusion): number {
  const { all, truths, calls } = margins(confusion)
  const right = sumOf(confusion.map((row, k) => row[k]))
  const together = sumOf(truths.map((count, k) => count * calls[k]))
  const spread = (counts: number[]) => all * all - sumOf(counts.map(count => count * count))
  return (right * all - together) / Math.sqrt(spread(truths) * spread(calls))
}

/** What a mistake costs in κ: all the same, by its distance in the order of the classes, or by the distance squared. */
export type KappaWeighting = 'none' | 'linear' | 'quadratic'

/**
 * Cohen's κ: agreement beyond what the two margins give by chance, at most 1 (Cohen 1960; weighted 1968).
 * @param weighting 'linear' and 'quadratic' are for classes in an order, such as grades. Default 'none'
 * @returns NaN where truth and prediction are all one and the same class
 * @throws LabError 'bad-argument' for another weighting
 */
export function cohenKappa(confusion: Confusion, weighting: KappaWeighting = 'none'): number {
  requireOneOf('weighting', weighting, ['none', 'linear', 'quadratic'])
  const { all, truths, calls } = margins(confusion)
  const cost = (i: number, k: number) =>
    weighting === 'none' ? Number(i !== k) : weighting === 'linear' ? Math.abs(i - k) : (i - k) ** 2
  let observed = 0, expected = 0
  confusion.forEach((row, i) => row.forEach((count, k) => {
    observed += cost(i, k) * count
    expected += cost(i, k) * truths[i] * calls[k] / all
  }))
  return 1 - observed / expected
}

function margins(confusion: Confusion) {
  const truths = confusion.map(sumOf)
  const calls = confusion.map((_, k) => sumOf(confusion.map(row => row[k])))
  return { truths, calls, all: sumOf(truths) }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
