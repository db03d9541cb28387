/** What a contender is asked to do, and what it answers: plain data, one line of JSON each. */
import type { Width } from '../../src/lib/architecture'

/** The last stage of a network that does not train. */
export type FrozenThrough = 'conv3' | 'conv4' | 'conv5'

/** Images that both languages read: names relative to a folder, classes by number. */
export interface ImageList {
  /** What `openDataset` opens. */
  dataset: string
  folder: string
  names: readonly string[]
  labels: readonly number[]
  /** Places in `names` of those to train on and to validate on. */
  train: readonly number[]
  validation: readonly number[]
}

export type Task =
  /** One training step on a batch of hashed images: forward, loss read back, backward, Adam. */
  | { kind: 'step'; size: number; batch: number; width?: Width; frozenThrough?: FrozenThrough }
  /** Class scores for a batch of hashed images, read back. */
  | { kind: 'forward'; size: number; batch: number; width?: Width }
  /** One epoch of the reference notebook's protocol, augmentation and validation included. */
  | { kind: 'reference-epoch'; images: ImageList }
  /** One epoch of a new head (or more) on frozen stages, no augmentation, the first epoch left out. */
  | { kind: 'frozen-epoch'; images: ImageList; frozenThrough: FrozenThrough }
  /** All images from their files to 64 × 64 grey; 'cached' when it was done before. */
  | { kind: 'decode'; images: ImageList; cached: boolean }
  /** One epoch over generated images. */
  | { kind: 'generated-epoch'; count: number }

/** The first answer: numbers by which contenders are compared, or why this one cannot take part. */
export type Ready =
  | { outputs: Readonly<Record<string, readonly number[]>>; version: string }
  | { unavailable: string }

/** The answer to `{ times }`: milliseconds of each run, and what else was counted. */
export interface Measured {
  ms: readonly number[]
  /** How many tensors the engine holds after the last run. */
  tensors?: number
}
