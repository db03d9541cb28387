/** What a training run is told, and what it tells. Plain data. */
import type { AugmentConfig } from '../images/augment'
import { LabError } from '../system/errors'
import type { Model } from '../model/model'
import { checkOptimizer, type OptimizerConfig } from './optimizer'
import type { Schedule } from './schedule'

/** Everything that decides a run; with the same one, the same bits come out. */
export interface TrainConfig {
  /** Times that every training image is seen. 1 or more. */
  epochs: number
  optimizer: OptimizerConfig
  /** Images a step, 2 or more. Default 64. */
  batch?: number
  /** Default constant. */
  schedule?: Schedule
  /** Default none: the images as they are. */
  augment?: AugmentConfig
  /**
   * How many augmented versions of each image there are, 1 or more: epoch e (from 0) shows version e mod this. Fewer
   * than epochs vary the images less, but let `keepFeatures` save work. Default: a new version every epoch.
   */
  augmentVersions?: number
  /**
   * Whether what frozen first layers give for an image is computed only once and kept on disk, for later epochs and
   * later runs. It concerns images that come again: the validation part's always, the training part's unless every
   * epoch brings a new augmented version. Where all of it together would pass the limit, nothing is kept: 2 GiB, or
   * the environment's LAB_FEATURE_CACHE in MiB. Default true.
   */
  keepFeatures?: boolean
  /** Share of each label spread over all classes, 0 to 1. Default 0. */
  labelSmoothing?: number
  /** Stop when the validation loss has not improved for so many epochs. Default: never. */
  patience?: number
  /** Whether the returned model is the epoch's with the best validation loss, not the last one's. Default false. */
  keepBest?: boolean
  /** What 'best' means for `keepBest` and `patience`. Default 'validationLoss'. */
  watch?: 'validationLoss' | 'validationAccuracy'
  /**
   * What batch normalizations that train hold in the returned model. 'followed': moving averages of the steps' batches,
   * as in Keras. 'measured': statistics of the training images as they are, measured once when the run is done (not
   * where it is cancelled); the recorded validation figures are still those by moving averages. Default 'followed'.
   */
  statistics?: 'followed' | 'measured'
  /** Names every random choice of the run. Default 0. */
  seed?: number
}

/** How a run is watched, stopped and saved: decides nothing about the numbers. */
export interface TrainControl {
  onProgress?(progress: TrainProgress): void
  /** Called while features are computed for later, before the epoch that needs them: images done, images in all. */
  onPreparing?(done: number, count: number): void
  /** Ends the run after the step under way; its numbers so far are kept. */
  signal?: AbortSignal
  /** A folder to save the run in, and to take it up from again. */
  checkpoint?: { folder: string; everySteps?: number }
}

/** One epoch's figures. */
export interface EpochRecord {
  /** From 1. */
  epoch: number
  /** Means over the training images, in training mode: with augmentation and dropout. */
  loss: number
  accuracy: number
  /** Means over the validation images, as at inference. Losses are never smoothed. */
  validationLoss: number
  validationAccuracy: number
  /** Learning rate of the last step. */
  rate: number
  seconds: number
}

/** Where a run stands. */
export interface TrainProgress {
  epoch: number
  epochs: number
  /** Step of this epoch, from 1. */
  step: number
  steps: number
  /** Means over this epoch's images so far. */
  loss: number
  accuracy: number
  history: readonly EpochRecord[]
  /** Seconds trained so far. */
  seconds: number
}

export interface Trained {
  model: Model
  history: EpochRecord[]
  /** The epoch with the best watched figure; null when not one was finished. */
  best: EpochRecord | null
  stopped: 'finished' | 'early' | 'cancelled'
  seconds: number
  config: TrainConfig
}

/** @throws LabError 'bad-argument' naming the setting */
export function checkTraining(config: TrainConfig): void {
  const { epochs, batch = 64, labelSmoothing = 0, patience = 1, seed = 0, augment, augmentVersions = 1 } = config
  const { statistics = 'followed' } = config
  const need = (held: boolean, expected: string, received: unknown) => {
    if (held) return
    throw new LabError('bad-argument', { expected, received: String(received), remedy: 'Change the training configuration' })
  }
  need(Number.isInteger(epochs) && epochs >= 1, 'epochs to be a whole number from 1', epochs)
  need(Number.isInteger(batch) && batch >= 2, 'batch to be a whole number from 2 (batch normalization compares images)', batch)
  need(labelSmoothing >= 0 && labelSmoothing < 1, 'labelSmoothing from 0 up to, not including, 1', labelSmoothing)
  need(Number.isInteger(patience) && patience >= 1, 'patience to be a whole number from 1', patience)
  need(Number.isInteger(augmentVersions) && augmentVersions >= 1, 'augmentVersions to be a whole number from 1', augmentVersions)
  need(augment !== undefined || config.augmentVersions === undefined, 'augmentVersions only beside augment', augmentVersions)
  need(statistics === 'followed' || statistics === 'measured', "statistics 'followed' or 'measured'", statistics)
  need(Number.isSafeInteger(seed), 'seed to be a whole number', seed)
  checkOptimizer(config.optimizer)
}
