/** Evaluating a model on a part of a split. */
import { measurePredictions, type EvaluateOptions, type Evaluation } from '../evaluation/evaluation'
import type { Model } from '../model/model'
import { requireKnownKeys } from '../system/options'
import { predict, type PredictOptions } from './predict'
import type { Part } from '../data/split/split'

/**
 * Predicts every image of `part`, with the `views` of {@link predict}, and judges the predictions with
 * {@link measurePredictions}.
 *
 * Evaluate on a test part once, at the end: each look that leads to a choice makes it a validation part.
 * @example show(await evaluate(trained.model, parts.test, { positive: ct.labels[0] }))
 */
export async function evaluate(
  model: Model, part: Part, options: EvaluateOptions & Pick<PredictOptions, 'views'> = {},
): Promise<Evaluation> {
  requireKnownKeys('evaluate', options, { positive: true, seed: true, views: true })
  const { positive, seed, views } = options
  return measurePredictions(await predict(model, part, { views }), { positive, seed })
}
