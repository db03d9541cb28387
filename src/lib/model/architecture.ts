/**
 * A network as a list of layers: names, kinds, shapes, stages, and the arrays of numbers that the layers hold. Plain
 * data, without the numbers themselves. `resnet50-layers.ts` lists the layers of ResNet50.
 */

/** The stages of a network, in the order in which data passes them; freezing goes by stage. */
export const stages = ['stem', 'conv2', 'conv3', 'conv4', 'conv5', 'head'] as const
export type Stage = (typeof stages)[number]

/** What a layer computes. */
export type LayerKind =
  | { kind: 'input' }
  | { kind: 'zero-padding'; padding: number }
  | { kind: 'convolution'; filters: number; kernel: number; stride: number; padding: 'same' | 'valid' }
  | { kind: 'batch-normalization'; epsilon: number; momentum: number }
  | { kind: 'relu' }
  | { kind: 'add' }
  | { kind: 'max-pooling'; kernel: number; stride: number }
  | { kind: 'global-average-pooling' }
  | { kind: 'dropout'; rate: number }
  | { kind: 'dense'; units: number; activation: 'linear' | 'relu' | 'softmax' }

/** One layer: what it computes, from which inputs, and the shape of its output. */
export type LayerSpec = LayerKind & {
  readonly name: string
  readonly stage: Stage
  /** Names of the layers whose outputs it reads. */
  readonly inputs: readonly string[]
  /** Of the output for one image: [height, width, channels] or [features]. */
  readonly shape: readonly number[]
}

export interface Architecture {
  readonly name: string
  /** In the order in which data passes them; the last layer gives class scores. */
  readonly layers: readonly LayerSpec[]
}

/** One array of numbers that a layer holds. */
export interface ParameterSpec {
  /** 'conv1_conv/kernel', 'conv1_bn/moving_mean', … as Keras names them. */
  readonly name: string
  readonly layer: string
  readonly shape: readonly number[]
  /** False for moving averages, which have no gradient. */
  readonly trainable: boolean
}

/** How wide a network is: the filters of every stage as a share of the published ResNet50's. */
export const widths = { full: 1, half: 1 / 2, quarter: 1 / 4 } as const
export type Width = keyof typeof widths

/**
 * Two networks are called ResNet50. They differ where a stage halves height and width. In 'v1' (the paper's, Keras's)
 * the first 1×1 convolution of the stage's first block has the stride of 2, and skips three of four positions; in
 * 'v1.5' (torchvision's) the block's 3×3 convolution has the stride, and reads every position. The published weights of
 * each variant expect its ε in batch normalization. `strideIn` counts the convolutions of a block from 1.
 */
export const variants = {
  'v1': { strideIn: 1, epsilon: 1.001e-5 },
  'v1.5': { strideIn: 2, epsilon: 1e-5 },
} as const
export type Variant = keyof typeof variants

/** Momentum of batch normalization's moving averages in Keras's ResNet50. */
export const kerasMomentum = 0.99

/** Collects layers. Each reads the output of the layer before, unless it names its inputs. */
export class LayerList {
  readonly layers: LayerSpec[] = []

  /** Adds a layer. @returns its name */
  add(stage: Stage, name: string, layer: LayerKind, inputs: readonly string[] = this.last()): string {
    const shape = outputShape(layer, inputs.map(input => this.shapeOf(input)))
    this.layers.push({ ...layer, name, stage, inputs, shape })
    return name
  }

  /** Starts the list with square images. @param size height and width in pixels */
  input(size: number, channels: number): void {
    this.layers.push({ kind: 'input', name: 'input_layer', stage: 'stem', inputs: [], shape: [size, size, channels] })
  }

  shapeOf(name: string): readonly number[] {
    return this.layers.find(layer => layer.name === name)!.shape
  }

  private last(): string[] {
    return [this.layers[this.layers.length - 1].name]
  }
}

function outputShape(layer: LayerKind, inputs: readonly (readonly number[])[]): readonly number[] {
  const [height, width, channels] = inputs[0]
  const slide = (kernel: number, stride: number, padding: number) =>
    [height, width].map(side => Math.floor((side + 2 * padding - kernel) / stride) + 1)
  switch (layer.kind) {
    case 'zero-padding': return [height + 2 * layer.padding, width + 2 * layer.padding, channels]
    case 'convolution':
      return [...slide(layer.kernel, layer.stride, layer.padding === 'same' ? (layer.kernel - 1) / 2 : 0), layer.filters]
    case 'max-pooling': return [...slide(layer.kernel, layer.stride, 0), channels]
    case 'global-average-pooling': return [channels]
    case 'dense': return [layer.units]
    default: return inputs[0]
  }
}

/**
 * The arrays that a network's layers hold, in Keras's order and shapes: kernels of convolutions [height, width, inputs,
 * outputs], of dense layers [inputs, outputs].
 * @example parameters(model.architecture)[0]   // conv1_conv/kernel, [7, 7, 3, 64] at full width
 */
export function parameters(architecture: Architecture): ParameterSpec[] {
  const shapes = new Map(architecture.layers.map(layer => [layer.name, layer.shape]))
  return architecture.layers.flatMap(layer => {
    const channels = layer.inputs.length ? shapes.get(layer.inputs[0])!.at(-1)! : 0
    const parameter = (name: string, shape: readonly number[], trainable = true) =>
      ({ name: `${layer.name}/${name}`, layer: layer.name, shape, trainable })
    switch (layer.kind) {
      case 'convolution': return [
        parameter('kernel', [layer.kernel, layer.kernel, channels, layer.filters]), parameter('bias', [layer.filters])]
      case 'dense': return [parameter('kernel', [channels, layer.units]), parameter('bias', [layer.units])]
      case 'batch-normalization': return [
        parameter('gamma', [channels]), parameter('beta', [channels]),
        parameter('moving_mean', [channels], false), parameter('moving_variance', [channels], false)]
      default: return []
    }
  })
}
