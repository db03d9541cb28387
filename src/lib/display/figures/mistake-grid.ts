/** The images that a classifier gets wrong, with the class that it predicted for each. */
import type { Part } from '../../data/split/split'
import type { Mistake } from '../../evaluation/mistakes'
import type { Figure } from './figure'
import { imageGrid, type ImageGridOptions } from './image-grid'

/**
 * Mistakes in the order given: each image with its name, its true class, the predicted class, and the
 * probability of that class. Without mistakes the title says so.
 * @param part the part that was predicted
 * @param mistakes as `findMistakes` gives them
 * @example show(await figures.mistakeGrid(parts.test, findMistakes(predictions).slice(0, 8), { name: 'm',
 *   title: 'Mistakes' }))
 */
export async function mistakeGrid(
  part: Part, mistakes: readonly Mistake[], options: ImageGridOptions,
): Promise<Figure> {
  const images = await Promise.all(mistakes.map(async ({ index, name, truth, predicted, probability }) => ({
    image: await part.dataset.read(part.indices[index]), mark: 'wrong' as const,
    caption: `${name}\n${truth}, called ${predicted}\nat ${(100 * probability).toFixed(1)} %`,
  })))
  const title = mistakes.length ? options.title : `${options.title}: not one`
  return imageGrid(images, { columns: 4, subtitle: part.dataset.notice, ...options, title })
}
