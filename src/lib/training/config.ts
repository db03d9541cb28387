/** The configuration of a training run, its progress reports and its results: plain data. */
import type { Part } from '../data/split/split'
import { checkAugment, type AugmentConfig } from '../images/augment'
import type { Model } from '../model/model'
import { LabError, requireInRange, requireOneOf } from '../system/errors'
import { requireBoolean, requireKnownKeys } from '../system/options'
import { checkCheckpoint, type CheckpointOptions } from './checkpoint'
import { checkClassWeights, type ClassWeights } from './class-balance'
import { checkOptimizer, type OptimizerConfig } from './optimizer'
import { checkSchedule, type Schedule } from './schedule'

/** Images a step where a configuration does not say. */
export const defaultBatch = 64

/** Everything that decides a run besides the model and the data: the same configuration gives the same bits. */
export interface TrainConfig {
  /** How many times the run goes through the training images: 1 or more. */
  epochs: number
  optimizer: OptimizerConfig
  /** Images a step, 2 or more. Default 64. */
  batch?: number
  /** How the learning rate changes. Default: it is constant. */
  schedule?: Schedule
  /** Default: images are not augmented. */
  augment?: AugmentConfig
  /**
   * Number of augmented versions of each image, 1 or more: epoch e (from 0) shows version e mod this number. With fewer
   * versions than epochs the images vary less, but `keepFeatures` can save work. Default: a new version every epoch.
   */
  augmentVersions?: number
  /**
   * Whether the outputs of frozen first layers are cached on disk, for later epochs and later runs. Only images that
   * recur are cached: those of the validation part, and those of the training part unless every epoch brings a new
   * augmented version. Nothing is cached if all of it together would exceed 2 GiB, or the limit in the environment's
   * LAB_FEATURE_CACHE (in MiB). Default true.
   */
  keepFeatures?: boolean
  /**
   * How much the images of each class count in the loss. 'balanced': so that all classes count alike, however few
   * images one has (images / (classes · images of the class)). Or a number above 0 for every class, by its name. The
   * loss of a batch is divided by the sum of its images' weights, as in PyTorch. Validation figures are not weighted.
   * Default: all images count alike.
   */
  classWeights?: ClassWeights
  /**
   * Whether every batch has as many images of each class, or one more of some. An epoch has as many images as before:
   * images of rare classes come several times in it. Default false: each image comes once an epoch.
   */
  balancedBatches?: boolean
  /** Share of each label that is spread over all classes: from 0, below 1. Default 0. */
  labelSmoothing?: number
  /** Stop after so many epochs without a better validation figure (see `watch`). Default: never. */
  patience?: number
  /** Whether the run returns the model of its best epoch (see `watch`) and not of its last one. Default false. */
  keepBest?: boolean
  /** The figure that decides which epoch is best, for `keepBest` and `patience`. Default 'validationLoss'. */
  watch?: 'validationLoss' | 'validationAccuracy'
  /**
   * The statistics that trainable batch normalizations hold in the returned model. 'followed': moving averages over the
   * steps' batches, as in Keras. 'measured': statistics of the training images without augmentation, measured once
   * after the last epoch (not if the run is cancelled); the validation figures in the history still come from moving
   * averages. Default 'followed'.
   */
  statistics?: 'followed' | 'measured'
  /** Names every random choice of the run. Default 0. */
  seed?: number
}

/** How a run is watched, stopped and saved. Nothing here changes the run's numbers. */
export interface TrainControl {
  /** Called after each step and after each epoch. */
  onProgress?(progress: TrainProgress): void
  /** Called while features are cached, before the epoch that needs them. `done` of `count` images. */
  onPreparing?(done: number, count: number): void
  /** Stops the run after the current step. The run then saves its state and returns the model as it is. */
  signal?: AbortSignal
  /** Where the run is saved. If the folder already has this run's checkpoint, the run continues from it. */
  checkpoint?: CheckpointOptions
}

