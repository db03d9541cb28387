/** Predictions for images that are in no data set: files, folders and zips. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Part } from '../data/split/split'
import { read, release, tensor } from '../engine/engine'
import { calledClass, checkCallRule, type CallRule } from '../evaluation/call'
import { checkPixels, type Image } from '../images/image'
import { fitImage } from '../images/fit'
import { resizeArea } from '../images/resize'
import { requireFiniteWeights } from '../model/finite-weights'
import type { Model } from '../model/model'
import { preprocessInto } from '../model/preprocessing'
import { softmax } from '../model/softmax'
import { Network } from '../network/network'
import { LabError, requireInRange } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { savedFacts } from '../weights/saved/saved-facts'
import { imagesAt } from './image-sources'
import { NearestImages, type NearImage } from './nearest-images'
import { checkLabels } from './predict'

/** How probabilities become calls, and what is shown beside each image. */
export interface PredictImageOptions {
  /** The class that the test looks for. Default: the one that was saved with the model, if any. */
  positive?: string
  /**
   * Images with at least this probability of the positive class are called positive, 0 to 1. Default: the one that was
   * saved with the model; without one, the likeliest class counts.
   */
  threshold?: number
  /** Training images to compare with: the most similar ones are found for each image. Default: none are looked for. */
  near?: Part
  /** How many of the most similar training images, 1 to 10. Default 3. */
  neighbors?: number
  onProgress?(done: number, count: number): void
  /** Ends the work with the signal's reason, after the current batch. */
  signal?: AbortSignal
}

/** What a model says about one image. */
export interface PredictedImage {
  /** The image's path; for a file in a zip the zip's path and the name in it. */
  file: string
  /** One a class, in the order of the model's labels; they sum to 1. */
  probabilities: number[]
  /** The class that the image is called. */
  called: string
  /** The most similar training images, the most similar first; empty where none were looked for. */
  nearest: NearImage[]
  /** The image for a figure, at most 256 pixels wide and high; null after the first 50 images. */
  picture: Image | null
}

/** What a model says about images, and which files it could not read. */
export interface PredictedImages extends CallRule {
  classes: readonly string[]
  images: PredictedImage[]
  /** Files that are missing, damaged or no images, each with the reason. */
  failed: { file: string; reason: string }[]
  /** Files in folders and zips that do not have the name of an image, such as texts. */
  ignored: string[]
}

const batch = 64
const pictures = 50
const pictureSize = 256

/**
 * Predicts images with exactly the reading, resizing and preprocessing of the model's training. Probabilities are those
 * of `predict` but for their last digits (1e-6): the engine adds in another order in batches of another size.
 * @param source a file, a folder with any folders in it, a zip, or a list of these
 * @returns probabilities and calls in the order of the files; files that cannot be read are listed with the reason
 * @throws LabError where no file at all can be predicted: the error of the one file, or 'bad-image' listing all;
 *   'data-missing' where a folder or zip holds no image; 'bad-argument' for options that do not fit the model
 * @example show(imageTable(await predictImage(model, 'new-images')))
 */
export async function predictImage(
  model: Model, source: string | readonly string[], options: PredictImageOptions = {},
): Promise<PredictedImages> {
  requireKnownKeys('predictImage', options, {
    positive: true, threshold: true, near: true, neighbors: true, onProgress: true, signal: true,
  })
  const { near, neighbors = 3, signal } = options
  const rule = callRule(model, options)
  checkCallRule(rule, model.labels)
  requireInRange('neighbors', neighbors, { low: 1, high: 10, whole: true })
  requireFiniteWeights(model)
  if (near) checkLabels(model, near)
  const paths = typeof source === 'string' ? [source] : source
  const result: PredictedImages = { ...rule, classes: [...model.labels], images: [], failed: [], ignored: [] }
  const faults: LabError[] = []
  const count = await countImages(paths)
  const predictor = await Predictor.open(model, rule, near && { part: near, neighbors, signal })
  try {
    const report = () => options.onProgress?.(result.images.length + result.failed.length, count)
    const flush = async () => {
      result.images.push(...predictor.predict())
      report()
      await nextTurn()
      signal?.throwIfAborted()
    }
    const fail = (file: string, error: unknown) => {
      if (!(error instanceof LabError)) throw error
      faults.push(error)
      result.failed.push({ file, reason: error.received })
    }
    for (const path of paths)
      try {
        for await (const { name, read } of imagesAt(path, model.window)) {
          if (!read) {
            result.ignored.push(name)
            continue
          }
          try {
            predictor.add(name, await read())
          } catch (error) {
            fail(name, error)
          }
          if (predictor.waiting === batch) await flush()
        }
      } catch (error) {
        fail(path, error)
      }
    if (predictor.waiting > 0) await flush()
  } finally {
    predictor.close()
  }
  if (result.images.length === 0) throw nothingPredicted(paths, result, faults)
  return result
}

