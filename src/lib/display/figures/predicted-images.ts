/** New images with what a model says about them, and the training images that are most similar. */
import type { Part } from '../../data/split/split'
import { describeCallRule } from '../../evaluation/call'
import type { PredictedImage, PredictedImages } from '../../inference/predict-image'
import { requireKnownKeys } from '../../system/options'
import type { Figure } from './figure'
import { formatNumber } from '../format'
import { gridOptionNames, imageGrid, type GridImage, type ImageGridOptions } from './image-grid'

/** Words around the figure, and what it shows. */
export interface PredictedImagesOptions extends Partial<ImageGridOptions> {
  /** The part that `predictImage` compared with: its most similar images stand beside each image. */
  near?: Part
  /** How many new images are shown, 1 to 50. Default 12. */
  images?: number
}

/**
 * The first of the images that `predictImage` predicted, each with its file, the class that it is called, and the
 * probabilities. With `near`, each row is one image and the training images that are most similar to it.
 * @example show(await figures.predictedImages(await predictImage(network, 'new.png')))
 */
export async function predictedImages(
  predicted: PredictedImages, options: PredictedImagesOptions = {},
): Promise<Figure> {
  requireKnownKeys('predictedImages', options, { ...gridOptionNames, near: true, images: true })
  const { near, images = 12, ...grid } = options
  const shown = predicted.images.filter(({ picture }) => picture).slice(0, images)
  const rowOf = async (one: PredictedImage) => [ownCell(one, predicted.classes), ...await nearCells(one, near)]
  const cells = await Promise.all(shown.map(rowOf))
  const more = predicted.images.length > shown.length
  return imageGrid(cells.flat(), {
    name: 'predicted-images',
    title: `What the model says${more ? `: the first ${shown.length} of ${predicted.images.length} images` : ''}`,
    subtitle: `${describeCallRule(predicted)}. Not a medical device.`,
    empty: predicted.images.length ? 'No picture of an image was stored.' : 'No image could be read.',
    ...(near && { columns: Math.max(1, ...cells.map(row => row.length)) }), ...grid,
  })
}

function ownCell({ file, probabilities, called, picture }: PredictedImage, classes: readonly string[]): GridImage {
  const shares = classes.map((label, k) => `${label} ${formatNumber(probabilities[k], 'percent')}`)
  return { image: picture!, caption: [file.split('/').at(-1), `called ${called}`, ...shares].join('\n') }
}

async function nearCells({ nearest }: PredictedImage, near: Part | undefined): Promise<GridImage[]> {
  if (!near) return []
  return Promise.all(nearest.map(async ({ name, label, index, similarity }) => ({
    image: await near.dataset.read(index), caption: `${name}\n${label}\nsimilarity ${formatNumber(similarity)}`,
  })))
}
