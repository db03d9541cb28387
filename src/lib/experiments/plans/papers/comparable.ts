/** What differs between a paper's protocol and a measured network's. */
import type { Width } from '../../../model/architecture'
import type { PublishedRow } from '../../../papers/published-row'
import type { StartWeights } from '../four-strategies/strategy-run'
import type { ProtocolSplit } from './splits'

/** A measured network. */
export interface Comparable {
  split: ProtocolSplit
  /** Whether it ran on another data set. */
  borrowed: boolean
  /** Whether it was trained with the settings that the paper prints. */
  ownSettings: boolean
  weights: StartWeights
  width: Width
}

/** Pixels on each side of the images that the networks see. */
const imageSize = 64

/** What differs where a protocol ran on another data set than the paper's. */
export const anotherSet = 'another data set'

/** 'hard': another network or other start weights, which allow no verdict. 'soft': all else that differs. */
export function differences(
  published: PublishedRow, { split, borrowed, ownSettings, weights, width }: Comparable,
): { hard: string[]; soft: string[] } {
  const { study, row, status, method } = published
  const { architecture, start, imageSize: printedSize } = { ...study.protocol, ...row.protocol }
  const own = weights === 'none' ? 'random numbers' : weights.startsWith('imagenet') ? 'ImageNet' : 'fractals'
  const hard = [
    ...(borrowed ? [anotherSet] : []),
    ...(architecture === 'other' ? [`ResNet50 in place of ${method}`] : []),
    ...(architecture === undefined ? ['the paper’s network is not known to be ResNet50'] : []),
    ...(width === 'full' ? [] : [`${width} width`]),
    ...(start === own ? []
      : [`start weights from ${own}, the paper’s ${start === undefined ? 'are not known' : `from ${startWords[start]}`}`]),
    ...(status === 'unconfirmed' ? ['the published figure is unconfirmed'] : []),
  ]
  const size = ownSettings && study.recipe ? study.recipe.network.size : imageSize
  const soft = [
    ...(split === 'published' ? ['other test images'] : split === 'leak-aware' && study.split.unit !== 'patient' ? ['another kind of split'] : []),
    ...(ownSettings ? [] : ['this project’s training settings']),
    ...(printedSize === undefined || printedSize === size ? [] : [`${size} pixels, the paper’s ${printedSize}`]),
  ]
  return { hard, soft }
}

const startWords = { 'ImageNet': 'ImageNet', 'random numbers': 'random numbers', 'other': 'elsewhere' } as const
