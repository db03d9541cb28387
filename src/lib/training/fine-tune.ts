/**
 * Fine-tuning in one call: first the new head alone, then all layers, the early ones more slowly.
 *
 * A new head starts from random numbers, and its first gradients would destroy what the pretrained layers know; so it
 * learns first. Rates that fall from stage to stage are Howard and Ruder's discriminative fine-tuning (2018); the two
 * phases, and half the rate in the second one, are those of fastai's `fine_tune` (Howard and Gugger 2020).
 */
import { join } from 'node:path'
import type { Split } from '../data/split/split'
import { unfreeze } from '../model/freeze'
import type { Model } from '../model/model'
import { summarizedModel } from '../model/model-summary'
import { parameters } from '../model/architecture'
import { requireInRange } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import type { TrainConfig, TrainControl, Trained, TrainProgress } from './config'
import { joinHistories } from './histories'
import { fallingRates } from './optimizer'
import { train } from './train'
import { summarizedRun } from './trained-summary'

/** Settings of both phases: those of `train`, with epochs and rates for each phase. */
export interface FineTuneOptions extends Omit<TrainConfig, 'epochs' | 'optimizer' | 'schedule'> {
  /** Epochs in which the head alone learns, 1 or more. Default 2. */
  headEpochs?: number
  /** Epochs in which all layers learn, 1 or more. Default 8. */
  epochs?: number
  /** The head's highest rate in the first phase, above 0, up to 1; in the second it is half as high. Default 1e-3. */
  rate?: number
  /** By how much the rate falls from stage to stage in the second phase, 1 or more: see `fallingRates`. Default 2.6. */
  stageFactor?: number
}

/** Which phase of fine-tuning is under way. */
export type Phase = 'head' | 'all layers'

/** How fine-tuning is watched, stopped and saved; checkpoints of the phases lie in folders of their own. */
export interface FineTuneControl extends Omit<TrainControl, 'onProgress'> {
  /** Called after each step and after each epoch of each phase. */
  onProgress?(progress: TrainProgress, phase: Phase): void
}

/** A fine-tuned model, and how both phases went. */
export interface FineTuned extends Trained {
  /** The phases one by one. The second is absent where training was interrupted in the first. */
  phases: { head: Trained; 'all layers'?: Trained }
}

/** Trains one phase: `train`, or `train` under a progress bar. */
export type TrainPhase = (
  model: Model, split: Split, config: TrainConfig, control: TrainControl, phase: Phase,
) => Promise<Trained>

/**
 * Fine-tunes a copy of a model that starts from pretrained weights: the head for `headEpochs` with all else frozen,
 * then all layers for `epochs` with AdamW, a one-cycle schedule and rates that fall from stage to stage. The validation
 * part decides the best epoch where `keepBest` is set; the test part is never read.
 * @returns the model after both phases, and one history in which epochs count on; the best epoch is one of the second
 * @throws LabError as `train`
 * @example (await fineTune(network, parts, { headEpochs: 1, epochs: 1, batch: 8 })).history.length   // 2
 */
export async function fineTune(
  model: Model, split: Split, options: FineTuneOptions = {}, control: FineTuneControl = {},
): Promise<FineTuned> {
  const trainPhase: TrainPhase = (start, parts, config, watch) => train(start, parts, config, watch)
  return fineTuneWith(trainPhase, model, split, options, control)
}

/** As `fineTune`, with another way of carrying the phases out. */
export async function fineTuneWith(
  trainPhase: TrainPhase, model: Model, split: Split, options: FineTuneOptions, control: FineTuneControl,
): Promise<FineTuned> {
  const { head: headConfig, all: allConfig } = fineTuneConfigs(options)
  const { onProgress, checkpoint, ...watch } = control
  const controlOf = (phase: Phase): TrainControl => ({
    ...watch,
    ...(onProgress ? { onProgress: (progress: TrainProgress) => onProgress(progress, phase) } : {}),
    ...(checkpoint ? { checkpoint: { ...checkpoint, folder: join(checkpoint.folder, phase.replace(' ', '-')) } } : {}),
  })
  const head = await trainPhase(headOnly(model), split, headConfig, controlOf('head'), 'head')
  if (head.stopped === 'cancelled')
    return summarizedRun({ ...head, model: summarizedModel({ ...head.model, frozen: model.frozen }), phases: { head } })
  const all = await trainPhase(unfreeze(head.model), split, allConfig, controlOf('all layers'), 'all layers')
  const history = joinHistories([head, all])
  return summarizedRun({
    ...all, history, best: all.best && history[head.history.length + all.best.epoch - 1],
    seconds: head.seconds + all.seconds, phases: { head, 'all layers': all },
  })
}

/**
 * The configurations of the two phases.
 * @throws LabError 'bad-argument' for an option that is unknown or out of range
 */
export function fineTuneConfigs(options: FineTuneOptions): { head: TrainConfig; all: TrainConfig } {
  requireKnownKeys('fineTune', options, {
    headEpochs: true, epochs: true, rate: true, stageFactor: true, batch: true, augment: true, augmentVersions: true,
    keepFeatures: true, classWeights: true, balancedBatches: true, labelSmoothing: true, patience: true, keepBest: true,
    watch: true, statistics: true, seed: true,
  })
  const { headEpochs = 2, epochs = 8, rate = 1e-3, stageFactor = 2.6, ...settings } = options
  requireInRange('headEpochs', headEpochs, { low: 1, whole: true })
  requireInRange('epochs', epochs, { low: 1, whole: true })
  requireInRange('rate', rate, { above: 0, high: 1 })
  const shared = { ...settings, schedule: { name: 'one-cycle' } } as const
  return {
    head: { ...shared, epochs: headEpochs, optimizer: { name: 'adamw', rate } },
    all: { ...shared, epochs, optimizer: { name: 'adamw', rate: rate / 2, stageRates: fallingRates(stageFactor) } },
  }
}

/** A model of which only the head trains. */
function headOnly(model: Model): Model {
  const stageOf = new Map(model.architecture.layers.map(({ name, stage }) => [name, stage]))
  const layers = parameters(model.architecture).map(({ layer }) => layer)
  return { ...model, frozen: new Set(layers.filter(layer => stageOf.get(layer) !== 'head')) }
}
