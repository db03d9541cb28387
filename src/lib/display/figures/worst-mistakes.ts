/** The images that a classifier gets wrong most confidently, with what it calls them. */
import type { Part } from '../../data/split/split'
import { requirePredictedPart } from '../../evaluation/called-images'
import type { Evaluation } from '../../evaluation/evaluation'
import { findMistakes } from '../../evaluation/mistakes'
import { requireInRange, requireOneOf } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { counted } from '../../system/summary'
import { calledCaption } from './called-caption'
import type { Figure } from './figure'
import { gridOptionNames, imageGrid, type ImageGridOptions } from './image-grid'

/** Words around the grid, its measures, and which mistakes it shows. */
export interface WorstMistakesOptions extends Partial<ImageGridOptions> {
  /** How many images are shown, 1 to 60. Default 8. */
  images?: number
  /** Only images of this class. Default: of all. */
  truth?: string
  /** Only images that are called this class. Default: any. */
  predicted?: string
}

/**
 * The most confident mistakes first: each image with its name, its true class, the predicted class with its
 * probability, and its group. The subtitle says how many mistakes there are.
 * @param part the part that was predicted
 * @throws LabError 'bad-argument' for another part than the one that was predicted, or a class that does not exist
 * @example show(await figures.worstMistakes(evaluation, parts.test, { images: 4 }))
 */
export async function worstMistakes(
  evaluation: Evaluation, part: Part, options: WorstMistakesOptions = {},
): Promise<Figure> {
  requireKnownKeys('worstMistakes', options, { ...gridOptionNames, images: true, truth: true, predicted: true })
  const { images = 8, truth, predicted, ...grid } = options
  const { predictions } = evaluation
  requireInRange('images', images, { low: 1, high: 60, whole: true })
  if (truth !== undefined) requireOneOf('truth', truth, predictions.classes)
  if (predicted !== undefined) requireOneOf('predicted', predicted, predictions.classes)
  requirePredictedPart(predictions, part)
  const mistakes = findMistakes(predictions).filter(mistake =>
    mistake.truth === (truth ?? mistake.truth) && mistake.predicted === (predicted ?? mistake.predicted))
  const shown = await Promise.all(mistakes.slice(0, images).map(async mistake => ({
    image: await part.dataset.read(part.indices[mistake.index]), mark: 'wrong' as const,
    caption: calledCaption(mistake, predictions.grouping).join('\n'),
  })))
  const which = `${truth === undefined ? '' : ` of ${truth}`}${predicted === undefined ? '' : ` called ${predicted}`}`
  const found = `${counted(mistakes.length, 'mistake')}${which} in ${counted(predictions.names.length, 'image')}`
  return imageGrid(shown, {
    name: 'worst-mistakes', title: 'The most confident mistakes', columns: 4,
    subtitle: `${found}${mistakes.length > shown.length ? `, the first ${shown.length} shown` : ''}. ${part.dataset.notice}`,
    empty: predictions.names.length ? `There is no mistake${which} to show.` : 'The part has no images.', ...grid,
  })
}
