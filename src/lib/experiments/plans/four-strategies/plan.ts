/** The runs that the comparison of strategies is made of. */
import type { Width } from '../../../model/architecture'
import { baselineNames } from '../../../baselines/baselines'
import type { Dataset } from '../../../data/dataset'
import { LabError } from '../../../system/errors'
import { foldByGroup } from '../../../data/split/folds'
import { splitRandom, type Split } from '../../../data/split/split'
import {
  featureDepths, runName, trainingDepths, type Arm, type SplitKind, type StrategyRun, type TrainingDepth,
} from './strategy-run'

/** Number blocks come in so many folds, one run each; random splits in `seedCount` seeds. */
export const foldCount = 5
const seedCount = 3

/** Of what a run does not test, this share steers the training and makes every choice. */
const validation = 0.1

/**
 * All runs of a width, the most telling first: what needs no network, the comparison that was declared beforehand
 * (`primary`), training from scratch, then the rest.
 */
export function strategyPlan(width: Width): StrategyRun[] {
  const tune = (depth: TrainingDepth): Arm => ({ strategy: 'fine-tuning', weights: 'fractal', width, depth })
  const scratch: Arm = { strategy: 'scratch', weights: 'none', width, depth: 'all' }
  const baselines = baselineNames.map((depth): Arm => ({ strategy: 'baseline', weights: 'none', width: 'none', depth }))
  const frozen = (['fractal', 'fractal-reestimated'] as const).flatMap(weights =>
    featureDepths.map((depth): Arm => ({ strategy: 'frozen-features', weights, width, depth })))
  const unsupervised = (['contrastive', 'fractal-contrastive'] as const)
    .map((weights): Arm => ({ strategy: 'unsupervised', weights, width, depth: 'all' }))
  const between = trainingDepths.filter(depth => depth !== 'head' && depth !== 'all').map(tune)
  return [
    ...runsOf('blocks', baselines), ...runsOf('random', baselines),
    ...runsOf('blocks', [tune('all'), tune('head')]),
    ...runsOf('random', [tune('all')]),
    ...runsOf('blocks', [scratch]),
    ...runsOf('blocks', frozen), ...runsOf('random', frozen),
    ...runsOf('blocks', between), ...runsOf('random', [tune('head'), scratch]),
    ...runsOf('blocks', unsupervised), ...runsOf('random', [...between, ...unsupervised]),
  ]
}

/**
 * The runs of a plan whose names a pattern fits.
 * @param pattern a regular expression, such as 'fine-tuning.*blocks'
 * @throws LabError 'bad-argument' where it is none, or fits no run
 */
export function chosenRuns(plan: readonly StrategyRun[], pattern: string): StrategyRun[] {
  const wrong = (received: string) => new LabError('bad-argument', {
    expected: `a pattern that fits some run, such as ${runName(plan[plan.length - 1])}`, received,
    remedy: 'Look at the plan: --dry shows it',
  })
  let expression: RegExp
  try {
    expression = new RegExp(pattern)
  } catch (fault) {
    throw wrong((fault as Error).message)
  }
  const chosen = plan.filter(run => expression.test(runName(run)))
  if (chosen.length === 0) throw wrong(pattern)
  return chosen
}

/**
 * The images of a run. Random: a fifth is tested, dealt by the run's seed. Blocks: a fifth of the groups, always in
 * the same five folds. A tenth of the rest validates, in both.
 * @throws LabError 'bad-argument' where the set has too few groups for five folds
 */
export function splitOf(dataset: Dataset, { split, fold, seed }: Pick<StrategyRun, 'split' | 'fold' | 'seed'>): Split {
  const test = 1 / foldCount
  if (split === 'random') return splitRandom(dataset, { test, validation: (1 - test) * validation, seed })
  return foldByGroup(dataset, { folds: foldCount, validation, seed: 42 })[fold! - 1]
}

/** Fold by fold or seed by seed, so that what is to be compared is complete as early as can be. */
function runsOf(split: SplitKind, arms: readonly Arm[]): StrategyRun[] {
  const places = split === 'blocks'
    ? Array.from({ length: foldCount }, (_, i) => ({ split, fold: i + 1, seed: 1 }))
    : Array.from({ length: seedCount }, (_, i) => ({ split, fold: null, seed: i + 1 }))
  return places.flatMap(place => arms.map(arm => ({ ...arm, ...place })))
}
