/** Makes ResNet50 models: the architecture, filled with start weights. */
import { basename } from 'node:path'
import { kerasMomentum, parameters, widths, type Architecture, type Width } from '../model/architecture'
import { LabError } from '../system/errors'
import { describeResNet50, type Head } from '../model/resnet50-layers'
import type { Model } from '../model/model'
import type { Preprocessing } from '../model/preprocessing'
import { completeWeights, initialWeights, withClosedBranches } from '../model/start-weights'
import type { Values } from './formats/tensor-file'
import { sourceCard, type SourceCard, type SourceName } from './cards'
import { loadProjectWeights, readProjectWeights } from './project-weights'
import { sameShape } from './match-parameters'
import { isOnDisk, loadPublished } from './published'

export interface ResNet50Options {
  /** Names of the classes to tell apart, two or more. */
  classes: readonly string[]
  /**
   * 'none': random numbers. 'fractal': pretrained on formula-drawn fractals, everything but the head.
   * 'imagenet' and its relatives: published weights (see `sourceCards`), everything but the head, in full width;
   * downloaded where they are not there yet. Their variant and preprocessing come with them.
   * 'own': those in `weightsFile`, as `npm run pretrain` leaves them, everything but the head.
   * Default 'imagenet' where its file is on this machine already and no width but 'full' is asked for; else 'fractal'.
   */
  weights?: 'none' | 'fractal' | 'own' | SourceName
  /**
   * A file in the place of the published one that `weights` names, of any content but the same layout, variant and
   * preprocessing: HDF5 from Keras, or safetensors with torchvision's or transformers' names. With 'own' the path of
   * NAME.tensors, beside which NAME.json lies.
   */
  weightsFile?: string
  /**
   * Default 'full', as published. 'half' has a quarter of the numbers and trains more than four times as fast: the
   * notebooks ask for it. The project's own weights come in both; a linear head on the best of their stages, frozen,
   * has a validation loss of .34 on number blocks (conv3) and .19 on a random split (conv5) in full width, .36 (conv3)
   * and .27 (conv4) in half.
   */
  width?: Width
  /** Height and width of the images in pixels, 32 or more. Default 64. */
  size?: number
  /** Default 'linear'. */
  head?: Head
  /** Dropout before the last layer of the linear head, 0 to 1. Default 0. */
  dropout?: number
  /**
   * Momentum of batch normalization's moving averages in ResNet50's stages, 0 to 1. Default 0.9, which settles within
   * the few hundred steps of a small data set; with the reference head Keras's 0.99.
   */
  momentum?: number
  /** Names the random start values. Default 0. */
  seed?: number
  /** Called as published weights arrive. */
  onProgress?(received: number, total: number): void
  /** Ends their download; what has arrived stays for the next one. */
  signal?: AbortSignal
}

/** Names of start weights that are no published file's. */
const unpublished: readonly string[] = ['none', 'fractal', 'own']
const heads: readonly Head[] = ['linear', 'reference']

/**
 * A ResNet50 ready to be frozen and trained.
 * @throws LabError 'bad-argument' for options outside their ranges, 'unknown-weights' where no such weights are;
 *   'weights-mismatch', 'bad-tensor-file', 'download-failed' for published ones
 * @example await resnet50({ classes: ['COVID', 'non-COVID'], weights: 'fractal' })
 */
export async function resnet50(options: ResNet50Options): Promise<Model> {
  const { classes, weights = usualWeights(options), weightsFile, width = 'full', size = 64, head = 'linear' } = options
  const { dropout = 0, seed = 0 } = options
  const card = unpublished.includes(weights) ? null : sourceCard(weights, unpublished)
  const momentum = options.momentum ?? (head === 'reference' ? kerasMomentum : 0.9)
  checkOptions({ classes, width, size, head, dropout, momentum })
  checkPublished(card, { weights, weightsFile, width })
  const variant = card?.variant
  const architecture = describeResNet50({ size, width, variant, head, classes: classes.length, dropout, momentum })
  const shared = { name: 'ResNet50', architecture, frozen: new Set<string>(), labels: [...classes], size }
  const own = weights === 'own' ? await readProjectWeights(weightsFile!)
    : weights === 'fractal' ? await loadProjectWeights(weights, width) : null
  // The reference head's own convolution takes the part of preprocessing.
  const preprocessing: Preprocessing =
    head === 'reference' ? 'unit' : (card ?? own?.card.recipe)?.preprocessing ?? 'centered'
  if (card) {
    const { onProgress, signal } = options
    const stages = await loadPublished(card, architecture, { file: weightsFile, top: false, onProgress, signal })
    const start = weightsFile ? basename(weightsFile) : card.name
    return { ...shared, weights: completeWeights(stages, architecture, seed), preprocessing, start }
  }
  if (own) {
    const stages = stagesOf(own.weights, architecture)
    return { ...shared, weights: completeWeights(stages, architecture, seed), preprocessing, start: own.name }
  }
  const random = withClosedBranches(initialWeights(architecture, seed), architecture)
  return { ...shared, weights: random, preprocessing, start: 'random' }
}