/** One epoch's figures. */
export interface EpochRecord {
  /** From 1. */
  epoch: number
  /**
   * Mean over the training images, in training mode: with augmentation, dropout, label smoothing and class weights. In
   * nats.
   */
  loss: number
  /** Share of the training images that were classified correctly, in the same mode. */
  accuracy: number
  /** Mean over the validation images, as at inference and without label smoothing. In nats. */
  validationLoss: number
  /** Share of the validation images that are classified correctly, as at inference. */
  validationAccuracy: number
  /** Learning rate of the last step. */
  rate: number
  seconds: number
}

/** A progress report. */
export interface TrainProgress {
  /** From 1. */
  epoch: number
  epochs: number
  /** Step of this epoch, from 1. */
  step: number
  /** Steps of an epoch. */
  steps: number
  /** Mean over this epoch's images so far. */
  loss: number
  accuracy: number
  history: readonly EpochRecord[]
  /** Seconds trained so far. */
  seconds: number
}

/** The result of a run. */
export interface Trained {
  model: Model
  history: EpochRecord[]
  /** The epoch with the best validation figure; null if no epoch was finished. */
  best: EpochRecord | null
  /** 'early': no better validation figure for `patience` epochs. */
  stopped: 'finished' | 'early' | 'cancelled'
  seconds: number
  config: TrainConfig
}

/** @throws LabError 'bad-argument' naming the setting that is unknown or out of range */
export function checkTraining(config: TrainConfig): void {
  requireKnownKeys('the training configuration', config ?? null, {
    epochs: true, optimizer: true, batch: true, schedule: true, augment: true, augmentVersions: true,
    keepFeatures: true, classWeights: true, balancedBatches: true, labelSmoothing: true, patience: true,
    keepBest: true, watch: true, statistics: true, seed: true,
  })
  const {
    epochs, batch = defaultBatch, labelSmoothing = 0, patience = 1, seed = 0, augment, augmentVersions = 1,
    watch = 'validationLoss', statistics = 'followed',
  } = config
  const remedy = 'Change the training configuration'
  requireInRange('epochs', epochs, { low: 1, whole: true }, remedy)
  // Batch normalization compares images.
  requireInRange('batch', batch, { low: 2, whole: true }, remedy)
  requireInRange('labelSmoothing', labelSmoothing, { low: 0, below: 1 }, remedy)
  requireInRange('patience', patience, { low: 1, whole: true }, remedy)
  requireInRange('augmentVersions', augmentVersions, { low: 1, whole: true }, remedy)
  if (config.augmentVersions !== undefined && !augment)
    throw new LabError('bad-argument', {
      expected: 'augmentVersions together with augment', received: 'augmentVersions alone', remedy,
    })
  requireOneOf('watch', watch, ['validationLoss', 'validationAccuracy'])
  requireOneOf('statistics', statistics, ['followed', 'measured'])
  requireInRange('seed', seed, { whole: true }, remedy)
  requireBoolean('keepFeatures', config.keepFeatures)
  requireBoolean('keepBest', config.keepBest)
  requireBoolean('balancedBatches', config.balancedBatches)
  checkClassWeights(config.classWeights, config.balancedBatches)
  checkOptimizer(config.optimizer)
  if (config.schedule !== undefined) checkSchedule(config.schedule)
  if (augment !== undefined) checkAugment(augment)
}

/** @throws LabError 'bad-argument' naming the option that is unknown or out of range */
export function checkControl(control: TrainControl): void {
  requireKnownKeys('the control of train', control,
    { onProgress: true, onPreparing: true, signal: true, checkpoint: true })
  checkCheckpoint(control.checkpoint)
}

/**
 * The number of epochs that make about so many optimizer steps, so that small data sets are trained on for as long as
 * large ones.
 * @param part the training part
 * @param batch images a step; default 64, as in `train`
 * @returns 1 or more
 * @example countEpochs(parts.train, 120)   // epochs that make about 120 steps
 */
export function countEpochs(part: Part, steps: number, batch = defaultBatch): number {
  return Math.max(1, Math.round(steps / Math.ceil(part.indices.length / batch)))
}
