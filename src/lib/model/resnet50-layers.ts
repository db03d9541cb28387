/**
 * ResNet50's layers in order: the stem, four stages of residual blocks, and the heads that give class scores.
 *
 * Layout and names follow Keras's `keras.applications.ResNet50`, after He, Zhang, Ren and Sun, "Deep residual learning
 * for image recognition" (2016), table 1. Other networks of the same layout come from the same block builder, with
 * other {@link BlockOptions}: see `variants.ts`.
 */
import {
  kerasMomentum, LayerList, stages, variants, widths,
  type Architecture, type LayerKind, type Stage, type Variant, type Width,
} from './architecture'

/**
 * 'linear': global average pooling and one dense layer.
 * 'reference': the head of the reference notebook. A 3×3 convolution of three filters comes before the network; after
 * the pooling come batch normalization, dropout, a dense layer of 256, batch normalization, dropout and the last layer.
 */
export type Head = 'linear' | 'reference'

export interface NetworkOptions {
  /** Height and width of the images in pixels. Default 64. */
  size?: number
  /** Default 'full'. */
  width?: Width
  /** Default 'v1', Keras's. */
  variant?: Variant
  /** Default 'linear'. */
  head?: Head
  /** How many classes the last layer distinguishes. */
  classes: number
  /** Share of features that training sets to zero before the last layer of the linear head, 0 to 1. Default 0. */
  dropout?: number
  /**
   * Momentum of batch normalization's moving averages in ResNet50's stages, 0 to 1. Default Keras's 0.99, with which
   * the averages need several hundred steps to settle.
   */
  momentum?: number
}

/**
 * ResNet50 with a head. At full width it has 175 layers before the head, the input included (178 in v1.5, where three
 * paddings are layers of their own), with 23,587,712 parameters.
 * @example describeResNet50({ classes: 2, width: 'half' })
 */
export function describeResNet50(options: NetworkOptions): Architecture {
  const { size = 64, width = 'full', variant = 'v1', head = 'linear' } = options
  const { classes, dropout = 0, momentum = kerasMomentum } = options
  const { strideIn, epsilon } = variants[variant]
  const list = new LayerList()
  list.input(size, 3)
  if (head === 'reference')
    list.add('stem', 'stem_conv', { kind: 'convolution', filters: 3, kernel: 3, stride: 1, padding: 'same' })
  addStages(list, {
    filters: 64 * widths[width], blocks: resnet50Blocks, block: 'bottleneck', skip: true, strideIn, paddingLayers: true,
    normalization: { kind: 'batch-normalization', epsilon, momentum },
  })
  list.add('head', 'avg_pool', { kind: 'global-average-pooling' })
  if (head === 'reference') addReferenceHead(list)
  else if (dropout > 0) list.add('head', 'head_dropout', { kind: 'dropout', rate: dropout })
  list.add('head', 'predictions', { kind: 'dense', units: classes, activation: 'softmax' })
  const version = variant === 'v1' ? '' : ` ${variant}`
  return { name: `ResNet50${version} (${width} width, ${head} head)`, layers: list.layers }
}

/** How many blocks conv2, conv3, conv4 and conv5 have in ResNet50. */
export const resnet50Blocks: readonly number[] = [3, 4, 6, 3]

/** How each residual block is built. */
export interface BlockOptions {
  /** 'bottleneck': convolutions of 1×1, 3×3 and 1×1, the last with four times the filters. 'two 3×3': ResNet-34's. */
  block: 'bottleneck' | 'two 3×3'
  /** Whether each block adds its input to its output. */
  skip: boolean
  /** The batch normalization after each convolution; null for none. */
  normalization: LayerKind | null
  /** Which convolution of a stage's first block has the stride, counted from 1. */
  strideIn: number
  /** Whether a 3×3 convolution with a stride gets a padding layer, as in Keras, or pads by itself. */
  paddingLayers: boolean
}

export interface StageOptions extends BlockOptions {
  /** Filters of the first convolution and of conv2; each later stage has twice as many as the stage before. */
  filters: number
  /** How many blocks conv2, conv3, conv4 and conv5 have, 1 or more each. */
  blocks: readonly number[]
}

