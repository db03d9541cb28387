/** Which arms answer which question of an audit. */
import type { CoveredInput } from '../data/covered'
import type { ArmSplit } from './arm-splits'
import {
  borderClassifiers, coveredClassifiers, fileClassifiers, majorityClass, networkHead, trivialClassifiers,
  type Classifier,
} from './classifiers'
import type { ArmInput } from './scored-arm'

/**
 * The questions that arms answer. 'random against grouped' compares the arms of the trivial classifiers; the arms of
 * 'shuffled labels' are made by `scoreShuffledLabels`.
 */
export const armQuestions = [
  'shuffled labels', 'random against grouped', 'border', 'lungs', 'file facts', 'trivial classifiers',
] as const
export type ArmQuestion = typeof armQuestions[number]

/** Classifiers that read one input on some kinds of split. */
export interface PlannedArms {
  question: ArmQuestion
  input: ArmInput
  classifiers: readonly Classifier[]
  /** Where there are no groups, 'by group' becomes 'random'. */
  splits: readonly ArmSplit[]
}

const allSplits: readonly ArmSplit[] = ['random', 'by group', 'as given']

/** The inputs for which the lungs have to be known. */
export const lungInputs: readonly CoveredInput[] = ['lungs blacked out', 'lungs only', 'lung mask only']

/**
 * The arms of some questions, input by input, so that features of one input at a time are in memory.
 * @param network whether there is a frozen network
 */
export function planArms(asked: readonly ArmQuestion[], network: boolean): PlannedArms[] {
  const has = (question: ArmQuestion) => asked.includes(question)
  const withNetwork = (classifiers: readonly Classifier[]) => classifiers.filter(one => network || one !== networkHead)
  const whole = has('trivial classifiers') || has('random against grouped')
  const covered = (question: ArmQuestion, input: CoveredInput, classifiers = coveredClassifiers): PlannedArms =>
    ({ question, input, classifiers: withNetwork(classifiers), splits: ['by group'] })
  return [
    ...(whole ? [
      plannedWhole([majorityClass]), plannedWhole(trivialClassifiers),
      ...(network ? [plannedWhole([networkHead])] : []),
    ] : []),
    ...(has('file facts') ? [{
      question: 'file facts', input: 'no pixels', classifiers: fileClassifiers, splits: allSplits,
    } satisfies PlannedArms] : []),
    ...(has('border') ? [covered('border', 'border only', borderClassifiers)] : []),
    ...(has('lungs') ? lungInputs.map(input => covered('lungs', input)) : []),
  ]
}

function plannedWhole(classifiers: readonly Classifier[]): PlannedArms {
  return { question: 'trivial classifiers', input: 'whole image', classifiers, splits: allSplits }
}
