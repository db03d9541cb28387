/** The input of a contrastive step: two views of each image. */
import { preprocessInto } from '../../model/preprocessing'
import type { Model } from '../../model/model'
import { stream } from '../../system/random'
import type { ContrastiveConfig } from './config'
import { drawView, viewInto } from './views'

/** Decides the views: the same seed, epoch and image give the same two views. */
export type ViewChoice = Required<Pick<ContrastiveConfig, 'views' | 'seed'>> & { epoch: number }

/** Writes the grey image with an index, [2 · size, 2 · size], into an array. */
export type ReadImage = (index: number, image: Uint8Array) => void

/**
 * The first views of all images, then their second views: [2 · count, size, size, 3], preprocessed.
 * @param indices of the images
 */
export function pairedViews(
  indices: Uint32Array, readImage: ReadImage,
  { size, preprocessing }: Pick<Model, 'size' | 'preprocessing'>, { views, seed, epoch }: ViewChoice,
): Float32Array {
  const image = new Uint8Array(4 * size * size), view = new Float32Array(size * size)
  const values = new Float32Array(2 * indices.length * view.length * 3)
  indices.forEach((index, i) => {
    readImage(index, image)
    for (const which of [0, 1]) {
      viewInto(view, image, size, drawView(views, stream('view', seed, epoch, index, which)))
      const start = (which * indices.length + i) * view.length * 3
      preprocessInto(values.subarray(start, start + view.length * 3), view, 1, preprocessing)
    }
  })
  return values
}
