/** The options of `resnet50`, and their checks. */
import { widths, type Width } from '../model/architecture'
import type { Head } from '../model/resnet50-layers'
import { LabError, requireInRange, requireOneOf } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import type { SourceCard, SourceName } from './cards'

export interface ResNet50Options {
  /** Names of the classes to distinguish, two or more. */
  classes: readonly string[]
  /**
   * 'none': random numbers. 'fractal': pretrained on formula-drawn fractals, all layers but the head.
   * 'imagenet', 'imagenet-torchvision' and the other names of `sourceCards`: published weights for all layers but the
   * head, in full width. They bring their variant and preprocessing, and are downloaded where they are not on this
   * machine.
   * 'own': the weights in `weightsFile`, as `npm run pretrain` writes them, for all layers but the head.
   * Default 'imagenet' where its file is on this machine and `width` is 'full' or left out; else 'fractal'.
   */
  weights?: 'none' | 'fractal' | 'own' | SourceName
  /**
   * A file in place of the published one that `weights` names. Its numbers may differ, its layout, variant and
   * preprocessing may not: HDF5 from Keras, or safetensors with torchvision's or transformers' names. With 'own': the
   * path of NAME.tensors; the card NAME.json is in the same folder.
   */
  weightsFile?: string
  /**
   * Default 'full', as published. 'half' has a quarter of the numbers and trains more than four times as fast; the
   * notebooks use it. The project's own weights come in both widths: with the best of their stages frozen, a linear
   * head has a validation loss of .34 on number blocks (conv3) and .19 on a random split (conv5) in full width, .36
   * (conv3) and .27 (conv4) in half.
   */
  width?: Width
  /** Height and width of the images in pixels, 32 to 1024. Default 64. */
  size?: number
  /** Default 'linear'. */
  head?: Head
  /** Dropout before the last layer of the linear head, from 0, below 1. Default 0. */
  dropout?: number
  /**
   * Momentum of batch normalization's moving averages in ResNet50's stages, 0 to 1. Default 0.9, with which the
   * averages settle within the few hundred steps of a small data set; with the reference head Keras's 0.99.
   */
  momentum?: number
  /** Decides the random start values. Default 0. */
  seed?: number
  /** Called as published weights arrive. */
  onProgress?(received: number, total: number): void
  /** Ends the download; a later download continues where this one stopped. */
  signal?: AbortSignal
}

const heads: readonly Head[] = ['linear', 'reference']

type Checked = 'classes' | 'width' | 'size' | 'head' | 'dropout' | 'momentum'

/** @throws LabError 'bad-argument' for an option that `resnet50` does not know */
export function checkOptionNames(options: ResNet50Options): void {
  requireKnownKeys('resnet50', options ?? null, {
    classes: true, weights: true, weightsFile: true, width: true, size: true, head: true, dropout: true, momentum: true,
    seed: true, onProgress: true, signal: true,
  })
}

/**
 * @param classes names of the classes: a text alone is no list of names
 * @throws LabError 'bad-argument' for fewer than two names, or two that are the same
 */
export function requireClasses(classes: readonly string[]): void {
  const isList = Array.isArray(classes) && classes.every(name => typeof name === 'string' && name !== '')
  if (isList && classes.length >= 2 && new Set(classes).size === classes.length) return
  throw new LabError('bad-argument', {
    expected: 'two or more different class names',
    received: Array.isArray(classes) ? classes.join(', ') || 'none' : `classes: ${JSON.stringify(classes)}`,
    remedy: 'Pass `classes: dataset.labels`',
  })
}

/** @throws LabError 'bad-argument' for the first option outside its range */
export function checkOptions(options: Required<Pick<ResNet50Options, Checked>>): void {
  const { classes, width, size, head, dropout, momentum } = options
  requireClasses(classes)
  requireOneOf('width', width, Object.keys(widths))
  requireImageSize(size)
  requireOneOf('head', head, heads)
  requireInRange('dropout', dropout, { low: 0, below: 1 }, 'Typical values are 0 to 0.5')
  requireInRange('momentum', momentum, { low: 0, high: 1 }, 'Typical values are 0.9 to 0.99')
}

/** @throws LabError 'bad-argument' where images cannot have this height and width in pixels */
export function requireImageSize(size: number): void {
  const remedy = 'ResNet50 halves the image five times: choose 32 or more'
  requireInRange('size', size, { low: 32, high: 1024, whole: true }, remedy)
}

/**
 * Checks that weights, file and width go together.
 * @param card of the published weights; null where `weights` names others
 * @throws LabError 'bad-argument'
 */
export function checkWeights(
  card: SourceCard | null, { weights, weightsFile, width }: Pick<ResNet50Options, 'weights' | 'weightsFile' | 'width'>,
): void {
  if (weights === 'own' ? !weightsFile : weightsFile && !card)
    throw new LabError('bad-argument', {
      expected: "weightsFile together with the name of published weights, or with 'own'",
      received: `weights: '${weights}' ${weightsFile ? 'with' : 'without'} weightsFile`,
      remedy: "Say what kind of file it is: weights: 'imagenet' for Keras's, 'imagenet-torchvision' for safetensors, "
        + "'own' for this project's",
    })
  if (card && !weightsFile && width !== 'full')
    throw new LabError('bad-argument', {
      expected: `width: 'full' with the weights of ${card.name}`, received: String(width),
      remedy: "Leave the width out, or choose weights: 'fractal'",
    })
}
