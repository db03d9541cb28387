/**
 * What start weights are worth: fine-tuned briefly, judged on a validation part, never on the same fold's test part.
 * A block that one fold validates on is tested by another, though: where a choice was made by such figures, those on
 * the blocks' test parts may be slightly too good.
 */
import type { Width } from '../model/architecture'
import { augmentations } from '../images/augment'
import type { Dataset } from '../data/dataset'
import { foldByGroup, foldRandom } from '../data/split/folds'
import { resnet50 } from '../weights/resnet50'
import type { Split } from '../data/split/split'
import { train } from '../training/train'
import type { TrainConfig, TrainControl, Trained } from '../training/config'

/** How the images are dealt out: one by one, or in blocks of consecutive numbers (or other groups). */
export const transferSplits = ['random', 'blocks'] as const
export type TransferSplit = (typeof transferSplits)[number]

/** The first of five folds: a fifth is its test part, which is left alone; a fifth of the rest validates. */
export function transferSplit(dataset: Dataset, kind: TransferSplit): Split {
  const folds = kind === 'random' ? foldRandom : foldByGroup
  return folds(dataset, { folds: 5, seed: 42, validation: 0.2 })[0]
}

/** Short, but annealed to the end: validation swings too much before. */
function transferConfig(seed: number): TrainConfig {
  return {
    epochs: 10,
    batch: 64,
    optimizer: { name: 'adamw', rate: 1e-3, decay: 0.05 },
    schedule: { name: 'one-cycle' },
    augment: augmentations.gentle,
    labelSmoothing: 0.05,
    seed,
  }
}

/**
 * Trains all layers for ten epochs from given start weights.
 * @param weightsFile as `pretrainOnFractals` leaves it; null: from scratch
 * @param control as in `train`
 */
export async function transfer(
  weightsFile: string | null, width: Width, split: Split, seed: number, control: TrainControl = {},
): Promise<Trained> {
  const options = { classes: split.dataset.labels, width, size: 64, dropout: 0.2, seed }
  const start = await resnet50(weightsFile ? { ...options, weights: 'own', weightsFile } : { ...options, weights: 'none' })
  return train(start, split, transferConfig(seed), control)
}
