/** A quick look at a paper's protocol: a few epochs, one seed, one fold. */
import { presets } from '../../../training/presets'
import type { PapersOptions } from './plan'

const { quick } = presets

export const quickSettings = {
  seeds: 1, folds: 1, epochs: quick.train.epochs, training: { ...quick, contrastive: { epochs: 1 } },
} satisfies PapersOptions
