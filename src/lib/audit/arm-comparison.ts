/** Arms on the same images, compared image by image. */
import { compareMetric } from '../evaluation/comparison/paired-metric'
import type { Estimate, Interval } from '../evaluation/intervals'
import type { Predictions } from '../evaluation/predictions'
import type { ArmQuestion } from './arm-plan'
import { chosenName, networkHead } from './classifiers'
import { isDecided, isWanted, judged, wilsonOf, type ScoredArm } from './scored-arm'

/** An arm with the predictions behind its scores. */
export interface ScoredPredictions {
  arm: ScoredArm
  predictions: Predictions
}

/** What the second arm has more than the first. */
export interface ArmComparison {
  question: ArmQuestion
  first: ScoredArm
  second: ScoredArm
  measure: 'accuracy' | 'auc'
  /** The second minus the first, with its 95 % interval by group where groups are known. */
  difference: Estimate
}

/**
 * The comparisons that findings need, where both arms are there: each classifier of whole images on random folds and on
 * folds by group; the lungs' shape alone and images without lungs; the best trivial classifier and the network.
 */
export function compareAll(scored: readonly ScoredPredictions[]): ArmComparison[] {
  const find = (wanted: Partial<ScoredArm>) => scored.find(({ arm }) => isWanted(arm, wanted))
  const pairs: [ArmQuestion, ScoredPredictions | undefined, ScoredPredictions | undefined][] = []
  for (const random of scored.filter(({ arm }) => arm.input === 'whole image' && arm.split === 'random'))
    pairs.push(['random against grouped', random, find({ ...same(random.arm), split: 'by group' })])
  for (const split of ['by group', 'random'] as const) {
    pairs.push(['lungs', find({ input: 'lung mask only', classifier: chosenName, split }),
      find({ input: 'lungs blacked out', classifier: chosenName, split })])
    pairs.push(['trivial classifiers', find({ question: 'trivial classifiers', classifier: chosenName, split }),
      find({ question: 'trivial classifiers', classifier: networkHead.name, split })])
  }
  return pairs.flatMap(([question, first, second]) => (first && second ? [compare(question, first, second)] : []))
}

function same({ question, input, labels, classifier }: ScoredArm): Partial<ScoredArm> {
  return { question, input, labels, classifier }
}

function compare(question: ArmQuestion, first: ScoredPredictions, second: ScoredPredictions): ArmComparison {
  const { measure } = judged(second.arm)
  const settings = { metric: measure, permutations: 100 } as const
  const { difference, units } = compareMetric(first.predictions, second.predictions, settings)
  const ends = isDecided(difference) ? difference : endsAround(difference.value, units)
  return { question, first: first.arm, second: second.arm, measure, difference: { ...difference, ...ends } }
}

/** Where all resamples agree, such as on two perfect classifiers: as far as Wilson's interval of none of the units. */
function endsAround(value: number, units: number): Interval {
  const { high } = wilsonOf(0, units)
  return { low: Math.max(-1, value - high), high: Math.min(1, value + high) }
}
