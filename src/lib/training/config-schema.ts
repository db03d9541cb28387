/** Schemas of training settings in files: an experiment's config, a paper's protocol. */
import { z } from 'zod'
import type { AugmentConfig } from '../images/augment'
import { stages } from '../model/architecture'
import { defaultBatch, type TrainConfig } from './config'
import type { ContrastiveConfig } from './contrastive/config'
import type { OptimizerConfig } from './optimizer'
import type { Schedule } from './schedule'
import { recordOf } from '../system/json-parts'

const stageRates = z.partialRecord(z.enum(stages), z.number()).optional()

const optimizer: z.ZodType<OptimizerConfig, OptimizerConfig> = z.discriminatedUnion('name', [
  z.strictObject({
    name: z.literal('adam'), rate: z.number(), beta1: z.number().optional(), beta2: z.number().optional(),
    epsilon: z.number().optional(), stageRates,
  }),
  z.strictObject({
    name: z.literal('adamw'), rate: z.number(), decay: z.number().optional(), beta1: z.number().optional(),
    beta2: z.number().optional(), epsilon: z.number().optional(), stageRates,
  }),
  z.strictObject({ name: z.literal('sgd'), rate: z.number(), momentum: z.number().optional(), stageRates }),
])

const figures = ['validationLoss', 'validationAccuracy'] as const

const schedule: z.ZodType<Schedule, Schedule> = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('constant') }),
  z.strictObject({ name: z.literal('one-cycle'), warmup: z.number().optional() }),
  z.strictObject({
    name: z.literal('plateau'), watch: z.enum(figures), factor: z.number(), patience: z.number(), least: z.number(),
  }),
])

const augment: z.ZodType<AugmentConfig, AugmentConfig> = z.strictObject({
  rotation: z.number().optional(), shift: z.number().optional(), zoom: z.number().optional(),
  horizontalFlip: z.boolean().optional(), verticalFlip: z.boolean().optional(),
})

/**
 * All of `TrainConfig` but the seed. Defaults are filled in, so that a saved config stays complete even where a default
 * changes later. `checkTraining` checks the ranges.
 */
export const trainingSchema = z.strictObject({
  epochs: z.number(),
  optimizer,
  batch: z.number().default(defaultBatch),
  schedule: schedule.default({ name: 'constant' }),
  augment: augment.optional(),
  augmentVersions: z.number().optional(),
  keepFeatures: z.boolean().default(true),
  classWeights: z.union([z.literal('balanced'), recordOf(z.number())]).optional(),
  balancedBatches: z.boolean().optional(),
  labelSmoothing: z.number().default(0),
  patience: z.number().optional(),
  keepBest: z.boolean().default(false),
  watch: z.enum(figures).default('validationLoss'),
  statistics: z.enum(['followed', 'measured']).default('followed'),
}) satisfies z.ZodType<Omit<TrainConfig, 'seed'>>

const views = z.strictObject({
  leastArea: z.number(), rotation: z.number(), horizontalFlip: z.boolean(), contrast: z.number(),
  brightness: z.number(), blur: z.number(),
})

/** All of `ContrastiveConfig` but the seed. What is left out has the defaults of `trainContrastively`. */
export const contrastiveSchema = z.strictObject({
  epochs: z.number(),
  batch: z.number().optional(),
  temperature: z.number().optional(),
  views: views.optional(),
  optimizer: optimizer.optional(),
}) satisfies z.ZodType<Omit<ContrastiveConfig, 'seed'>>
