/** One run of the comparison of strategies: what the network learns from, and which images judge it. */
import type { Width } from '../../../model/architecture'
import { sourceCards } from '../../../weights/cards'
import { trainingDepths, type TrainingDepth } from '../../config'

export { trainingDepths, type TrainingDepth }

/** How a classifier learns. 'baseline': without a network, for comparison. */
export const strategies = ['baseline', 'scratch', 'frozen-features', 'fine-tuning', 'unsupervised'] as const
export type Strategy = (typeof strategies)[number]

/**
 * Where the numbers before training come from. 'none': random numbers. 'fractal': the project's own weights.
 * 'fractal-reestimated': the same, batch normalization's statistics measured again on the training images.
 * 'contrastive': learned from the training images without their labels, starting from random numbers;
 * 'fractal-contrastive': the same, starting from the project's own weights. The others are published weights.
 */
export const startWeights = [
  'none', 'fractal', 'fractal-reestimated', 'contrastive', 'fractal-contrastive', ...sourceCards.map(card => card.name),
] as const
export type StartWeights = (typeof startWeights)[number]

/**
 * Which features a linear head reads: one stage's, averaged over all positions; or those of all stages side by side.
 */
export const featureDepths = ['stem', 'conv2', 'conv3', 'conv4', 'conv5', 'every stage'] as const

/** What distinguishes one run from another. */
export interface StrategyRun {
  strategy: Strategy
  weights: StartWeights
  width: Width | 'none'
  /** A training depth; of frozen features a feature depth; of baselines the baseline's name. */
  depth: string
  /**
   * 'random': single images, dealt by the run's seed. 'blocks': whole groups, in five folds. 'listed': image by image
   * as a paper's authors did. 'given': the parts that the set's authors assigned.
   */
  split: SplitKind
  /** Of number blocks, from 1; of a random split null. */
  fold: number | null
  /** Names the run's random choices. */
  seed: number
}

export type SplitKind = 'random' | 'blocks' | 'listed' | 'given'

/** The result of a run: a row of results/tables/four-strategies.csv. Figures are the test part's. */
export interface StrategyRow extends StrategyRun {
  accuracy: number
  /** Mean cross-entropy in nats, without label smoothing. */
  loss: number
  /** Area under the ROC curve of the set's positive class; without one the mean over the classes. */
  auc: number
  /** Of pre-training on the training part, if any, and training; not of making the project's own weights. */
  seconds: number
  /** Numbers that gradients (or a fit) could change; null of baselines. */
  trainedParameters: number | null
}

/** How many images of one group of its test part a run got right. Intervals by group are computed from these counts. */
export interface GroupCount {
  /** The run's name. */
  run: string
  group: string
  /** Class number of the images counted. */
  label: number
  images: number
  correct: number
}

/** A finished run. */
export interface StrategyResult {
  row: StrategyRow
  groups: GroupCount[]
}

/** Such as 'fine-tuning-fractal-half-all-blocks-fold3-seed1'. */
export function runName({ split, fold, seed, ...arm }: StrategyRun): string {
  return [armName(arm), split, ...(fold === null ? [] : [`fold${fold}`]), `seed${seed}`].join('-')
}

/** The kind of a run: everything but its images and its seed. */
export type Arm = Pick<StrategyRun, 'strategy' | 'weights' | 'width' | 'depth'>

/** Such as 'fine-tuning-fractal-half-all'. */
export function armName({ strategy, weights, width, depth }: Arm): string {
  return [strategy, weights, width, depth].join('-').replace(/[^\w-]+/g, '-')
}

/** Orders kinds of run, for `sort`: by strategy, start and depth. */
export function compareArms(a: Arm, b: Arm): number {
  return strategies.indexOf(a.strategy) - strategies.indexOf(b.strategy)
    || startWeights.indexOf(a.weights) - startWeights.indexOf(b.weights) || depthPlace(a) - depthPlace(b)
}

function depthPlace({ strategy, depth }: Arm): number {
  const depths: readonly string[] = strategy === 'frozen-features' ? featureDepths : trainingDepths
  return depths.indexOf(depth)
}
