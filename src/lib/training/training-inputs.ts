/** What a training run reads: images, or what the frozen first layers give for them, kept where that saves work. */
import { featureBytes, featureLimit } from '../inference/feature-cache'
import { frozenThrough } from '../model/freeze'
import { FrozenPart } from '../inference/frozen-inputs'
import type { ComputeControl } from '../inference/outputs'
import { openImageInputs, type Inputs } from '../batches/inputs'
import type { Model } from '../model/model'
import type { Part, Split } from '../data/split/split'
import type { TrainConfig } from './config'

export interface TrainingInputs {
  training: Inputs
  validation: Inputs
  /** Whose features are kept. */
  kept: { training: boolean; validation: boolean }
  close(): Promise<void>
}

/** Inputs for the layers behind `frozenThrough(model)`; the images themselves where the first layers train. */
export async function openTrainingInputs(
  model: Model, split: Split, config: TrainConfig, control: ComputeControl = {},
): Promise<TrainingInputs> {
  const { train, validation } = split
  const boundary = frozenThrough(model)
  if (!boundary) {
    const images = async (part: Part) => openImageInputs(part, model)
    const kept = { training: false, validation: false }
    return { training: await images(train), validation: await images(validation), kept, close: async () => {} }
  }
  const frozen = new FrozenPart(model, boundary)
  const kept = keptParts(frozen, split, config)
  const open = (part: Part, keep: boolean) => (keep ? frozen.cachedInputs(part, control) : frozen.computedInputs(part))
  return {
    training: await open(train, kept.training), validation: await open(validation, kept.validation), kept,
    close: () => frozen.close(),
  }
}

/** Features are kept of images that come again, if there is room for all of them at once. */
function keptParts(
  frozen: FrozenPart, { train, validation }: Split, { keepFeatures = true, augment, augmentVersions }: TrainConfig,
): TrainingInputs['kept'] {
  const versions = augment ? augmentVersions ?? 0 : 1
  const bytes = versions * featureBytes(frozen.sizeFor(train)) + featureBytes(frozen.sizeFor(validation))
  const keeps = keepFeatures && bytes <= featureLimit()
  return { training: keeps && versions > 0, validation: keeps }
}
