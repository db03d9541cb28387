/** The figures of an audit's classifiers. */
import type { ArmComparison } from './arm-comparison'
import type { ArmScores } from './arms'
import type { AuditNumber } from './number'
import type { ScoredArm } from './scored-arm'

/** Arms of one set, or of one set on another. */
type Scores = Pick<ArmScores, 'arms'> & Partial<Pick<ArmScores, 'comparisons'>>

/**
 * Accuracy, area under the ROC curve and chance of every arm, and the differences between arms.
 * @param external the name of the other set, on which the arms were tested
 */
export function numbersOfArms({ arms, comparisons = [] }: Scores, external?: string): AuditNumber[] {
  return [...arms.flatMap(arm => numbersOfArm(arm, external)), ...comparisons.map(numberOfComparison)]
}

function numbersOfArm(arm: ScoredArm, external?: string): AuditNumber[] {
  const what = nameOfArm(arm) + (external === undefined ? '' : `: ${external}`)
  const shared = { question: arm.question, what, images: arm.images }
  const none = { low: NaN, high: NaN }
  return [
    { ...shared, measure: 'accuracy', ...arm.accuracy }, { ...shared, measure: 'AUC', ...arm.auc },
    { ...shared, measure: 'chance', value: arm.chance, ...none },
  ]
}

function numberOfComparison({ question, first, second, measure, difference }: ArmComparison): AuditNumber {
  const what = `${nameOfArm(second)} minus ${nameOfArm(first)}${measure === 'auc' ? ' (AUC)' : ''}`
  return { question, what, measure: 'difference', ...difference, images: second.images }
}

/** 'pixels, one nearest neighbour; whole image; random' */
export function nameOfArm({ classifier, input, labels, split }: ScoredArm): string {
  return [classifier, input, ...(labels === 'true' ? [] : [`labels ${labels}`]), split].join('; ')
}