/** The call rule that the options or the saved model name; a saved threshold is for the saved positive class. */
function callRule(model: Model, options: PredictImageOptions): CallRule {
  const saved = savedFacts(model)
  const positive = options.positive ?? saved?.positive ?? null
  const savedThreshold = positive === saved?.positive ? saved?.threshold : null
  return { positive, threshold: options.threshold ?? savedThreshold ?? null }
}

/** How many images there are to read; a path that cannot be read counts as one. */
async function countImages(paths: readonly string[]): Promise<number> {
  let count = 0
  for (const path of paths)
    try {
      for await (const { read } of imagesAt(path)) if (read) count++
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      count++
    }
  return count
}

/** Collects images, and predicts those that it has collected. */
class Predictor {
  private readonly names: string[] = []
  private readonly pixels: Uint8Array[] = []
  private readonly pictures: (Image | null)[] = []
  private pictured = 0

  private constructor(
    private readonly model: Model, private readonly rule: CallRule, private readonly network: Network,
    private readonly nearest: NearestImages | null,
  ) {}

  static async open(
    model: Model, rule: CallRule, near: { part: Part; neighbors: number; signal?: AbortSignal } | undefined,
  ): Promise<Predictor> {
    const nearest = near ? await NearestImages.open(model, near.part, near.neighbors, near.signal) : null
    return new Predictor(model, rule, new Network(model, 'infer'), nearest)
  }

  get waiting(): number {
    return this.names.length
  }

  /** @throws LabError 'bad-argument' for pixels that are not whole numbers from 0 to 255 */
  add(name: string, image: Image): void {
    checkPixels(image)
    const { size, fit } = this.model
    const { data } = fitImage(image, size, fit)
    this.pixels.push(data)
    this.names.push(name)
    this.pictures.push(this.pictured++ < pictures ? shrunk(image) : null)
  }

  /** Predicts the waiting images; then none is waiting. */
  predict(): PredictedImage[] {
    const { model: { size, labels, preprocessing }, names, pixels, pictures } = this
    const area = 3 * size * size
    const numbers = new Float32Array(names.length * area)
    pixels.forEach((image, i) => preprocessInto(numbers.subarray(i * area, (i + 1) * area), image, 1, preprocessing))
    const input = tensor(numbers, [names.length, size, size, 3])
    const scores = this.network.infer(input)
    const probabilities = softmax(read(scores), labels.length)
    const nearest = this.nearest?.find(input)
    release(scores, input)
    requireFinite(probabilities)
    const predicted = names.map((file, row): PredictedImage => {
      const own = probabilities.subarray(row * labels.length, (row + 1) * labels.length)
      const called = calledClass(own, labels, this.rule)
      return { file, probabilities: Array.from(own), called, nearest: nearest?.[row] ?? [], picture: pictures[row] }
    })
    for (const list of [names, pixels, pictures]) list.length = 0
    return predicted
  }

  close(): void {
    this.network.close()
    this.nearest?.close()
  }
}

function shrunk(image: Image): Image {
  const { width, height } = image
  const share = pictureSize / Math.max(width, height)
  const side = (length: number) => Math.max(1, Math.round(share * length))
  return share >= 1 ? image : resizeArea(image, side(width), side(height))
}

/** @throws LabError 'engine-failed' where the network gives no numbers */
function requireFinite(probabilities: Float32Array): void {
  if (probabilities.every(Number.isFinite)) return
  throw new LabError('engine-failed', {
    expected: 'probabilities', received: 'NaN: the network’s numbers are too large or not finite',
    remedy: 'Train again with a lower learning rate',
  })
}

function nothingPredicted(
  paths: readonly string[], { failed, ignored }: PredictedImages, faults: readonly LabError[],
): LabError {
  if (faults.length === 1) return faults[0]
  if (faults.length > 1) {
    const lines = failed.slice(0, 20).map(({ file, reason }) => `${file}: ${reason}`)
    if (failed.length > 20) lines.push(`and ${failed.length - 20} more`)
    return new LabError('bad-image', {
      expected: 'one image or more that can be read',
      received: `${failed.length} files that cannot:\n  ${lines.join('\n  ')}\n`, remedy: 'Check the files',
    })
  }
  return new LabError('data-missing', {
    expected: `images in ${paths.join(', ') || 'the list of files'}`,
    received: ignored.length ? `${ignored.length} other files, such as ${ignored[0]}` : 'no file', remedy: 'Check the path',
  })
}
