/** A published study: its protocol, and the figures that it reports. Each paper is one JSON file. */
import { z } from 'zod'
import { trainingSchema } from '../training/config-schema'

export const paperSchema = z.strictObject({
  /** In kebab-case: the file's name. */
  name: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string(),
  /** The data set, by the name under which `openDataset` knows it. */
  data: z.string(),
  /** Validation and test are the same images, `test` of all, dealt by `seed`. */
  split: z.strictObject({ kind: z.literal('published'), test: z.number(), seed: z.number() }),
  network: z.strictObject({ size: z.number(), head: z.enum(['linear', 'reference']) }),
  training: trainingSchema,
  /** The figures that the paper reports, and no others. */
  published: z.strictObject({
    start: z.string(),
    width: z.string(),
    epochs: z.number(),
    accuracy: z.number(),
    loss: z.number(),
    highestAccuracy: z.number().nullable().default(null),
    lowestLoss: z.number().nullable().default(null),
    auc: z.number().nullable().default(null),
    minutes: z.number(),
    engine: z.string(),
    seed: z.number(),
  }),
})

export type Paper = z.infer<typeof paperSchema>
