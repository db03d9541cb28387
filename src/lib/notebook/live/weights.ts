/** Published weights under the student's eyes: a progress bar while they arrive, and the interrupt button. */
import type { Model } from '../../model/model'
import { recogniser, type RecogniserOptions } from '../../inference/recognize'
import { resnet50, type ResNet50Options } from '../../weights/resnet50'
import { sourceCards, type SourceCard } from '../../weights/cards'
import { isAtHand, type ObtainOptions } from '../../weights/published'
import { withProgress } from '../progress'

type Watch = Pick<ObtainOptions, 'onProgress' | 'signal'>

/**
 * Runs work that fetches a card's file under a progress bar. The interrupt button (Ctrl-C in a terminal) ends the
 * download; what has arrived stays, and the next call goes on from there.
 * @param work passes `onProgress` and `signal` to `obtainPublished`, `resnet50` or `recogniser`
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

/** `resnet50`, with a progress bar where it has weights to fetch. */
export function resnet50Live(options: ResNet50Options): Promise<Model> {
  return underBar(options.weights, options, resnet50)
}

/** `recogniser`, with a progress bar where it has weights to fetch. */
export function recogniserLive(options: RecogniserOptions = {}): Promise<Model> {
  return underBar(options.weights ?? 'imagenet-top', options, recogniser)
}

function underBar<Options extends Watch & { weightsFile?: string }>(
  weights: string | undefined, options: Options, make: (options: Options) => Promise<Model>,
): Promise<Model> {
  const card = sourceCards.find(({ name }) => name === weights)
  if (!card || options.weightsFile || isAtHand(card)) return make(options)
  return withArrival(card, watch => make({ ...options, ...watch }))
}