/** Appends the stem and the four stages to a list that starts with the input. */
export function addStages(list: LayerList, { filters, blocks, ...options }: StageOptions): void {
  list.add('stem', 'conv1_pad', { kind: 'zero-padding', padding: 3 })
  list.add('stem', 'conv1_conv', { kind: 'convolution', filters, kernel: 7, stride: 2, padding: 'valid' })
  if (options.normalization) list.add('stem', 'conv1_bn', options.normalization)
  list.add('stem', 'conv1_relu', { kind: 'relu' })
  list.add('stem', 'pool1_pad', { kind: 'zero-padding', padding: 1 })
  list.add('stem', 'pool1_pool', { kind: 'max-pooling', kernel: 3, stride: 2 })
  blocks.forEach((count, i) => {
    const stage = stages[i + 1]
    for (let number = 1; number <= count; number++)
      addBlock(list, { stage, number, filters: filters * 2 ** i, stride: i > 0 && number === 1 ? 2 : 1 }, options)
  })
}

/** One block of a stage. */
interface Block {
  stage: Stage
  /** From 1, within the stage. */
  number: number
  /** Filters of the block's 3×3 convolutions. */
  filters: number
  /** 2 where the block halves height and width, else 1. */
  stride: number
}

/** Convolutions, and a shortcut around them that passes a 1×1 convolution where the block changes the shape. */
function addBlock(list: LayerList, { stage, number, filters, stride }: Block, options: BlockOptions): void {
  const { skip, normalization, strideIn, paddingLayers } = options
  const name = `${stage}_block${number}`
  const input = list.layers[list.layers.length - 1]
  const convolve = (part: number, { count, kernel }: Convolution, step: number, from?: string): string => {
    // Keras's 'same' with a stride would pad one side only; a padding layer pads both sides.
    const layerPads = paddingLayers && kernel > 1 && step > 1
    if (layerPads) list.add(stage, `${name}_${part}_pad`, { kind: 'zero-padding', padding: (kernel - 1) / 2 })
    const padding = kernel === 1 || layerPads ? 'valid' : 'same'
    const layer = { kind: 'convolution', filters: count, kernel, stride: step, padding } as const
    const output = list.add(stage, `${name}_${part}_conv`, layer, from ? [from] : undefined)
    return normalization ? list.add(stage, `${name}_${part}_bn`, normalization) : output
  }
  const convolutions = convolutionsOf(options.block, filters)
  const outputs = convolutions[convolutions.length - 1].count
  const changesShape = stride > 1 || input.shape[2] !== outputs
  const shortcut = skip && changesShape ? convolve(0, { count: outputs, kernel: 1 }, stride, input.name) : input.name
  let output = input.name
  convolutions.forEach((convolution, i) => {
    output = convolve(i + 1, convolution, strideIn === i + 1 ? stride : 1, i === 0 ? input.name : undefined)
    if (i < convolutions.length - 1) list.add(stage, `${name}_${i + 1}_relu`, { kind: 'relu' })
  })
  if (skip) list.add(stage, `${name}_add`, { kind: 'add' }, [shortcut, output])
  list.add(stage, `${name}_out`, { kind: 'relu' })
}

interface Convolution {
  /** How many filters. */
  count: number
  /** Side of the kernels in pixels. */
  kernel: number
}

function convolutionsOf(block: BlockOptions['block'], filters: number): Convolution[] {
  const middle = { count: filters, kernel: 3 }
  if (block === 'two 3×3') return [middle, middle]
  return [{ count: filters, kernel: 1 }, middle, { count: filters * 4, kernel: 1 }]
}

function addReferenceHead(list: LayerList): void {
  const normalization = { kind: 'batch-normalization', epsilon: 1e-3, momentum: kerasMomentum } as const
  list.add('head', 'head_bn1', normalization)
  list.add('head', 'head_dropout1', { kind: 'dropout', rate: 0.5 })
  list.add('head', 'head_dense', { kind: 'dense', units: 256, activation: 'relu' })
  list.add('head', 'head_bn2', normalization)
  list.add('head', 'head_dropout2', { kind: 'dropout', rate: 0.5 })
}
