/** Pre-training: a ResNet50 learns to tell fractals apart, and its stages become the project's own start weights. */
import { parameters, type Width } from '../model/architecture'
import { describeEngine, engineName } from '../engine/engine'
import { requireInRange } from '../system/errors'
import { accuracyOf } from '../evaluation/predictions'
import { predict } from '../inference/predict'
import { resnet50 } from '../weights/resnet50'
import { splitRandom } from '../data/split/split'
import { train } from '../training/train'
import type { TrainConfig, TrainControl, Trained } from '../training/config'
import { projectWeightsName, saveProjectWeights, type KernelType, type WeightsCard } from '../weights/project-weights'
import { completeFractals, openFractals, type Difficulty } from '../data/fractals/fractals'

/** What can be chosen; with the engine and its threads it decides every bit of the weights. */
export interface PretrainOptions {
  /** Default 'full'. */
  width?: Width
  /**
   * Optimizer steps, 1 or more, about: rounded to whole epochs. Default 1,000 in full width, else 1,500: enough to tell
   * all fractals apart. In quarter width, 500 steps already give most of the benefit.
   */
  steps?: number
  /** How many classes of fractals the network learns to tell apart. Default 150. */
  classes?: number
  /** Images a class. Default 64. */
  images?: number
  /**
   * How hard the figures are to see. Default 'plain': after so many steps, features of harder figures transfer
   * less well (results/tables/pretraining.csv).
   */
  difficulty?: Difficulty
  /** Names the fractals, the start weights and every random choice. Default 1. */
  seed?: number
}

export interface Pretrained {
  /** How the training ended, with its history. */
  trained: Trained
  /** The card of the weights that were saved; null when the run was cancelled. */
  card: WeightsCard | null
}

const batch = 64
/** Shares of the fractals that do not train: one for validation, one for the test at the end. */
const heldOut = { validation: 0.06, test: 0.06 }

/** Where and how the weights are stored. None of this changes the training. */
export interface Storage {
  /** Default data/weights. */
  folder?: string
  /**
   * Default 'int8' in full width, else 'float16'. Either transfers as well: weights of quarter width, stored both ways
   * and fine-tuned, end at validation losses of .210 in float16 and .212 in int8 on a random split, .373 and .360 on
   * number blocks (results/tables/pretraining.csv). In half width int8 changes frozen stages' features by about 1 %,
   * and the validation loss of a linear head on any of them by less than .002.
   */
  kernels?: KernelType
}

/**
 * Options with their defaults: those of the weights that are shipped.
 * @throws LabError 'bad-argument' for options outside their ranges
 */
export function completePretraining(options: PretrainOptions = {}): Required<PretrainOptions> {
  const { width = 'full' } = options
  const { classes, images, difficulty, seed } = completeFractals(options)
  // Wider networks learn the same in fewer steps.
  const { steps = width === 'full' ? 1000 : 1500 } = options
  requireInRange('steps', steps, { low: 1, whole: true })
  return { width, steps, classes, images, difficulty, seed }
}

/** The command that pretrains with such options. */
export function pretrainingCommand(options: PretrainOptions): string {
  const words = Object.entries(completePretraining(options)).map(([name, value]) => `--${name} ${value}`)
  return `npm run pretrain -- fractals ${words.join(' ')}`
}

/**
 * Trains on fractals and saves all stages but the head as resnet50-fractal (full width) or resnet50-fractal-WIDTH.
 * @param control where to save, how to watch and how to cancel, as in `train`
 * @throws LabError 'bad-argument' for options outside their ranges, 'engine-missing', 'write-failed'
 */
export async function pretrainOnFractals(
  options: PretrainOptions = {}, control: TrainControl = {}, { folder, kernels }: Storage = {},
): Promise<Pretrained> {
  const { width, steps, classes, images, difficulty, seed } = completePretraining(options)
  const fractals = await openFractals({ classes, images, difficulty, seed })
  const split = splitRandom(fractals, { ...heldOut, seed })
  const start = await resnet50({ classes: fractals.labels, weights: 'none', width, size: 64, seed })
  const config: TrainConfig = {
    epochs: Math.max(1, Math.round(steps / Math.ceil(split.train.indices.length / batch))),
    batch,
    optimizer: { name: 'adamw', rate: 1e-3, decay: 0.05 },
    schedule: { name: 'one-cycle' },
    augment: { shift: 0.08, zoom: 0.1, horizontalFlip: true },
    seed,
  }
  const trained = await train(start, split, config, control)
  if (trained.stopped === 'cancelled') return { trained, card: null }

  const { model, history, seconds } = trained
  const engine = describeEngine()
  const tensors = new Map(parameters(model.architecture)
    .filter(({ name }) => /^conv[1-5]_/.test(name))
    .map(({ name, shape }) => [name, { shape, values: model.weights.get(name)! }]))
  const card = await saveProjectWeights({
    name: projectWeightsName('fractal', width),
    description: `ResNet50 at ${width} width, without its head, after learning to tell ${classes} formula-drawn fractals `
      + 'apart.',
    recipe: {
      command: pretrainingCommand(options),
      data: `${classes} × ${images} fractals (${difficulty}), drawn by formula: no photograph, no patient`,
      size: 64, preprocessing: model.preprocessing, ...config,
    },
    result: {
      trainingAccuracy: history[history.length - 1].accuracy,
      testAccuracy: accuracyOf(await predict(model, split.test)),
      classes, testImages: split.test.indices.length,
    },
    seconds: Math.round(seconds),
    machine: `${engineName(engine)}, ${engine.threads} threads`,
    licence: 'Apache-2.0',
  }, tensors, folder, kernels ?? (width === 'full' ? 'int8' : 'float16'))
  return { trained, card }
}
