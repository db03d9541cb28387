/** The figures of arms in words. */
import type { Dataset } from '../data/dataset'
import type { Estimate } from '../evaluation/intervals'
import { counted } from '../system/summary'
import { judged, type Judged, type ScoredArm } from './scored-arm'

/** 'is right for .80 (.75 to .85) of 2,481 images (the most common class: .50)' */
export function rightFor(arm: ScoredArm, found: Judged = judged(arm)): string {
  const images = counted(arm.images, 'image')
  return found.measure === 'accuracy'
    ? `is right for ${figure(found)} of ${images} (the most common class: ${two(arm.chance)})`
    : `has ${measureWords[found.measure]} of ${figure(found)} on ${images} (chance: ${two(found.chance)})`
}

const measureWords = { auc: 'an area under the ROC curve', balancedAccuracy: 'a balanced accuracy' } as const

export function trained({ grouping }: Pick<Dataset, 'grouping'>, { split, folds }: ScoredArm): string {
  return split === 'by group' ? `in ${folds} folds by ${grouping}`
    : `in ${folds} folds at random, since groups are not known or too few: it may recognize patients`
}

export function figure({ value, low, high }: Estimate): string {
  return low <= high ? `${two(value)} (${two(low)} to ${two(high)})` : two(value)
}

/** '+.10 (+.03 to +.16)' */
export function figureWithSign({ value, low, high }: Estimate): string {
  return low <= high ? `${sign(value)} (${sign(low)} to ${sign(high)})` : sign(value)
}

/** '+.10, +.03 to +.16' */
export function signed({ value, low, high }: Estimate): string {
  return low <= high ? `${sign(value)}, ${sign(low)} to ${sign(high)}` : sign(value)
}

function sign(number: number): string {
  return `${number < 0 ? '−' : '+'}${two(Math.abs(number))}`
}

/** Two decimals without the zero before them: '.87'. */
export function two(value: number): string {
  return Number.isFinite(value) ? value.toFixed(2).replace(/^0/, '') : '–'
}
