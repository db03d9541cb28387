/** Fine-tuning, sweeps of learning rates and recommended settings, each under a progress bar. */
import type { Model } from '../../model/model'
import type { Part, Split } from '../../data/split/split'
import { findLearningRate as findQuietly, type LearningRateSweep, type SweepOptions } from '../../training/find-learning-rate'
import { fineTuneWith, type FineTuneControl, type FineTuned, type FineTuneOptions } from '../../training/fine-tune'
import { recommend as recommendQuietly, type Recommendation, type RecommendOptions } from '../../training/recommend'
import { withProgress } from '../progress'
import { train } from './training'

/**
 * Fine-tunes a copy of a model in one call: first the head with all else frozen, then all layers, the early ones more
 * slowly. Two progress bars show the phases; the interrupt button ends training after the current step.
 * @param options headEpochs (default 2), epochs (8), rate (1e-3), stageFactor (2.6), and the settings of `train`
 * @returns the model after both phases, one history in which epochs count on, and `phases`
 * @throws LabError 'bad-argument' naming the option; 'engine-failed' when a loss or a weight stops being a number
 * @example (await fineTune(network, parts, { headEpochs: 1, epochs: 1, batch: 8 })).history.length   // 2
 */
export function fineTune(
  model: Model, split: Split, options: FineTuneOptions = {}, control: FineTuneControl = {},
): Promise<FineTuned> {
  return fineTuneWith((start, parts, config, watch, phase) =>
    train(start, parts, config, { ...watch, title: `Fine-tuning: ${phase}` }), model, split, options, control)
}

/**
 * Trains a copy of a model while the learning rate rises exponentially, under a progress bar, and suggests a rate: a
 * tenth of the one at which the smoothed loss was lowest (Smith 2017; Howard and Gugger 2020). The copy is discarded.
 * @param part the training part
 * @param options least (default 1e-6), greatest (1), steps (100), batch (64), optimizer ('adamw'), seed
 * @returns the losses by rate, and the suggestion; null where the loss never fell
 * @throws LabError 'bad-argument' naming the option
 * @example (await findLearningRate(network, parts.train, { steps: 20, batch: 8 })).suggestion
 */
export function findLearningRate(
  model: Model, part: Part, options: Omit<SweepOptions, 'onProgress' | 'signal'> = {},
): Promise<LearningRateSweep> {
  return withProgress('Learning rates', (onProgress, signal) => findQuietly(model, part, { ...options, onProgress, signal }))
}

/**
 * Tries cheap settings on the training and validation parts, under a progress bar: linear heads on each frozen stage at
 * several image sizes, then training the head, and conv5 with it. The test part is not read.
 * @param options weights, width (default 'half'), sizes (default 64 and 128), steps (100), batch (64), seed
 * @returns one row a setting, the lowest validation loss first, and which one to begin with
 * @throws LabError 'bad-argument' naming the option, or where validation and test share images
 * @example (await recommend(parts, { weights: 'none', width: 'quarter', sizes: [32], steps: 1 })).best.setting
 */
export function recommend(
  split: Split, options: Omit<RecommendOptions, 'onProgress' | 'signal'> = {},
): Promise<Recommendation> {
  return withProgress('Settings', (onProgress, signal) => recommendQuietly(split, { ...options, onProgress, signal }))
}
