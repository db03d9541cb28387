/** metrics.json: the results of a finished run. */
import { z } from 'zod'
import type { Evaluation } from '../evaluation/evaluation'
import { listOf } from '../system/json-parts'

/** JSON has no NaN: null stands for it. */
const number = z.number().nullable().transform(value => value ?? NaN)
const estimate = z.object({ value: number, low: number, high: number })
const scores = {
  precision: estimate, sensitivity: estimate, specificity: estimate, f1: estimate, auc: estimate,
}

export const metricsSchema = z.object({
  /** The judged part. */
  part: z.enum(['test', 'validation']),
  images: z.number(),
  /** Each metric with its 95 % interval. The scores are those of the class `positive`, or means over all classes. */
  accuracy: estimate, balancedAccuracy: estimate, ...scores,
  positive: z.string().nullable(),
  /** Mean cross-entropy in nats. */
  loss: number,
  classes: listOf(z.object({ label: z.string(), count: z.number(), ...scores })),
  intervals: z.string(),
  /** Baselines on the same part. */
  baselines: listOf(z.object({ name: z.string(), accuracy: estimate, loss: number })),
  /** Seconds of learning from the training images, with and without labels. Making start weights is not counted. */
  seconds: z.number(),
  /** How many parameters training could change; null for baselines. */
  trainedParameters: z.number().nullable(),
  /** Pre-training on fractals; null where there was none. */
  fractals: z.object({ seconds: z.number(), heldOutAccuracy: z.number() }).nullable(),
})
export type RunMetrics = z.infer<typeof metricsSchema>

/** The entries of metrics.json that come from the evaluation. */
export function metricsOf(evaluation: Evaluation) {
  const { accuracy, balancedAccuracy, precision, sensitivity, specificity, f1, auc, positive, loss } = evaluation
  return {
    accuracy, balancedAccuracy, precision, sensitivity, specificity, f1, auc, positive, loss,
    classes: evaluation.perClass.map(({ roc: _, ...scores }) => scores),
    intervals: evaluation.intervalKind, images: evaluation.predictions.labels.length,
  }
}
