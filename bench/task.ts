/** What a contender is asked to do, and what it answers: plain data, a line of JSON each. */
import type { Width } from '../src/lib/model/architecture'

/** The last stage of a network that does not train. */
export type FrozenThrough = 'conv3' | 'conv4' | 'conv5'

/** Images that both languages read from their files. */
export interface ImageList {
  /** The name that `openDataset` takes. */
  dataset: string
  paths: readonly string[]
  /** The index of each image's class. */
  labels: readonly number[]
  /** Indices into `paths` of the training and validation images. */
  train: readonly number[]
  validation: readonly number[]
}

export type Task =
  /** One training step on a batch of hashed images: forward, loss read back, backward, Adam. */
  | { kind: 'step'; size: number; batch: number; width?: Width; frozenThrough?: FrozenThrough }
  /** Class scores for a batch of hashed images, read back. */
  | { kind: 'forward'; size: number; batch: number }
  /** One epoch of the reference notebook's protocol: augmentation, training, validation. */
  | { kind: 'reference-epoch'; images: ImageList }
  /** One epoch with frozen first stages, not counting the first epoch: training without augmentation, validation. */
  | { kind: 'frozen-epoch'; images: ImageList; frozenThrough: FrozenThrough }
  /** All images from their files to 64 × 64 grey pixels; `cached`: with the cache of an earlier run. */
  | { kind: 'decode'; images: ImageList; cached: boolean }
  /** One epoch of a quarter-width network over so many generated images of 32 × 32 pixels. */
  | { kind: 'made-up-epoch'; count: number }

/** The first answer: numbers to compare contenders by, or why this one cannot take part. */
export type Ready =
  | { outputs: Readonly<Record<string, readonly number[]>>; version: string }
  | { unavailable: string }

/** The answer to `{ times }`: the milliseconds of each run, and what was counted. */
export interface Measured {
  ms: readonly number[]
  /** How many tensors are in the engine after the last run. */
  tensors?: number
  /** How often a step calls TensorFlow. */
  calls?: number
}
