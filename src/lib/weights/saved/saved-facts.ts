/** What is known about a saved model besides its network: how it decides, where it comes from, how it was judged. */
import { z } from 'zod'
import type { Model } from '../../model/model'
import { listOf, recordOf } from '../../system/json-parts'

const text = z.string().max(100_000)
const count = z.int().min(0)
/** JSON has no NaN: a figure that is not defined is null in the file. */
const figure = z.number().min(0).nullable().transform(value => value ?? NaN)
/** Averages of shares may lie above 1 by a rounding. */
const share = z.number().min(0).max(1 + 1e-9).nullable().transform(value => value ?? NaN)
const estimateSchema = z.object({ value: share, low: share, high: share })
const countsSchema = recordOf(count)

const trainingSchema = z.object({
  /** As `train` got it. */
  config: recordOf(z.unknown()),
  history: listOf(z.object({
    epoch: count, loss: figure, accuracy: share, validationLoss: figure, validationAccuracy: share, rate: figure,
    seconds: figure,
  }), z.array(z.unknown()).max(100_000)),
  /** The best epoch, from 1; null if no epoch was finished. */
  best: count.nullable(),
  stopped: z.enum(['finished', 'early', 'cancelled']),
  seconds: figure,
  seed: z.number(),
  /** Whether the saved numbers are those that the run returned. */
  unchanged: z.boolean(),
})

const dataSchema = z.object({
  name: text, title: text, source: text, licence: text, notice: text, evidence: z.enum(['real', 'phantom', 'planted']),
  grouping: text, contentHash: text,
  // The first files did not say these three, and then no file was left out and every set was searched.
  modality: text.default('unknown'),
  /** Files that were left out because they cannot be read. */
  skipped: count.default(0),
  nearDuplicatesSearched: z.boolean().default(true),
  /** Images by class. */
  images: countsSchema,
})

const partSchema = z.object({
  /** Images by class. */
  images: countsSchema,
  /** Groups, such as patients; null where the set has none. */
  groups: count.nullable(),
})

const splitSchema = z.object({
  protocol: text, description: text, seed: z.number(), warning: text.nullable(), leftOut: count,
  train: partSchema, validation: partSchema, test: partSchema,
  /** SHA-256 of the split's record: set, seed, the parts' image names, and the words that describe and warn. */
  hash: text,
})

const evaluationSchema = z.object({
  /** Which part was judged: 'test', 'validation', 'train', or 'another'. */
  part: z.enum(['test', 'validation', 'train', 'another']),
  images: count, positive: text.nullable(), intervalKind: text, loss: figure,
  /** Shares by measure, such as 'accuracy', in the order in which tables show them. */
  figures: recordOf(estimateSchema),
  /** [truth][predicted], in images. */
  confusion: listOf(listOf(count)),
})

export const savedFactsSchema = z.strictObject({
  /** Of this list of facts. */
  version: z.literal(1),
  /** The class that the test looks for; null where none was named. */
  positive: text.nullable(),
  /** The probability of the positive class from which an image is called positive; null: the likeliest class counts. */
  threshold: z.number().min(0).max(1).nullable(),
  /** When the model was saved, in ISO 8601. */
  saved: text,
  /** Where the model was saved: such as 'TensorFlow 2.20.0, native', with how many threads. */
  engine: text, threads: count,
  training: trainingSchema.nullable(),
  data: dataSchema.nullable(),
  split: splitSchema.nullable(),
  evaluation: evaluationSchema.nullable(),
  baselines: listOf(z.object({ baseline: text, accuracy: share, low: share, high: share })),
  /** What the model is for, in its maker's words; null where nothing was said. */
  about: text.nullable(),
  /** SHA-256 of the numbers. */
  weights: text,
  /** SHA-256 of MODEL.md as it was written. */
  card: text,
})
export type SavedFacts = z.infer<typeof savedFactsSchema>

const known = new WeakMap<Model['weights'], SavedFacts>()

/** Notes what was saved about the numbers of a model. */
export function rememberFacts(model: Model, facts: SavedFacts): void {
  known.set(model.weights, facts)
}

/**
 * What was saved about a model that `openModel` has opened: positive class, threshold, training, data, split and
 * figures. These facts belong to the model's numbers: a model that was trained on afterwards has none.
 * @returns null for every other model
 * @example weights.savedFacts(await openModel('results/models/lesions'))?.threshold
 */
export function savedFacts(model: Model): SavedFacts | null {
  return known.get(model.weights) ?? null
}
