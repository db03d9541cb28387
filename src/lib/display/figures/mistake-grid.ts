/** The images that a classifier gets wrong, with the class that it predicted for each. */
import type { Part } from '../../data/split/split'
import { requireInRange } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import type { Mistake } from '../../evaluation/mistakes'
import { formatNumber } from '../format'
import type { Figure } from './figure'
import { gridOptionNames, imageGrid, type ImageGridOptions } from './image-grid'

/**
 * Mistakes in the order given: each image with its name, its true class, the predicted class, and the
 * probability of that class. Without mistakes the title says so.
 * @param part the part that was predicted
 * @param mistakes as `findMistakes` gives them
 * @throws LabError 'bad-argument' for mistakes of another part
 * @example show(await figures.mistakeGrid(parts.test, findMistakes(predictions).slice(0, 8), { name: 'm',
 *   title: 'Mistakes' }))
 */
export async function mistakeGrid(
  part: Part, mistakes: readonly Mistake[], options: ImageGridOptions,
): Promise<Figure> {
  requireKnownKeys('mistakeGrid', options ?? null, gridOptionNames)
  for (const { index } of mistakes)
    requireInRange('the index of a mistake', index, { low: 0, high: part.indices.length - 1, whole: true })
  const images = await Promise.all(mistakes.map(async ({ index, name, truth, predicted, probability }) => ({
    image: await part.dataset.read(part.indices[index]), mark: 'wrong' as const,
    caption: `${name}\n${truth}, called ${predicted}\nat ${formatNumber(probability, 'percent')}`,
  })))
  const title = mistakes.length ? options.title : `${options.title}: not one`
  const empty = part.indices.length ? 'There is no mistake to show.' : 'The part has no images.'
  return imageGrid(images, { columns: 4, subtitle: part.dataset.notice, empty, ...options, title })
}
