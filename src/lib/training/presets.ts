/**
 * Recipes by name, for networks that start from pretrained weights; chosen on validation parts inside the folds'
 * training parts, never on a fold's own test part. A block that one fold validates on is tested by another, though:
 * figures on blocks may be slightly too good.
 *
 * Measured statistics, and two views of each image, lowered the validation loss in every one of eleven short runs on
 * the SARS-CoV-2 CT-scan set. Mixup, averages of weights, rates that fall from stage to stage and smaller images first
 * gained nothing that stayed from run to run: the library has none of them.
 *
 * Fifteen epochs at half width, on validation parts of number-block folds (two to four blocks each: much noise), told
 * apart no more. Fold 1: loss .311 as it is, .309 at rate 3e-3, .320 with wider augmentation as well (rotation 25,
 * shift .15, zoom .2), .283 with vertical flips on top of that; fold 2: .406 as it is, .395 with all three, but 79 %
 * right where the plain recipe has 83 %. In such longer runs measured statistics are no longer clearly ahead: .250,
 * mean of folds 1 to 4; followed ones, even without the second view, .235, worse on one fold and better on three.
 */
import { augmentations } from '../images/augment'
import type { PredictOptions } from '../inference/predict'
import type { ResNet50Options } from '../weights/resnet50'
import type { TrainConfig } from './config'

/** What goes to `resnet50`, to `train`, and to `predict` or `evaluate`. */
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
 * 'quick': 8 epochs, for a first answer. 'best': 30.
 * @example
 * const start = await resnet50({ classes: ct.labels, width: 'half', ...presets.quick.model })
 * const tuned = await train(start, parts, { ...presets.quick.train, seed: 1 })
 * show(await evaluate(tuned.model, parts.test, presets.quick.predict))
 */
export const presets: { readonly quick: Preset; readonly best: Preset } = {
  quick: { ...shared, train: { ...shared.train, epochs: 8 } },
  best: { ...shared, train: { ...shared.train, epochs: 30 } },
}
