/** What a network that was trained on ImageNet sees in a picture: the likeliest of 1,000 things. */
import { read, release, tensor } from '../engine/engine'
import { LabError } from '../system/errors'
import { readFileCapped } from '../system/files'
import { describeResNet50 } from '../model/resnet50-layers'
import { readImageFile } from '../images/image-file'
import { checkPixels, type Image } from '../images/image'
import { softmax } from '../model/softmax'
import type { Model } from '../model/model'
import { Network } from '../network/network'
import { preprocessed } from '../model/preprocessing'
import { inProject } from '../system/project-root'
import { resizeArea } from '../images/resize'
import { checkSize } from '../weights/resnet50'
import { sourceCard, type SourceName } from '../weights/cards'
import { loadPublished } from '../weights/published'

export interface RecognizerOptions {
  /** Published weights with their last layer. Default 'imagenet-top', Keras's. */
  weights?: SourceName
  /** A file in the place of the published one; see `resnet50`. */
  weightsFile?: string
  /** Height and width in pixels at which it looks, 32 to 1024. Default 224, as it was trained. */
  size?: number
  /** Called as weights arrive, where they are not there yet. */
  onProgress?(received: number, total: number): void
  /** Ends their download; what has arrived stays for the next one. */
  signal?: AbortSignal
}

/** One guess. */
export interface Recognition {
  /** Such as 'tabby'. */
  name: string
  /** 0 to 1; over all 1,000 they sum to 1. */
  probability: number
}

/** Share of a picture's shorter side that is looked at: what these networks were judged by. */
const looked = 0.875

/**
 * ResNet50 as it was published, last layer and all, for `recognize`.
 * @throws LabError 'bad-argument' for weights without a last layer or another size; 'weights-mismatch',
 *   'bad-tensor-file', 'download-failed'
 * @example await recognize(await recognizer(), 'cat.jpg')
 */
export async function recognizer(options: RecognizerOptions = {}): Promise<Model> {
  const { weights = 'imagenet-top', weightsFile, size = 224, onProgress, signal } = options
  checkSize(size)
  const card = sourceCard(weights)
  if (!card.top)
    throw new LabError('bad-argument', {
      expected: 'weights with their last layer', received: weights, remedy: "Take 'imagenet-top'",
    })
  const { names } = JSON.parse((await readFileCapped(inProject('data', 'weights', 'imagenet-classes.json'), 1024 ** 2))
    .toString()) as { names: string[] }
  const { variant, preprocessing } = card
  const architecture = describeResNet50({ size, variant, classes: names.length })
  return {
    name: 'ResNet50', architecture, frozen: new Set(), labels: names, size, preprocessing, start: weights,
    weights: await loadPublished(card, architecture, { file: weightsFile, top: true, onProgress, signal }),
  }
}

/**
 * A model's likeliest classes for one picture, the likeliest first. It looks at the picture's middle: a square of 7/8
 * of the shorter side, brought to the model's size.
 * @param picture an image, or the path of its file (PNG, JPEG, WebP, TIFF, GIF, BMP)
 * @param count how many classes. Default 5
 * @throws LabError 'bad-image', 'data-missing'; 'bad-argument' for pixels that are not whole numbers from 0 to 255
 */
export async function recognize(model: Model, picture: Image | string, count = 5): Promise<Recognition[]> {
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

/** The square in an image's middle. */
function middle({ width, height, channels, data }: Image): Image {
  const side = Math.max(1, Math.round(looked * Math.min(width, height)))
  const left = (width - side) >> 1, top = (height - side) >> 1
  const square = new Uint8Array(side * side * channels)
  for (let row = 0; row < side; row++) {
    const from = ((top + row) * width + left) * channels
    square.set(data.subarray(from, from + side * channels), row * side * channels)
  }
  return { width: side, height: side, channels, data: square }
}
