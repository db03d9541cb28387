/** The configuration of a contrastive run, its progress reports and its results: plain data. */
import { requireInRange } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import type { Model } from '../../model/model'
import { checkOptimizer, type OptimizerConfig } from '../optimizer'
import type { TrainControl } from '../config'
import type { Scatter } from './collapse'
import { checkViews, chestViews, type ViewConfig } from './views'

/** Everything that decides a run besides the model and the images: the same configuration gives the same bits. */
export interface ContrastiveConfig {
  /** How many times the run goes through the images, in two views each: 1 or more. */
  epochs: number
  /** Images a step, 4 or more. Each view is compared with the 2 · batch − 2 views of the other images. Default 64. */
  batch?: number
  /**
   * Divides the cosines, .01 to 1: a lower temperature pushes the most similar of the other images away harder. Default
   * .2, because neighboring slices are alike and should not be pushed apart as if they were unrelated.
   */
  temperature?: number
  /** Default `chestViews`. */
  views?: ViewConfig
  /** The rate is the highest of a one-cycle schedule. Default AdamW with rate .001 and decay .05. */
  optimizer?: OptimizerConfig
  /** Names every random choice of the run. Default 0. */
  seed?: number
}

/** One epoch's figures: means over its steps. */
export interface ContrastiveRecord extends Scatter {
  /** From 1. */
  epoch: number
  /** See `contrastiveLoss`. */
  loss: number
  /** Share of the views that are nearer to their second view than to any view of the step's other images. */
  found: number
  seconds: number
}

/** A progress report. Figures are means over the epoch so far. */
export interface ContrastiveProgress extends Omit<ContrastiveRecord, 'seconds'> {
  epochs: number
  /** Step of this epoch, from 1. */
  step: number
  /** Steps of an epoch. */
  steps: number
  history: readonly ContrastiveRecord[]
  /** Seconds trained so far. */
  seconds: number
}

/** How a run is watched, stopped and saved. Nothing here changes the run's numbers. */
export interface ContrastiveControl extends Pick<TrainControl, 'signal' | 'checkpoint'> {
  onProgress?(progress: ContrastiveProgress): void
}

/** The result of a run. */
export interface ContrastivelyTrained {
  /** The start model with trained stages; its head is unchanged. */
  model: Model
  /** The origin of the start model's weights, such as 'random'. */
  start: string
  history: readonly ContrastiveRecord[]
  stopped: 'finished' | 'cancelled'
  seconds: number
  /** The configuration with all defaults filled in. */
  config: Required<ContrastiveConfig>
}

/**
 * A configuration with its defaults filled in, also for settings that are undefined.
 * @param images the number of images
 * @throws LabError 'bad-argument' naming the setting that is out of range
 */
export function completeConfig(config: ContrastiveConfig, images: number): Required<ContrastiveConfig> {
  requireKnownKeys('the contrastive configuration', config ?? null,
    { epochs: true, batch: true, temperature: true, views: true, optimizer: true, seed: true })
  const {
    epochs, batch = 64, temperature = 0.2, views = chestViews, seed = 0,
    optimizer = { name: 'adamw', rate: 1e-3, decay: 0.05 },
  } = config
  const remedy = 'Change the contrastive configuration'
  requireInRange('epochs', epochs, { low: 1, whole: true }, remedy)
  requireInRange('batch', batch, { low: 4, high: images, whole: true }, 'Choose at most as many images as there are')
  requireInRange('temperature', temperature, { low: 0.01, high: 1 }, remedy)
  requireInRange('seed', seed, { whole: true }, remedy)
  checkViews(views)
  checkOptimizer(optimizer)
  return { batch, temperature, views, optimizer, seed, epochs }
}
