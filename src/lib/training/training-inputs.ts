/** What a training run reads: images, or the outputs of the frozen first layers, cached where that saves work. */
import { openImageInputs, type Inputs } from '../batches/inputs'
import type { Part, Split } from '../data/split/split'
import { featureBytes, featureLimit } from '../inference/feature-cache'
import { FrozenPart } from '../inference/frozen-inputs'
import type { ComputeControl } from '../inference/outputs'
import { requirePredictionMemory } from '../inference/prediction-memory'
import { frozenThrough } from '../model/freeze'
import type { Model } from '../model/model'
import type { LayerRange } from '../network/plan'
import { defaultBatch, type TrainConfig } from './config'

export interface TrainingInputs {
  training: Inputs
  validation: Inputs
  /** The layers that read them. */
  layerRange: LayerRange
  /** Which of the two are cached on disk. */
  cached: { training: boolean; validation: boolean }
  close(): Promise<void>
}

/** Outputs of the layers up to `frozenThrough(model)`; the images themselves where the first layers train. */
export async function openTrainingInputs(
  model: Model, split: Split, config: TrainConfig, control: ComputeControl = {},
): Promise<TrainingInputs> {
  const boundary = frozenThrough(model)
  return boundary ? openFeatures(model, boundary, split, config, control) : openImages(model, split)
}

async function openImages(model: Model, { train, validation }: Split): Promise<TrainingInputs> {
  return {
    training: await openImageInputs(train, model), validation: await openImageInputs(validation, model),
    layerRange: {}, cached: { training: false, validation: false }, close: async () => {},
  }
}

async function openFeatures(
  model: Model, boundary: string, split: Split, config: TrainConfig, control: ComputeControl,
): Promise<TrainingInputs> {
  const frozen = new FrozenPart(model, boundary)
  const cached = cachedParts(frozen, split, config)
  const { batch = defaultBatch } = config
  // The frozen layers then compute whole batches of a step.
  if (!cached.training) requirePredictionMemory(model, Math.min(batch, split.train.indices.length))
  const open = (part: Part, cache: boolean) =>
    (cache ? frozen.cachedInputs(part, control) : frozen.computedInputs(part, batch))
  return {
    training: await open(split.train, cached.training), validation: await open(split.validation, cached.validation),
    layerRange: { after: boundary }, cached, close: () => frozen.close(),
  }
}

/** Features of images that recur are cached if all of them together fit the limit. */
function cachedParts(
  frozen: FrozenPart, { train, validation }: Split, { keepFeatures = true, augment, augmentVersions }: TrainConfig,
): TrainingInputs['cached'] {
  // Without `augmentVersions` every epoch brings new images: nothing recurs.
  const versions = augment ? augmentVersions ?? 0 : 1
  const bytes = versions * featureBytes(frozen.sizeFor(train)) + featureBytes(frozen.sizeFor(validation))
  const fits = keepFeatures && bytes <= featureLimit()
  return { training: fits && versions > 0, validation: fits }
}
