/** Published weights under the student's eyes: a progress bar while they arrive, and the interrupt button. */
import type { Model } from '../../model/model'
import { recognizer as recognizerQuietly, type RecognizerOptions } from '../../inference/recognize'
import { resnet50 as resnet50Quietly } from '../../weights/resnet50'
import type { ResNet50Options } from '../../weights/resnet50-options'
import { sourceCards, type SourceCard } from '../../weights/cards'
import { isOnDisk, type ObtainOptions } from '../../weights/published'
import { withProgress } from '../progress'

type Watch = Pick<ObtainOptions, 'onProgress' | 'signal'>

/**
 * Runs work that fetches a card's file under a progress bar. The interrupt button (Ctrl-C in a terminal) ends the
 * download; what has arrived stays, and the next call goes on from there.
 * @param work passes `onProgress` and `signal` to `obtainPublished`, `resnet50` or `recognizer`
 */
export function withArrival<T>({ name, licence }: SourceCard, work: (watch: Watch) => Promise<T>): Promise<T> {
  return withProgress(`${name}, ${licence}`, (report, signal) => work({
    signal,
    onProgress: (received, total) => report(received, total, `${megabytes(received)} of ${megabytes(total)} MB`),
  }))
}

/** Bytes in millions. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}

/**
 * A ResNet50 for square images, with a new last layer for the given classes. A progress bar shows when published
 * weights have to be downloaded.
 * @param options classes (two or more names); weights: 'none' (random), 'fractal' (default, this project's) or a
 *   published
 *   source; width 'full', 'half' or 'quarter'; size in pixels, 32 to 1024; seed of the random numbers
 * @throws LabError 'bad-argument' naming the option; 'download-failed', 'weights-mismatch', 'bad-tensor-file'
 * @example const network = await resnet50({ classes: ct.labels, weights: 'fractal', width: 'half', size: 64 })
 */
export function resnet50(options: ResNet50Options): Promise<Model> {
  return underBar(options.weights, options, resnet50Quietly)
}

/**
 * ResNet50 as it was published, with its last layer for ImageNet's 1,000 classes. A progress bar shows when the weights
 * have to be downloaded.
 * @param options weights (default 'imagenet-top'), and size in pixels (32 to 1024, default 224)
 * @throws LabError 'bad-argument' for weights without a last layer; 'download-failed', 'weights-mismatch'
 * @example await recognize(await recognizer(), 'cat.jpg')   // downloads 103 MB once
 */
export function recognizer(options: RecognizerOptions = {}): Promise<Model> {
  return underBar(options.weights ?? 'imagenet-top', options, recognizerQuietly)
}

function underBar<Options extends Watch & { weightsFile?: string }>(
  weights: string | undefined, options: Options, make: (options: Options) => Promise<Model>,
): Promise<Model> {
  const card = sourceCards.find(({ name }) => name === weights)
  if (!card || options.weightsFile || isOnDisk(card)) return make(options)
  return withArrival(card, watch => make({ ...options, ...watch }))
}
