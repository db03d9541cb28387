/**
 * One experiment as plain data: the images, the model, how the model learns, and which part judges it. The same config,
 * images, start weights, engine and number of threads give the same bits.
 */
import { z } from 'zod'
import { baselineNames } from '../baselines/baselines'
import { difficulties } from '../data/fractals/fractals'
import { stages, widths, type Width } from '../model/architecture'
import { LabError } from '../system/errors'
import { checkTraining } from '../training/config'
import { contrastiveSchema, trainingSchema } from '../training/config-schema'
import { sourceCards, type SourceName } from '../weights/cards'
import { parseSettings } from './settings'
import { splitSchema } from './split'
import { listOf } from '../system/json-parts'

/** Which stages train: only the head; conv5 and the head; …; all of them. */
export const trainingDepths = ['head', 'conv5', 'conv4', 'conv3', 'conv2', 'all'] as const
export type TrainingDepth = (typeof trainingDepths)[number]

const seed = z.int().min(0)
const widthNames = Object.keys(widths) as [Width, ...Width[]]
const weightNames = ['none', 'fractal', ...sourceCards.map(card => card.name)] as ['none', 'fractal', ...SourceName[]]
const baseline = z.enum(baselineNames as [string, ...string[]])

/** A data set by the name under which `openDataset` knows it. Only the phantom has settings. */
const dataSchema = z.strictObject({
  name: z.string().min(1),
  phantom: z.strictObject({
    patients: z.number().optional(), slicesPerPatient: z.number().optional(), size: z.number().optional(),
    seed: z.number().optional(), signal: z.number().optional(), nuisance: z.number().optional(),
    shortcut: z.number().optional(), hard: z.boolean().optional(),
  }).optional(),
})

/** What changes the start weights before training reads any label. */
const preparationSchema = z.discriminatedUnion('kind', [
  // Batch normalization's statistics, measured again on the training images.
  z.strictObject({ kind: z.literal('reestimated-statistics') }),
  // Learning from the training images without their labels.
  z.strictObject({ kind: z.literal('contrastive'), ...contrastiveSchema.shape }),
  // Learning to tell fractals apart, from random numbers. `bits`: the size in which each number of a kernel is stored.
  z.strictObject({
    kind: z.literal('fractals'), steps: z.int().min(1), classes: z.int(), images: z.int(),
    difficulty: z.enum(difficulties).default('plain'), bits: z.union([z.literal(8), z.literal(16)]).default(16),
    seed: seed.default(1),
  }),
])

const modelSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('baseline'), name: baseline }),
  z.strictObject({
    kind: z.literal('resnet50'),
    weights: z.enum(weightNames).default('fractal'),
    width: z.enum(widthNames).default('half'),
    size: z.int().default(64),
    head: z.enum(['linear', 'reference']).default('linear'),
    dropout: z.number().default(0),
    momentum: z.number().optional(),
    preparation: preparationSchema.nullable().default(null),
  }),
])

const evaluationSchema = z.strictObject({
  part: z.enum(['test', 'validation']).default('test'),
  // 'flip': predictions for the image and for its mirror image are averaged; see `predict`.
  views: z.enum(['plain', 'flip']).default('plain'),
  // The class that counts as positive. Default: the data set's; without one the figures are means over the classes.
  positive: z.string().optional(),
  // Baselines that the same part judges, for comparison.
  baselines: listOf(baseline).default([]),
})

export const experimentSchema = z.strictObject({
  data: dataSchema,
  split: splitSchema,
  model: modelSchema,
  // A network either trains (`training`, from the depth `freezing` on) or gives frozen stages' features to a linear
  // head (`linearProbe`). A baseline does neither.
  freezing: z.enum(trainingDepths).default('all'),
  training: trainingSchema.nullable().default(null),
  linearProbe: z.strictObject({ stages: listOf(z.enum(stages).exclude(['head']), z.array(z.unknown()).min(1)) }).nullable().default(null),
  evaluation: evaluationSchema.default(evaluationSchema.parse({})),
  // Names start weights, order, augmentation and dropout. The split has a seed of its own.
  seed: seed.default(1),
})

/** A complete config: every default is filled in. */
export type ExperimentConfig = z.infer<typeof experimentSchema>
/** A config as people write it: settings that have a default may be left out. */
export type ExperimentSettings = z.input<typeof experimentSchema>
/** The settings of a network. */
export type NetworkConfig = Extract<ExperimentConfig['model'], { kind: 'resnet50' }>

/**
 * A config with its defaults.
 * @throws LabError 'bad-argument' naming the setting that is unknown (with the nearest known one), missing or out of
 *   range
 * @example completeExperiment({ data: { name: 'phantom' }, split: { kind: 'group', validation: 0.2, test: 0.2 },
 *   model: { kind: 'baseline', name: 'majority class' } })
 */
export function completeExperiment(settings: unknown): ExperimentConfig {
  const config = parseSettings('an experiment', experimentSchema, settings)
  checkLearning(config)
  return config
}

function checkLearning({ model, freezing, training, linearProbe, seed }: ExperimentConfig): void {
  const refuse = (expected: string, received: string, remedy: string) => {
    throw new LabError('bad-argument', { expected, received, remedy })
  }
  if (model.kind === 'baseline') {
    if (training || linearProbe || freezing !== 'all')
      refuse('a baseline without freezing, training and linearProbe', 'one of them', 'Leave them out')
    return
  }
  if (!training === !linearProbe)
    refuse('a network with either training or linearProbe', training ? 'both' : 'neither', 'Choose one of them')
  if (linearProbe && freezing !== 'all')
    refuse('linearProbe without freezing', `freezing '${freezing}'`, 'Leave freezing out: a linear probe trains no stage')
  if (model.preparation?.kind === 'fractals' && model.weights !== 'none')
    refuse("weights 'none' before learning from fractals", `'${model.weights}'`, "Write weights: 'none'")
  if (training) checkTraining({ ...training, seed })
}
