/** What a contrastive run is told, and what it tells. Plain data. */
import { LabError } from '../../system/errors'
import type { Model } from '../../model/model'
import { checkOptimizer, type OptimizerConfig } from '../optimizer'
import type { TrainControl } from '../config'
import type { Scatter } from './collapse'
import { checkViews, chestViews, type ViewConfig } from './views'

/** Everything that decides a run beside the model and the images; with the same one, the same bits come out. */
export interface ContrastiveConfig {
  /** Times that every image is seen, in two views. 1 or more. */
  epochs: number
  /** Images a step, 4 or more: each view is told from the 2 · batch − 2 views of the others. Default 64. */
  batch?: number
  /**
   * By which cosines are divided, .01 to 1: the lower, the harder the most similar of the other images are pushed away.
   * Default .2: neighbouring slices are alike, and should not be torn apart as if they had nothing in common.
   */
  temperature?: number
  /** Default `chestViews`. */
  views?: ViewConfig
  /** Its rate is the highest of a one-cycle schedule. Default AdamW, rate .001, decay .05. */
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
  /** Share of the views nearer to their second view than to any view of the step's other images. */
  found: number
  seconds: number
}

/** Where a run stands. */
export interface ContrastiveProgress extends Omit<ContrastiveRecord, 'seconds'> {
  epochs: number
  /** Step of this epoch, from 1. Figures are means over this epoch so far. */
  step: number
  steps: number
  history: readonly ContrastiveRecord[]
  /** Seconds trained so far. */
  seconds: number
}

/** How a run is watched, stopped and saved: decides nothing about the numbers. */
export interface ContrastiveControl extends Pick<TrainControl, 'signal' | 'checkpoint'> {
  onProgress?(progress: ContrastiveProgress): void
}

export interface ContrastivelyTrained {
  /** The model that was given, with what its stages learnt; its head as it was. */
  model: Model
  /** Where its numbers came from before: the given model's `start`. */
  start: string
  history: readonly ContrastiveRecord[]
  stopped: 'finished' | 'cancelled'
  seconds: number
  /** With all defaults filled in. */
  config: Required<ContrastiveConfig>
}

/**
 * A config with its defaults, also for what is given as undefined.
 * @throws LabError 'bad-argument' naming the setting that is out of range
 */
export function completeConfig(config: ContrastiveConfig, images: number): Required<ContrastiveConfig> {
  const {
    epochs, batch = 64, temperature = 0.2, views = chestViews, seed = 0,
    optimizer = { name: 'adamw', rate: 1e-3, decay: 0.05 },
  } = config
  const need = (held: boolean, expected: string, received: unknown) => {
    if (held) return
    throw new LabError('bad-argument',
      { expected, received: String(received), remedy: 'Change the contrastive configuration' })
  }
  need(Number.isInteger(epochs) && epochs >= 1, 'epochs to be a whole number from 1', epochs)
  need(Number.isInteger(batch) && batch >= 4 && batch <= images,
    `batch to be a whole number from 4 to the number of images, ${images}`, batch)
  need(temperature >= 0.01 && temperature <= 1, 'temperature from .01 to 1', temperature)
  need(Number.isSafeInteger(seed), 'seed to be a whole number', seed)
  checkViews(views)
  checkOptimizer(optimizer)
  // In this order: checkpoints are known by it.
  return { batch, temperature, views, optimizer, seed, epochs }
}
