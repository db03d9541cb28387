/** What stands before and after ResNet50's stages: heads that give class scores, and whole networks. */
import { addResNet50, kerasMomentum, LayerList, type Architecture, type Variant, type Width } from './architecture'

/**
 * 'linear': global average pooling and one dense layer.
 * 'reference': the reference notebook's, with a 3×3 convolution of three filters in front of the network,
 * and batch normalization, dropout, a dense layer of 256 and the same again behind it.
 */
export type Head = 'linear' | 'reference'

export interface NetworkOptions {
  /** Height and width of the images in pixels. Default 64. */
  size?: number
  width?: Width
  /** Default 'v1', Keras's. */
  variant?: Variant
  head?: Head
  /** How many classes the last layer tells apart. */
  classes: number
  /** Share of features set to zero in training before the last layer of the linear head. Default 0. */
  dropout?: number
  /**
   * Momentum of batch normalization's moving averages in ResNet50's stages, 0 to 1. Default Keras's 0.99, which
   * needs several hundred steps to settle.
   */
  momentum?: number
}

/** ResNet50 with a head. @example describeResNet50({ classes: 2, width: 'half' }) */
export function describeResNet50(options: NetworkOptions): Architecture {
  const { size = 64, width = 'full', variant = 'v1', head = 'linear', classes, dropout = 0, momentum = kerasMomentum } = options
  const list = new LayerList()
  list.input(size, 3)
  if (head === 'reference')
    list.add('stem', 'stem_conv', { kind: 'convolution', filters: 3, kernel: 3, stride: 1, padding: 'same' })
  addResNet50(list, { width, variant, momentum })
  list.add('head', 'avg_pool', { kind: 'global-average-pooling' })
  if (head === 'reference') addReferenceHead(list)
  else if (dropout > 0) list.add('head', 'head_dropout', { kind: 'dropout', rate: dropout })
  list.add('head', 'predictions', { kind: 'dense', units: classes, activation: 'softmax' })
  const version = variant === 'v1' ? '' : ` ${variant}`
  return { name: `ResNet50${version} (${width} width, ${head} head)`, layers: list.layers }
}

function addReferenceHead(list: LayerList): void {
  const normalization = { kind: 'batch-normalization', epsilon: 1e-3, momentum: kerasMomentum } as const
  list.add('head', 'head_bn1', normalization)
  list.add('head', 'head_dropout1', { kind: 'dropout', rate: 0.5 })
  list.add('head', 'head_dense', { kind: 'dense', units: 256, activation: 'relu' })
  list.add('head', 'head_bn2', normalization)
  list.add('head', 'head_dropout2', { kind: 'dropout', rate: 0.5 })
}
