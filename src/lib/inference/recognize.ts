/** What a network that was trained on ImageNet recognizes in a picture: the most probable of 1,000 classes. */
import { z } from 'zod'
import { read, release, tensor } from '../engine/engine'
import { checkPixels, type Image } from '../images/image'
import { readImageFile } from '../images/image-file'
import { resizeArea } from '../images/resize'
import { requireFiniteWeights } from '../model/finite-weights'
import type { Model } from '../model/model'
import { summarizedModel } from '../model/model-summary'
import { preprocessed } from '../model/preprocessing'
import { describeResNet50 } from '../model/resnet50-layers'
import { softmax } from '../model/softmax'
import { Network } from '../network/network'
import { LabError } from '../system/errors'
import { readJson } from '../system/json'
import { requireKnownKeys } from '../system/options'
import { inProject } from '../system/project-root'
import { sourceCard, type SourceName } from '../weights/cards'
import { loadPublished } from '../weights/published'
import { requireImageSize } from '../weights/resnet50-options'
import { listOf } from '../system/json-parts'

export interface RecognizerOptions {
  /** Published weights with their last layer. Default 'imagenet-top', Keras's. */
  weights?: SourceName
  /** A file in place of the published one; see `resnet50`. */
  weightsFile?: string
  /** Height and width of the network's input in pixels, 32 to 1024. Default 224, as in its training. */
  size?: number
  /** Called as weights arrive, where they are not on this machine. */
  onProgress?(received: number, total: number): void
  /** Ends the download; a later download continues where this one stopped. */
  signal?: AbortSignal
}

/** One class and its probability. */
export interface Recognition {
  /** Such as 'tabby'. */
  name: string
  /** 0 to 1; the probabilities of all 1,000 classes sum to 1. */
  probability: number
}

/** Side of the square that the network reads, as a share of the picture's shorter side: as in published evaluations. */
const squareShare = 0.875

const classesSchema = z.object({ names: listOf(z.string(), z.array(z.unknown()).length(1000)) })

/**
 * ResNet50 as published, with its last layer, for {@link recognize}.
 * @throws LabError 'bad-argument' for weights without a last layer or a size outside its range; 'weights-mismatch',
 *   'bad-tensor-file', 'download-failed'
 * @example await recognize(await recognizer(), 'cat.jpg')
 */
export async function recognizer(options: RecognizerOptions = {}): Promise<Model> {
  requireKnownKeys('recognizer', options,
    { weights: true, weightsFile: true, size: true, onProgress: true, signal: true })
  const { weights = 'imagenet-top', weightsFile, size = 224, onProgress, signal } = options
  requireImageSize(size)
  const card = sourceCard(weights)
  if (!card.top)
    throw new LabError('bad-argument', {
      expected: 'weights with their last layer', received: weights, remedy: "Choose 'imagenet-top'",
    })
  const names = await imagenetClasses()
  const { variant, preprocessing } = card
  const architecture = describeResNet50({ size, variant, classes: names.length })
  return summarizedModel({
    name: 'ResNet50', architecture, frozen: new Set(), labels: names, size, preprocessing, start: weights,
    weights: await loadPublished(card, architecture, { file: weightsFile, top: true, onProgress, signal }),
  })
}

/** The names of ImageNet's 1,000 classes, in the order of the published networks' outputs. */
async function imagenetClasses(): Promise<string[]> {
  return (await readJson(inProject('data', 'weights', 'imagenet-classes.json'), classesSchema)).names
}

/**
 * A model's most probable classes for one picture, the most probable first. The model reads the square in the middle of
 * the picture, with 7/8 of the picture's shorter side, resized to the model's size.
 * @param picture an image, or the path of its file, in any format that docs/images.md names
 * @param count how many classes. Default 5
 * @throws LabError 'bad-argument' for a model of other classes than ImageNet's (`predictImage` is for those), a model
 *   with numbers that are not finite, or pixels that are not whole numbers from 0 to 255; 'bad-image', 'data-missing'
 * @example show(tables.recognitions(await recognize(await recognizer(), 'cat.jpg')))
 */
export async function recognize(model: Model, picture: Image | string, count = 5): Promise<Recognition[]> {
  await requireImagenet(model)
  requireFiniteWeights(model)
  const image = typeof picture === 'string' ? await readImageFile(picture, 3) : picture
  checkPixels(image)
  const { size, labels } = model
  const pixels = preprocessed(resizeArea(middle(image), size, size), model.preprocessing)
  const network = new Network(model, 'infer')
  const input = tensor(pixels, [1, size, size, 3])
  try {
    const scores = network.infer(input)
    const probabilities = softmax(read(scores), labels.length)
    release(scores)
    return labels.map((name, i) => ({ name, probability: probabilities[i] }))
      .sort((a, b) => b.probability - a.probability).slice(0, count)
  } finally {
    release(input)
    network.close()
  }
}

/** @throws LabError 'bad-argument' for a model of other classes, which was not trained on pictures' middles in color */
async function requireImagenet({ labels }: Model): Promise<void> {
  if (labels.length === 1000 && labels.join('\n') === (await imagenetClasses()).join('\n')) return
  throw new LabError('bad-argument', {
    expected: "a model of ImageNet's 1,000 classes, as `recognizer` gives it",
    received: `a model of ${labels.length} classes: ${labels.slice(0, 3).join(', ')}${labels.length > 3 ? ', …' : ''}`,
    remedy: 'Use predictImage, which reads an image as in the training of the model',
  })
}

/** The square in an image's middle. */
function middle({ width, height, channels, data }: Image): Image {
  const side = Math.max(1, Math.round(squareShare * Math.min(width, height)))
  const left = (width - side) >> 1, top = (height - side) >> 1
  const square = new Uint8Array(side * side * channels)
  for (let row = 0; row < side; row++) {
    const from = ((top + row) * width + left) * channels
    square.set(data.subarray(from, from + side * channels), row * side * channels)
  }
  return { width: side, height: side, channels, data: square }
}