/** What a network starts from that nobody chose weights for. */
function usualWeights({ width = 'full' }: ResNet50Options): 'imagenet' | 'fractal' {
  return width === 'full' && isOnDisk(sourceCard('imagenet')) ? 'imagenet' : 'fractal'
}

/** Every array that `own` holds for ResNet50's stages. */
function stagesOf(own: ReadonlyMap<string, Values>, architecture: Architecture): Map<string, Float32Array> {
  const result = new Map<string, Float32Array>()
  const pretrained = /^conv[1-5]_/
  for (const { name, shape } of parameters(architecture).filter(parameter => pretrained.test(parameter.name))) {
    const found = own.get(name)
    if (!found || !sameShape(found.shape, shape))
      throw new LabError('weights-mismatch', {
        expected: `${name} with shape [${shape.join(', ')}]`,
        received: found ? `shape [${found.shape.join(', ')}]` : 'nothing of that name',
        remedy: 'Choose the width that the weights were made for, or rebuild them with `npm run pretrain -- fractals`',
      })
    result.set(name, found.values)
  }
  return result
}

function checkPublished(card: SourceCard | null, options: Pick<ResNet50Options, 'weights' | 'weightsFile' | 'width'>): void {
  const { weights, weightsFile, width } = options
  if (weights === 'own' ? !weightsFile : weightsFile && !card)
    throw new LabError('bad-argument', {
      expected: "weightsFile beside the name of published weights, or beside 'own'",
      received: `weights: '${weights}' ${weightsFile ? 'with' : 'without'} weightsFile`,
      remedy: "Say what kind of file it is: weights: 'imagenet' for Keras's, 'imagenet-torchvision' for safetensors, "
        + "'own' for this project's",
    })
  if (card && !weightsFile && width !== 'full')
    throw new LabError('bad-argument', {
      expected: `width: 'full' with the weights of ${card.name}`, received: String(width),
      remedy: "Leave the width out, or take weights: 'fractal'",
    })
}

type Checked = 'classes' | 'width' | 'size' | 'head' | 'dropout' | 'momentum'

function checkOptions(options: Required<Pick<ResNet50Options, Checked>>): void {
  const { classes, width, size, head, dropout, momentum } = options
  if (classes.length < 2 || new Set(classes).size !== classes.length)
    throw wrong('two or more different class names', classes.join(', ') || 'none', 'Pass `classes: dataset.labels`')
  if (!Object.hasOwn(widths, width))
    throw wrong(`a width of ${Object.keys(widths).join(', ')}`, width, 'Choose one of them')
  checkSize(size)
  if (!heads.includes(head)) throw wrong(`a head of ${heads.join(', ')}`, head, 'Choose one of them')
  if (!(dropout >= 0 && dropout < 1))
    throw wrong('dropout from 0 up to, not including, 1', dropout, 'Typical values are 0 to 0.5')
  if (!(momentum >= 0 && momentum <= 1)) throw wrong('momentum from 0 to 1', momentum, 'Typical values are 0.9 to 0.99')
}

/** That images may have a height and width. @throws LabError 'bad-argument' */
export function checkSize(size: number): void {
  if (!Number.isInteger(size) || size < 32 || size > 1024)
    throw wrong('a size from 32 to 1024 pixels', size, 'ResNet50 halves the image five times: take 32 or more')
}

function wrong(expected: string, received: unknown, remedy: string): LabError {
  return new LabError('bad-argument', { expected, received: String(received), remedy })
}
