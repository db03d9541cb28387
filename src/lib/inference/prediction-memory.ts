/** Refuses batches for predictions that the memory does not hold. */
import { requireMemory } from '../engine/require-memory'
import type { Model } from '../model/model'
import { countPredictionBytes } from '../model/needed-memory'

/** @throws LabError 'too-large' where predictions for so many images at once need more memory than is free */
export function requirePredictionMemory(model: Model, images: number, free?: number | null): void {
  const { size } = model
  requireMemory(countPredictionBytes(model, images), `batches of ${images} images of ${size} × ${size} pixels`,
    'Choose a smaller batch or smaller images, or close other programs', free)
}
