/** Work that goes on step after step in one process: every kind of training, and what a trained network is asked. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { gradCam, gradCamPlusPlus } from '../../../src/lib/attribution/class-activation'
import { integratedGradients } from '../../../src/lib/attribution/integrated-gradients'
import { occlusion } from '../../../src/lib/attribution/occlusion'
import { openFractals } from '../../../src/lib/data/fractals/fractals'
import { splitRandom } from '../../../src/lib/data/split/split'
import { computeActivations } from '../../../src/lib/inference/activations'
import { evaluate } from '../../../src/lib/inference/evaluate'
import { predictImage } from '../../../src/lib/inference/predict-image'
import { freeze } from '../../../src/lib/model/freeze'
import type { Model } from '../../../src/lib/model/model'
import { removeLabels } from '../../../src/lib/training/contrastive/images'
import { trainContrastively } from '../../../src/lib/training/contrastive/contrastive'
import type { TrainConfig } from '../../../src/lib/training/config'
import { fineTune } from '../../../src/lib/training/fine-tune'
import { train } from '../../../src/lib/training/train'
import { smallModel, smallSplit } from '../../fixtures/small-network'

/** Does at least so many steps, and calls `onStep` after each. */
export type Steps = (count: number, onStep: () => void, folder: string) => Promise<void>

/** Twice eight times the fewest channels, so that the project's own operations run. */
const model = () => smallModel({ times: 8, dropout: 0.2 })
const split = smallSplit(), batch = 4
const epochs = (count: number) => Math.ceil(count / (split.train.indices.length / batch))
const adam = { name: 'adam', rate: 1e-3 } as const

const supervised = (config: Partial<TrainConfig> = {}, change = (start: Model) => start): Steps =>
  async (count, onProgress) => {
    await train(change(model()), split, { epochs: epochs(count), batch, optimizer: adam, ...config }, { onProgress })
  }

const asked = (ask: (model: Model, folder: string) => Promise<unknown>): Steps => async (count, onStep, folder) => {
  const start = model()
  for (let step = 0; step < count; step++) {
    await ask(start, folder)
    onStep()
  }
}

export const steps: Readonly<Record<string, Steps>> = {
  'all layers, Adam': supervised(),
  'gradient descent': supervised({ optimizer: { name: 'sgd', rate: 0.01, momentum: 0.9 } }),
  'AdamW, augmented': supervised({
    optimizer: { name: 'adamw', rate: 1e-3, decay: 0.05 }, schedule: { name: 'one-cycle' },
    augment: { shift: 0.1, horizontalFlip: true }, labelSmoothing: 0.1, keepBest: true,
  }),
  'class weights': supervised({ classWeights: 'balanced' }),
  'balanced batches': supervised({ balancedBatches: true, statistics: 'measured' }),
  'stem frozen': supervised({}, start => freeze(start, { through: 'stem' })),
  'head on features': supervised({}, start => freeze(start, { through: 'conv2' })),
  'fine-tuned, second phase': async (count, onStep) => {
    const onProgress = (_: unknown, phase: string) => { if (phase === 'all layers') onStep() }
    await fineTune(model(), split, { headEpochs: 1, epochs: epochs(count), batch }, { onProgress })
  },
  contrastive: async (count, onStep) => {
    await trainContrastively(model(), removeLabels(split), { epochs: epochs(count), batch }, { onProgress: onStep })
  },
  'pre-training on fractals': async (count, onStep) => {
    const shares = { validation: 0.2, test: 0.2, seed: 1 }
    const fractals = splitRandom(await openFractals({ classes: 2, images: 20 }), shares)
    const config = { epochs: Math.ceil(count / (fractals.train.indices.length / batch)), batch, optimizer: adam }
    await train({ ...model(), labels: fractals.dataset.labels }, fractals, config, { onProgress: onStep })
  },
  'predictions of files': async (count, onStep, folder) => {
    mkdirSync(folder, { recursive: true })
    const data = Uint8Array.from({ length: 900 }, (_, i) => i % 251)
    await sharp(data, { raw: { width: 30, height: 30, channels: 1 } }).png().toFile(join(folder, 'image.png'))
    await asked(start => predictImage(start, join(folder, 'image.png')))(count, onStep, folder)
  },
  evaluations: asked(start => evaluate(start, split.test)),
  activations: asked(start => computeActivations(start, split.test, 0, ['first_conv', 'sum'])),
  'heat maps': asked(async start => {
    const part = { ...split.test, indices: split.test.indices.slice(0, 2) }
    await gradCam(start, part, { stage: 'conv2' })
    await gradCamPlusPlus(start, part, { stage: 'conv2' })
    await integratedGradients(start, part, { steps: 4 })
    await occlusion(start, part, { window: 8, stride: 8 })
  }),
}
