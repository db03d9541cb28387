/** metrics.json: what a finished run came to. */
import { z } from 'zod'
import type { Evaluation } from '../evaluation/evaluation'

/** JSON knows no NaN: null stands for it. */
const number = z.number().nullable().transform(value => value ?? NaN)
const estimate = z.object({ value: number, low: number, high: number })
const scores = {
  precision: estimate, sensitivity: estimate, specificity: estimate, f1: estimate, auc: estimate,
}

export const metricsSchema = z.object({
  /** The judged part. */
  part: z.enum(['test', 'validation']),
  images: z.number(),
  /** Of the judged part, each with its 95 % interval; the scores are those of `positive`, or means over classes. */
  accuracy: estimate, balancedAccuracy: estimate, ...scores,
  positive: z.string().nullable(),
  /** Mean cross-entropy in nats. */
  loss: number,
  classes: z.array(z.object({ label: z.string(), count: z.number(), ...scores })),
  intervals: z.string(),
  /** What baselines come to on the same part. */
  baselines: z.array(z.object({ name: z.string(), accuracy: estimate, loss: number })),
  /** Of learning from the training images, with and without labels; not of making start weights. */
  seconds: z.number(),
  /** How many numbers training could change; null of baselines. */
  trainedParameters: z.number().nullable(),
  /** Learning from fractals before; null where there was none. */
  fractals: z.object({ seconds: z.number(), heldOutAccuracy: z.number() }).nullable(),
})
export type RunMetrics = z.infer<typeof metricsSchema>

/** The part of metrics.json that an evaluation says. */
export function metricsOf(evaluation: Evaluation) {
  const { accuracy, balancedAccuracy, precision, sensitivity, specificity, f1, auc, positive, loss } = evaluation
  return {
    accuracy, balancedAccuracy, precision, sensitivity, specificity, f1, auc, positive, loss,
    classes: evaluation.perClass.map(({ roc: _, ...scores }) => scores),
    intervals: evaluation.intervalKind, images: evaluation.predictions.labels.length,
  }
}
