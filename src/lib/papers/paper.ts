/**
 * A published study as data: citation, protocol, and the figures that it reports, with the digits as printed. Each
 * paper is one JSON file in `records/`. What is not known is absent.
 */
import { z } from 'zod'
import { printedMetrics } from '../evaluation/row-check/printed'
import { trainingSchema } from '../training/config-schema'
import { listOf, recordOf } from '../system/json-parts'

/**
 * How surely a figure is known. 'printed': the authors print it, and it was read there. 'quoted': read in another page
 * that quotes it. 'abstract': read in the abstract. 'consistent': remembered, and exactly one confusion matrix of the
 * stated test set gives it. 'unconfirmed': remembered only.
 */
export const statuses = ['printed', 'quoted', 'abstract', 'consistent', 'unconfirmed'] as const
export type Status = (typeof statuses)[number]

const words = z.string().min(1)
const count = z.int().min(0)
const digits = z.string().regex(/^-?(\d+(\.\d+)?|\.\d+)%?$/, 'the digits as printed, in quotes')
const figures = z.partialRecord(z.enum(printedMetrics), digits)

const citationSchema = z.strictObject({
  /** 'First et al.' is enough. */
  authors: words,
  /** Absent where it is not known. */
  title: words.optional(),
  venue: words,
  year: z.int().min(1990).optional(),
  doi: z.string().regex(/^10\.\d{4,}\/\S+$/).optional(),
})

/** How a network was trained; in words, since few papers say enough to repeat it. */
const protocolSchema = z.strictObject({
  /** Pixels on each side. */
  imageSize: z.int().min(1).optional(),
  preprocessing: words.optional(),
  network: words.optional(),
  /** Whether the network is ResNet50 itself; absent where that is not known. */
  architecture: z.enum(['ResNet50', 'other']).optional(),
  /** Where its start weights come from; absent where that is not known. */
  start: z.enum(['ImageNet', 'random numbers', 'other']).optional(),
  frozenLayers: words.optional(),
  optimizer: words.optional(),
  epochs: z.int().min(1).optional(),
  augmentation: words.optional(),
})

const testSchema = z.strictObject({
  /** Images by class, the positive one anywhere among them. */
  counts: recordOf(z.int().min(1)).optional(),
  total: z.int().min(1).optional(),
  /** 'recovered': no paper says so, but no other test set gives the figures. */
  known: z.enum(['printed', 'recovered']),
})

const rowSchema = z.strictObject({
  method: words,
  status: z.enum(statuses),
  /** Of the positive class where there are two classes; over all images where there are more. */
  figures,
  /** Where precision, sensitivity and specificity are means over the classes. */
  averaging: z.enum(['macro', 'weighted']).optional(),
  /** Figures that are known otherwise than `status` says. */
  statusOf: z.partialRecord(z.enum(printedMetrics), z.enum(statuses)).optional(),
  byClass: recordOf(figures).optional(),
  /** The printed confusion matrix, truth in rows, classes in the order of `test.counts`. */
  matrix: listOf(listOf(count)).optional(),
  /** What each fold reports of the accuracy. */
  foldAccuracies: listOf(digits).optional(),
  /** Where a row differs from its study. */
  protocol: protocolSchema.optional(),
  test: testSchema.optional(),
  note: words.optional(),
})

/** All that is needed to run a study's protocol here; the training as `train` takes it. */
const recipeSchema = z.strictObject({
  /** Validation and test are the same images, `test` of all, dealt by `seed`. */
  split: z.strictObject({ kind: z.literal('published'), test: z.number(), seed: z.number() }),
  network: z.strictObject({ size: z.number(), head: z.enum(['linear', 'reference']) }),
  training: trainingSchema,
  /** What the paper reports of the run, as numbers. */
  reported: z.strictObject({
    start: words, width: words, epochs: z.number(), accuracy: z.number(), loss: z.number(),
    highestAccuracy: z.number().nullable().default(null), lowestLoss: z.number().nullable().default(null),
    auc: z.number().nullable().default(null), minutes: z.number(), engine: words, seed: z.number(),
  }),
})

const studySchema = z.strictObject({
  data: z.strictObject({
    title: words,
    modality: z.enum(['CT', 'X-ray', 'CT and X-ray']),
    /** The name under which `openDataset` knows the set; absent where this project does not import it. */
    open: words.optional(),
    images: z.int().min(1).optional(),
  }),
  split: z.strictObject({
    rule: words,
    /** What is dealt out: 'image' lets slices of one patient into training and test. */
    unit: z.enum(['image', 'patient']).optional(),
    /** The list that `splitAsListed` deals by. */
    list: words.optional(),
    /** Whether the set's authors assigned training and test, and the paper used their parts. */
    given: z.boolean().optional(),
    folds: z.int().min(2).optional(),
    /** Whether the test images also steered the training or the choice of epoch. */
    steersOnTest: z.boolean().optional(),
  }),
  test: testSchema.optional(),
  /** The class that precision, sensitivity and specificity are of. */
  positive: words.optional(),
  protocol: protocolSchema.default({}),
  recipe: recipeSchema.optional(),
  rows: listOf(rowSchema, z.array(z.unknown()).min(1)),
  note: words.optional(),
})

export const paperSchema = z.strictObject({
  /** In kebab-case: the file's name. */
  id: z.string().regex(/^[a-z0-9-]+$/),
  citation: citationSchema,
  /** Where the figures were read. */
  read: words,
  studies: listOf(studySchema, z.array(z.unknown()).min(1)),
  note: words.optional(),
}).superRefine((paper, context) => {
  paper.studies.forEach((study, i) => {
    const fault = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path: ['studies', i, ...path], message })
    if (study.positive !== undefined && study.test?.counts && !Object.hasOwn(study.test.counts, study.positive))
      fault(['positive'], `'${study.positive}' is no class of test.counts`)
    study.rows.forEach((row, j) => {
      const counts = (row.test ?? study.test)?.counts, labels = Object.keys(counts ?? {})
      const sums = row.matrix?.map(line => line.reduce((a, b) => a + b, 0))
      const square = sums && row.matrix!.every(line => line.length === sums.length)
      if (sums && (!square || sums.join() !== Object.values(counts ?? {}).join()))
        fault(['rows', j, 'matrix'], 'the matrix’s rows do not add up to test.counts')
      const unknown = Object.keys(row.byClass ?? {}).find(label => !labels.includes(label))
      if (unknown !== undefined) fault(['rows', j, 'byClass'], `'${unknown}' is no class of test.counts`)
    })
  })
})

export type Paper = z.infer<typeof paperSchema>
export type Study = Paper['studies'][number]
export type StudyRow = Study['rows'][number]
export type Recipe = NonNullable<Study['recipe']>
