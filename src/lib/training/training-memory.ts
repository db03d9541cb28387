/** Refuses training that the memory does not hold. */
import { requireMemory } from '../engine/require-memory'
import { defaultBatch } from '../inference/outputs'
import { requirePredictionMemory } from '../inference/prediction-memory'
import { frozenThrough } from '../model/freeze'
import type { Model } from '../model/model'
import { countTrainingBytes } from '../model/needed-memory'
import type { OptimizerConfig } from './optimizer'

/**
 * @param batch images of a step
 * @param count images of the training part
 * @throws LabError 'too-large' where a step needs more memory than is free, or the outputs of frozen first layers do
 */
export function requireTrainingMemory(
  model: Model, { name }: OptimizerConfig, { batch, count }: { batch: number; count: number }, free?: number | null,
): void {
  if (frozenThrough(model)) requirePredictionMemory(model, Math.min(defaultBatch, count), free)
  const images = Math.min(batch, count), slots = name === 'sgd' ? 1 : 2
  requireMemory(countTrainingBytes(model, { images, slots }), `steps of ${images} images of ${model.size} × ${model.size} pixels`,
    'Choose a smaller batch, smaller images or a narrower network, freeze more layers, or close other programs', free)
}
