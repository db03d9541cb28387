/** The input of a contrastive step: two views of each of some images. */
import { channelRules } from '../../model/preprocessing'
import type { Model } from '../../model/model'
import { stream } from '../../system/random'
import type { ContrastiveConfig } from './config'
import { drawView, viewInto } from './views'

/** Which views to draw: the same ones for the same seed, epoch and places. */
export type ViewChoice = Required<Pick<ContrastiveConfig, 'views' | 'seed'>> & { epoch: number }

/**
 * The first views of some images, then their second ones: [2 · count, size, size, 3], preprocessed.
 * @param places of the images among all
 * @param readImage writes the image at a place, [2 size, 2 size], grey
 */
export function pairedViews(
  places: Uint32Array, readImage: (place: number, image: Uint8Array) => void,
  { size, preprocessing }: Pick<Model, 'size' | 'preprocessing'>, { views, seed, epoch }: ViewChoice,
): Float32Array {
  const image = new Uint8Array(4 * size * size), view = new Float32Array(size * size)
  const values = new Float32Array(2 * places.length * view.length * 3)
  places.forEach((place, i) => {
    readImage(place, image)
    for (const which of [0, 1]) {
      viewInto(view, image, size, drawView(views, stream('view', seed, epoch, place, which)))
      const first = (which * places.length + i) * view.length * 3
      channelRules[preprocessing].forEach(({ scale, offset }, channel) =>
        view.forEach((grey, pixel) => { values[first + 3 * pixel + channel] = grey * scale + offset }))
    }
  })
  return values
}
