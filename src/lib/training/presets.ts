/**
 * Recommended settings for networks that start from pretrained weights. They were chosen on the validation parts of
 * cross-validation folds, never on a fold's test part. A number block in one fold's validation part is in another
 * fold's test part, though, so figures on number blocks may be slightly too good.
 *
 * Measured statistics, and predictions on two views of each image, lowered the validation loss in every one of eleven
 * short runs on the SARS-CoV-2 CT-scan set. Mixup, averaged weights, learning rates that fall from stage to stage, and
 * training on smaller images first had no benefit that held in all runs: the library has none of them.
 *
 * Fifteen epochs at half width on the validation parts of number-block folds, two to four blocks each, were too noisy
 * to tell the variants apart. Fold 1: validation loss .311 with these settings, .309 at rate 3e-3, .320 with wider
 * augmentation as well (rotation 25, shift .15, zoom .2), .283 with vertical flips in addition. Fold 2: .406 with these
 * settings, .395 with all three changes, but an accuracy of 79 % instead of 83 %. In these longer runs measured
 * statistics were no longer clearly better: mean loss over folds 1 to 4 .250, against .235 with moving averages and one
 * view, which was worse on one fold and better on three.
 */
import { augmentations } from '../images/augment'
import type { PredictOptions } from '../inference/predict'
import type { ResNet50Options } from '../weights/resnet50-options'
import type { TrainConfig } from './config'

/** Settings for `resnet50`, for `train`, and for `predict` or `evaluate`. */
export interface Preset {
  model: Pick<ResNet50Options, 'dropout'>
  train: TrainConfig
  predict: Pick<PredictOptions, 'views'>
}

const shared = {
  model: { dropout: 0.2 },
  train: {
    optimizer: { name: 'adamw', rate: 1e-3, decay: 0.05 }, schedule: { name: 'one-cycle' },
    augment: augmentations.gentle, labelSmoothing: 0.05, statistics: 'measured',
  },
  predict: { views: 'flip' },
} as const

/**
 * 'quick': 8 epochs, for a first result. 'best': 30 epochs.
 * @example
 * const start = await resnet50({ classes: ct.labels, width: 'half', ...presets.quick.model })
 * const tuned = await train(start, parts, { ...presets.quick.train, seed: 1 })
 * show(await evaluate(tuned.model, parts.test, presets.quick.predict))
 */
export const presets: { readonly quick: Preset; readonly best: Preset } = {
  quick: { ...shared, train: { ...shared.train, epochs: 8 } },
  best: { ...shared, train: { ...shared.train, epochs: 30 } },
}
