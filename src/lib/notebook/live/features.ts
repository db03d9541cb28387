/** Features of frozen stages, and learning without labels, each under a progress bar. */
import type { Split } from '../../data/split/split'
import type { Model } from '../../model/model'
import { trainContrastively as trainContrastivelyQuietly } from '../../training/contrastive/contrastive'
import type { ContrastiveConfig, ContrastivelyTrained } from '../../training/contrastive/config'
import type { UnlabelledImages } from '../../training/contrastive/images'
import { computeFeatures as computeFeaturesQuietly, type SplitFeatures } from '../../training/linear-probe'
import { withProgress } from '../progress'

/**
 * The output of each stage for every image of a split, averaged over positions: one number a channel. Nothing trains. A
 * progress bar shows how far the network is; the interrupt button stops it.
 * @throws LabError 'bad-argument' for a model of other classes than the split's
 * @example (await strategies.computeFeatures(network, parts)).train.get('conv3')
 */
export function computeFeatures(model: Model, split: Split): Promise<SplitFeatures> {
  return withProgress('Features', (report, signal) => computeFeaturesQuietly(model, split, { onProgress: report, signal }))
}

/**
 * Trains a model without labels (SimCLR, Chen et al. 2020): of two random views of each image it learns to find the
 * second among the views of all other images of the step. A progress bar shows the share of views found; the interrupt
 * button ends training after the current step.
 * @param images the training part's images: see `removeLabels`
 * @param config epochs; batch (images a step, 4 or more, default 64), seed
 * @returns the model with what its stages learned (its head is unchanged), and the history: one record an epoch
 * @throws LabError 'bad-argument' naming the setting; 'diverged' when all views give the same answer (a collapse)
 * @example await strategies.trainContrastively(network, strategies.removeLabels(parts), { epochs: 1, batch: 4 })
 */
export function trainContrastively(
  model: Model, images: UnlabelledImages, config: ContrastiveConfig,
): Promise<ContrastivelyTrained> {
  return withProgress('Without labels', (report, signal) => trainContrastivelyQuietly(model, images, config, {
    signal,
    onProgress: ({ epoch, epochs, step, steps, found }) =>
      report((epoch - 1) * steps + step, epochs * steps, `${(100 * found).toFixed(0)} % of views found`),
  }))
}

/**
 * How many epochs of learning without labels make about so many steps, and how many images a step has.
 * @param steps wished for, 1 or more
 * @param batch images a step; fewer where the part has fewer. Default 64
 * @returns epochs (at least 1) and batch, as `trainContrastively` takes them
 * @example strategies.planContrastive(strategies.removeLabels(parts), 50)
 */
export function planContrastive(
  images: UnlabelledImages, steps: number, batch = 64,
): { epochs: number; batch: number } {
  const size = Math.min(batch, images.count)
  return { epochs: Math.max(1, Math.round(steps / Math.floor(images.count / size))), batch: size }
}
