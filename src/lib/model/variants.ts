/**
 * ResNet50 with one of its ideas taken out, narrow enough to train while one watches.
 *
 * Names and layout are those of `architecture.ts`; only what a variant lacks is missing. Blocks of two 3×3
 * convolutions are those of ResNet-34 (He et al. 2016, table 1), which has as many blocks and costs about as much.
 */
import { LayerList, stages, type Architecture, type Stage } from './architecture'
import { LabError } from '../system/errors'
import type { Model } from './model'
import { initialWeights } from './start-weights'

/** What is left of ResNet50. */
export interface NetworkVariant {
  /** Whether each block adds its input to its output. Default true. */
  skip?: boolean
  /** Whether batch normalization follows each convolution. Default true. */
  normalize?: boolean
  /** 'bottleneck': 1×1, 3×3, 1×1, as in ResNet50. 'two 3×3': as in ResNet-34. Default 'bottleneck'. */
  block?: 'bottleneck' | 'two 3×3'
  /** Blocks of conv2, conv3, conv4 and conv5, 1 or more each. Default [3, 4, 6, 3], ResNet50's. */
  blocks?: readonly number[]
}

/** What all variants that are compared have in common. */
export interface VariantOptions {
  /** Names of the classes to tell apart. */
  classes: readonly string[]
  /** Height and width of the images in pixels, 32 or more. Default 64. */
  size?: number
  /** Filters of the first convolution, 1 or more; ResNet50 has 64. Default 8. */
  filters?: number
  /** Names the start values. Default 0. */
  seed?: number
}

type Settings = Required<NetworkVariant>

const normalization = { kind: 'batch-normalization', epsilon: 1.001e-5, momentum: 0.9 } as const

/**
 * A variant of ResNet50 with random start values: the same for every layer that variants share. Every γ is 1, where
 * `resnet50` begins with 0 at the end of each block: a row without skip connections would let nothing through.
 * @throws LabError 'bad-argument' for options outside their ranges
 * @example networkVariant({ skip: false }, { classes: dataset.labels })
 */
export function networkVariant(variant: NetworkVariant, options: VariantOptions): Model {
  const { classes, size = 64, seed = 0 } = options
  const architecture = describeVariant(variant, { ...options, classes: classes.length })
  return {
    name: architecture.name, architecture, weights: initialWeights(architecture, seed), frozen: new Set(),
    labels: [...classes], size, preprocessing: 'centered', start: 'random',
  }
}

/** Its layers. @throws LabError 'bad-argument' for options outside their ranges */
export function describeVariant(
  variant: NetworkVariant, { classes, size = 64, filters = 8 }: Omit<VariantOptions, 'classes'> & { classes: number },
): Architecture {
  const { skip = true, normalize = true, block = 'bottleneck', blocks = [3, 4, 6, 3] } = variant
  const settings: Settings = { skip, normalize, block, blocks }
  checkVariant(settings, size, filters)
  const list = new LayerList()
  list.input(size, 3)
  addStem(list, filters, settings)
  settings.blocks.forEach((count, i) => {
    const stage = stages[i + 1]
    for (let number = 1; number <= count; number++)
      addBlock(list, { stage, number, filters: filters * 2 ** i, stride: i > 0 && number === 1 ? 2 : 1 }, settings)
  })
  list.add('head', 'avg_pool', { kind: 'global-average-pooling' })
  list.add('head', 'predictions', { kind: 'dense', units: classes, activation: 'softmax' })
  return { name: variantName(settings), layers: list.layers }
}

/** 'ResNet50 without skip connections', … */
function variantName({ skip, normalize, block, blocks }: Settings): string {
  const changes = [
    !skip && 'without skip connections', !normalize && 'without batch normalization',
    block === 'two 3×3' && 'with two 3×3 convolutions a block', `blocks ${blocks.join(', ')}`,
  ]
  return `ResNet50 ${changes.filter(Boolean).join(', ')}`
}

function addStem(list: LayerList, filters: number, { normalize }: Settings): void {
  list.add('stem', 'conv1_pad', { kind: 'zero-padding', padding: 3 })
  list.add('stem', 'conv1_conv', { kind: 'convolution', filters, kernel: 7, stride: 2, padding: 'valid' })
  if (normalize) list.add('stem', 'conv1_bn', normalization)
  list.add('stem', 'conv1_relu', { kind: 'relu' })
  list.add('stem', 'pool1_pad', { kind: 'zero-padding', padding: 1 })
  list.add('stem', 'pool1_pool', { kind: 'max-pooling', kernel: 3, stride: 2 })
}

/** Where a block stands. */
interface Place {
  stage: Stage
  /** From 1, within the stage. */
  number: number
  filters: number
  stride: number
}

/** One block; its shortcut goes through a 1×1 convolution where the shape changes. */
function addBlock(list: LayerList, { stage, number, filters, stride }: Place, settings: Settings): void {
  const name = `${stage}_block${number}`
  const input = list.layers[list.layers.length - 1]
  const convolution = (part: number, { count, kernel, step }: Window, from?: string) => {
    const padding = kernel === 1 ? 'valid' : 'same'
    const layer = { kind: 'convolution', filters: count, kernel, stride: step, padding } as const
    const last = list.add(stage, `${name}_${part}_conv`, layer, from ? [from] : undefined)
    return settings.normalize ? list.add(stage, `${name}_${part}_bn`, normalization) : last
  }
  const windows = windowsOf(settings.block, filters, stride)
  const outputs = windows[windows.length - 1].count
  const projected = settings.skip && (stride > 1 || input.shape[2] !== outputs)
  const shortcut = projected ? convolution(0, { count: outputs, kernel: 1, step: stride }, input.name) : input.name
  let main = input.name
  windows.forEach((window, i) => {
    main = convolution(i + 1, window, i === 0 ? input.name : undefined)
    if (i < windows.length - 1) list.add(stage, `${name}_${i + 1}_relu`, { kind: 'relu' })
  })
  if (settings.skip) list.add(stage, `${name}_add`, { kind: 'add' }, [shortcut, main])
  list.add(stage, `${name}_out`, { kind: 'relu' })
}

interface Window {
  /** Filters. */
  count: number
  kernel: number
  /** Stride. */
  step: number
}

/** The convolutions of a block's main way. */
function windowsOf(block: Settings['block'], filters: number, stride: number): Window[] {
  if (block === 'two 3×3')
    return [{ count: filters, kernel: 3, step: stride }, { count: filters, kernel: 3, step: 1 }]
  return [
    { count: filters, kernel: 1, step: stride }, { count: filters, kernel: 3, step: 1 },
    { count: filters * 4, kernel: 1, step: 1 },
  ]
}

function checkVariant({ block, blocks }: Settings, size: number, filters: number): void {
  const need = (held: boolean, expected: string, received: unknown) => {
    if (held) return
    throw new LabError('bad-argument', { expected, received: String(received), remedy: 'Change the variant’s options' })
  }
  const counted = (value: number) => Number.isInteger(value) && value >= 1
  need(['bottleneck', 'two 3×3'].includes(block), "block 'bottleneck' or 'two 3×3'", block)
  need(blocks.length === 4 && blocks.every(counted), 'blocks of four stages, 1 or more each', `[${blocks.join(', ')}]`)
  need(counted(filters), 'filters to be a whole number from 1', filters)
  need(Number.isInteger(size) && size >= 32, 'a size from 32 pixels', size)
}
