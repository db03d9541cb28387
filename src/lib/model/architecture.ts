/**
 * ResNet50 as a list of layers: names, kinds, shapes, stages. Plain data, no numbers to train.
 *
 * Layout and names follow Keras's `keras.applications.ResNet50`, after He, Zhang, Ren and Sun, "Deep residual
 * learning for image recognition" (2016), table 1.
 */

/** The parts a network is frozen by, in the order data meets them. */
export const stages = ['stem', 'conv2', 'conv3', 'conv4', 'conv5', 'head'] as const
export type Stage = (typeof stages)[number]

/** What one layer does. */
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

/** One layer: what it does, what feeds it, and the shape it gives. */
export type LayerSpec = LayerKind & {
  readonly name: string
  readonly stage: Stage
  /** Names of the layers it reads. */
  readonly inputs: readonly string[]
  /** Shape of its output for one image: [height, width, channels] or [features]. */
  readonly shape: readonly number[]
}

export interface Architecture {
  readonly name: string
  /** In the order data meets them; the last one gives class scores. */
  readonly layers: readonly LayerSpec[]
}

/** One array of numbers that a layer holds. */
export interface ParameterSpec {
  /** 'conv1_conv/kernel', 'conv1_bn/moving_mean', … as Keras names them. */
  readonly name: string
  readonly layer: string
  readonly shape: readonly number[]
  /** False for moving averages, which no gradient reaches. */
  readonly trainable: boolean
}

/** How wide the network is: filters of every stage against the published ResNet50's. */
export const widths = { full: 1, half: 1 / 2, quarter: 1 / 4 } as const
export type Width = keyof typeof widths

/**
 * Two networks go by the name of ResNet50. Where a stage halves the image, 'v1' (the paper's and Keras's) takes every
 * other place in the first 1×1 convolution of its first block, 'v1.5' (torchvision's) in that block's 3×3, so that no
 * place goes unseen. Each variant's published weights expect its own ε in batch normalization.
 */
export const variants = {
  'v1': { strideIn: 1, epsilon: 1.001e-5 },
  'v1.5': { strideIn: 2, epsilon: 1e-5 },
} as const
export type Variant = keyof typeof variants

/** Keras's momentum of batch normalization's moving averages in ResNet50. */
export const kerasMomentum = 0.99

/** Collects layers, each by default fed by the one before. */
export class LayerList {
  readonly layers: LayerSpec[] = []

  /** Adds a layer and gives back its name. */
  add(stage: Stage, name: string, layer: LayerKind, inputs: readonly string[] = this.last()): string {
    const shape = outputShape(layer, inputs.map(input => this.shapeOf(input)))
    this.layers.push({ ...layer, name, stage, inputs, shape })
    return name
  }

  /** Starts the list with images of a size. */
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

/**
 * ResNet50's layers up to the last convolutional stage, appended to a list that starts with the input.
 * Full width: 175 layers with the input (178 in v1.5, where three paddings stand alone), 23,587,712 parameters.
 */
export function addResNet50(
  list: LayerList, { width, variant, momentum }: { width: Width; variant: Variant; momentum: number },
): void {
  const base = 64 * widths[width]
  const { strideIn, epsilon } = variants[variant]
  const normalization = { kind: 'batch-normalization', epsilon, momentum } as const
  list.add('stem', 'conv1_pad', { kind: 'zero-padding', padding: 3 })
  list.add('stem', 'conv1_conv', { kind: 'convolution', filters: base, kernel: 7, stride: 2, padding: 'valid' })
  list.add('stem', 'conv1_bn', normalization)
  list.add('stem', 'conv1_relu', { kind: 'relu' })
  list.add('stem', 'pool1_pad', { kind: 'zero-padding', padding: 1 })
  list.add('stem', 'pool1_pool', { kind: 'max-pooling', kernel: 3, stride: 2 })
  addStage(list, 'conv2', { filters: base, blocks: 3, stride: 1, strideIn, normalization })
  addStage(list, 'conv3', { filters: base * 2, blocks: 4, stride: 2, strideIn, normalization })
  addStage(list, 'conv4', { filters: base * 4, blocks: 6, stride: 2, strideIn, normalization })
  addStage(list, 'conv5', { filters: base * 8, blocks: 3, stride: 2, strideIn, normalization })
}

interface StageOptions {
  /** Filters of the 3×3 convolutions; the blocks' outputs have four times as many. */
  filters: number
  blocks: number
  /** Of the first block. */
  stride: number
  /** Which convolution of that block has the stride: 1 or 2. */
  strideIn: number
  normalization: LayerKind
}

/** A stage: one bottleneck block that changes the shape, then blocks that keep it. */
function addStage(list: LayerList, stage: Stage, options: StageOptions): void {
  addBottleneck(list, stage, `${stage}_block1`, options, true)
  for (let block = 2; block <= options.blocks; block++)
    addBottleneck(list, stage, `${stage}_block${block}`, { ...options, stride: 1 }, false)
}

/** 1×1 down, 3×3, 1×1 up, plus the shortcut: through a 1×1 convolution where the shape changes. */
function addBottleneck(
  list: LayerList, stage: Stage, name: string, options: StageOptions, projected: boolean,
): void {
  const { filters, stride, strideIn, normalization } = options
  const start = list.layers[list.layers.length - 1].name
  const convolution = (part: number, count: number, kernel: number, step: number, from?: string) => {
    const padding = kernel === 1 || step > 1 ? 'valid' : 'same'
    const layer = { kind: 'convolution', filters: count, kernel, stride: step, padding } as const
    // 'Same' with a stride would mean one pixel on one side only: said here as it is meant, one on each.
    if (kernel > 1 && step > 1) list.add(stage, `${name}_${part}_pad`, { kind: 'zero-padding', padding: (kernel - 1) / 2 })
    list.add(stage, `${name}_${part}_conv`, layer, from ? [from] : undefined)
    return list.add(stage, `${name}_${part}_bn`, normalization)
  }
  const shortcut = projected ? convolution(0, filters * 4, 1, stride, start) : start
  convolution(1, filters, 1, strideIn === 1 ? stride : 1, start)
  list.add(stage, `${name}_1_relu`, { kind: 'relu' })
  convolution(2, filters, 3, strideIn === 2 ? stride : 1)
  list.add(stage, `${name}_2_relu`, { kind: 'relu' })
  const main = convolution(3, filters * 4, 1, 1)
  list.add(stage, `${name}_add`, { kind: 'add' }, [shortcut, main])
  list.add(stage, `${name}_out`, { kind: 'relu' })
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

/** The arrays that a network's layers hold, in Keras's order and shapes (kernels height, width, in, out). */
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
