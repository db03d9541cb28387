/** What a contender is asked to do, and what it answers: plain data, one line of JSON each. */
import type { Width } from '../src/lib/model/architecture'

/** The last stage of a network that does not train. */
export type FrozenThrough = 'conv3' | 'conv4' | 'conv5'

/** Images that both languages read from their files. */
export interface ImageList {
  /** What `openDataset` opens. */
  dataset: string
  paths: readonly string[]
  /** Class number of each. */
  labels: readonly number[]
  /** Places in `paths` of those to train on and to validate on. */
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
  /** One epoch behind frozen stages, the first left out: training without augmentation, validation. */
  | { kind: 'frozen-epoch'; images: ImageList; frozenThrough: FrozenThrough }
  /** All images from their files to 64 × 64 grey; 'cached' where that was done before. */
  | { kind: 'decode'; images: ImageList; cached: boolean }
  /** One epoch of a quarter-width network over so many made-up images of 32 × 32. */
  | { kind: 'made-up-epoch'; count: number }

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
