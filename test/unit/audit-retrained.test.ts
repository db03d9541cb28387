/** What networks say that were trained anew for a question of the audit. */
import { expect, test } from 'vitest'
import type { ArmScores } from '../../src/lib/audit/arms'
import { chosenName } from '../../src/lib/audit/classifiers'
import { describeArms } from '../../src/lib/audit/describe-arms'
import { retrainedName } from '../../src/lib/audit/retrain'
import type { ScoredArm } from '../../src/lib/audit/scored-arm'

/** An arm on the border of forty images, with this accuracy. */
function armOf(classifier: string, value: number, more: Partial<ScoredArm> = {}): ScoredArm {
  const estimate = { value, low: value - 0.1, high: value + 0.1 }
  return {
    question: 'border', input: 'border only', labels: 'true', classifier, split: 'by group', images: 40, groups: 10, folds: 5,
    draws: 1, chance: 0.5, accuracy: estimate, balancedAccuracy: estimate, auc: estimate, intervalKind: 'made up', ...more,
  }
}
const describe = (...arms: ScoredArm[]) => {
  const scores: ArmScores = { questions: ['border'], arms, comparisons: [], lungs: null, lacks: {}, predictions: null }
  return describeArms({ grouping: 'patient' }, scores)[0]
}
const trivial = armOf(chosenName, 0.5)

test('they are in the sentence, with their input and folds', () =>
  expect(describe(trivial, armOf(retrainedName, 0.55, { folds: 1, images: 8 })).sentence)
    .toMatch(/ A network trained anew \(border only, 1 fold by patient\) is right for \.55 \(\.45 to \.65\) of 8 images/))

test('one that tells the class by a border stands against clear, and turns no fault into anything else', () => {
  expect(describe(trivial).verdict).toBe('clear')
  expect(describe(trivial, armOf(retrainedName, 0.55)).verdict).toBe('clear')
  expect(describe(trivial, armOf(retrainedName, 0.8)).verdict).toBe('unknown')
  expect(describe(armOf(chosenName, 0.8), armOf(retrainedName, 0.5)).verdict).toBe('fault')
})
