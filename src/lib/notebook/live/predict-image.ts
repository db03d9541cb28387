/** Predictions for new images under a progress bar. */
import {
  predictImage as predictImageQuietly, type PredictedImages, type PredictImageOptions,
} from '../../inference/predict-image'
import type { Model } from '../../model/model'
import { withProgress } from '../progress'

/**
 * What a model says about images that are in no data set, read exactly as in its training, under a progress bar; the
 * interrupt button stops the work.
 * @param source a file, a folder with any folders in it, a zip, or a list of these
 * @param options positive: the class that the test looks for; threshold: the probability from which an image is called
 *   positive (default: both as saved with the model); near: a part whose most similar images are found; neighbors: how
 *   many (default 3)
 * @returns images: file, probabilities and call of each; failed: files that cannot be read, each with the reason
 * @throws LabError where not one image can be read; 'bad-argument' for options that do not fit the model
 * @example show(imageTable(await predictImage(network, 'new-image.png')))
 */
export function predictImage(
  model: Model, source: string | readonly string[], options: Omit<PredictImageOptions, 'onProgress' | 'signal'> = {},
): Promise<PredictedImages> {
  return withProgress('Predicting', (report, signal) =>
    predictImageQuietly(model, source, { ...options, onProgress: report, signal }))
}
