/**
 * ResNet50 with one of its ideas taken out, narrow enough to train within a minute or so.
 *
 * Names and layout are those of `resnet50-layers.ts`, less the layers that a variant lacks. Blocks of two 3×3
 * convolutions are those of ResNet-34 (He et al. 2016, table 1), which has as many blocks and costs about as much.
 */
import { LayerList, variants, type Architecture } from './architecture'
import { addStages, resnet50Blocks, type BlockOptions } from './resnet50-layers'
import { LabError, requireInRange, requireOneOf } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import type { Model } from './model'
import { summarizedModel } from './model-summary'
import { initialWeights } from './start-weights'

/** Which of ResNet50's ideas the network keeps. */
export interface NetworkVariant {
  /** Whether each block adds its input to its output. Default true. */
  skip?: boolean
  /** Whether batch normalization follows each convolution. Default true. */
  normalize?: boolean
  /** 'bottleneck': 1×1, 3×3, 1×1, as in ResNet50. 'two 3×3': as in ResNet-34. Default 'bottleneck'. */
  block?: BlockOptions['block']
  /** Blocks of conv2, conv3, conv4 and conv5, 1 or more each. Default [3, 4, 6, 3], ResNet50's. */
  blocks?: readonly number[]
}

/** Options that all compared variants share. */
export interface VariantOptions {
  /** Names of the classes. */
  classes: readonly string[]
  /** Height and width of the images in pixels, 32 or more. Default 64. */
  size?: number
  /** Filters of the first convolution, 1 or more; ResNet50 has 64. Default 8. */
  filters?: number
  /** Decides the start values. Default 0. */
  seed?: number
}

const normalization = { kind: 'batch-normalization', epsilon: variants.v1.epsilon, momentum: 0.9 } as const

/**
 * A variant of ResNet50 with random start values: the same values for every layer that two variants share. Every γ is
 * 1, whereas `resnet50` starts with γ = 0 at the end of each block: blocks without skip connections would then pass
 * nothing on.
 * @throws LabError 'bad-argument' for options outside their ranges
 * @example anatomy.networkVariant({ skip: false }, { classes: ct.labels, size: 32, filters: 4 })
 */
export function networkVariant(variant: NetworkVariant, options: VariantOptions): Model {
  requireKnownKeys('networkVariant', variant, { skip: true, normalize: true, block: true, blocks: true })
  requireKnownKeys('networkVariant', options ?? null, { classes: true, size: true, filters: true, seed: true })
  const { classes, size = 64, seed = 0 } = options
  const architecture = describeVariant(variant, { ...options, classes: classes.length })
  return summarizedModel({
    name: architecture.name, architecture, weights: initialWeights(architecture, seed), frozen: new Set(),
    labels: [...classes], size, preprocessing: 'centered', start: 'random',
  })
}

/** The layers of a variant. @throws LabError 'bad-argument' for options outside their ranges */
export function describeVariant(
  variant: NetworkVariant, { classes, size = 64, filters = 8 }: Omit<VariantOptions, 'classes'> & { classes: number },
): Architecture {
  const { skip = true, normalize = true, block = 'bottleneck', blocks = resnet50Blocks } = variant
  const settings: Required<NetworkVariant> = { skip, normalize, block, blocks }
  checkVariant(settings, size, filters)
  const list = new LayerList()
  list.input(size, 3)
  addStages(list, {
    filters, blocks, block, skip, normalization: normalize ? normalization : null, strideIn: 1, paddingLayers: false,
  })
  list.add('head', 'avg_pool', { kind: 'global-average-pooling' })
  list.add('head', 'predictions', { kind: 'dense', units: classes, activation: 'softmax' })
  return { name: variantName(settings), layers: list.layers }
}

/** 'ResNet50 without skip connections, blocks 3, 4, 6, 3', … */
function variantName({ skip, normalize, block, blocks }: Required<NetworkVariant>): string {
  const changes = [
    !skip && 'without skip connections', !normalize && 'without batch normalization',
    block === 'two 3×3' && 'with two 3×3 convolutions a block', `blocks ${blocks.join(', ')}`,
  ]
  return `ResNet50 ${changes.filter(Boolean).join(', ')}`
}

function checkVariant({ block, blocks }: Required<NetworkVariant>, size: number, filters: number): void {
  requireOneOf('block', block, ['bottleneck', 'two 3×3'])
  if (blocks.length !== 4 || !blocks.every(count => Number.isInteger(count) && count >= 1))
    throw new LabError('bad-argument', {
      expected: 'blocks of four stages, 1 or more each', received: `[${blocks.join(', ')}]`,
      remedy: 'Choose four whole numbers, such as [3, 4, 6, 3]',
    })
  requireInRange('filters', filters, { low: 1, whole: true })
  requireInRange('size', size, { low: 32, whole: true })
}
