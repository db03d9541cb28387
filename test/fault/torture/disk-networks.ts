/** Networks on a failing disk: checkpoints, features, saved models, exports, weights. */
import { join } from 'node:path'
import { evaluate } from '../../../src/lib/inference/evaluate'
import { predict } from '../../../src/lib/inference/predict'
import { writePredictions } from '../../../src/lib/display/prediction-tables'
import { pretrainOnFractals } from '../../../src/lib/experiments/pretraining'
import { freeze } from '../../../src/lib/model/freeze'
import type { Model } from '../../../src/lib/model/model'
import { readFileCapped } from '../../../src/lib/system/files'
import { sha256 } from '../../../src/lib/system/hash'
import type { TrainProgress } from '../../../src/lib/training/config'
import { trainContrastively } from '../../../src/lib/training/contrastive/contrastive'
import { removeLabels } from '../../../src/lib/training/contrastive/images'
import { saveModel } from '../../../src/lib/training/saved/save-model'
import { train } from '../../../src/lib/training/train'
import { exportModel, type ExportOptions } from '../../../src/lib/weights/export/export'
import { readProjectWeights, saveProjectWeights } from '../../../src/lib/weights/project-weights'
import { openModel } from '../../../src/lib/weights/saved/open-model'
import { smallDataset, smallModel, smallSplit } from '../../fixtures/small-network'
import type { DiskWork } from './disk-work'

const split = smallSplit(smallDataset(20))
const config = { epochs: 2, batch: 4, optimizer: { name: 'adam', rate: 1e-3 }, seed: 7 } as const

type Watch = (progress: Pick<TrainProgress, 'epoch' | 'step' | 'steps'>) => void
type Training = (folder: string, control: { onProgress?: Watch; signal?: AbortSignal }) => Promise<string>

const supervised: Training = async (folder, control) => hashOf((await train(smallModel(), split, config, {
  ...control, checkpoint: { folder: join(folder, 'run'), everySteps: 1 },
})).model)

const contrastive: Training = async (folder, control) =>
  hashOf((await trainContrastively(smallModel(), removeLabels(split), { epochs: 2, batch: 4 }, {
    ...control, checkpoint: { folder: join(folder, 'run'), everySteps: 1 },
  })).model)

const fractals: Training = async (folder, control) => {
  const options = { width: 'quarter', steps: 2, classes: 2, images: 64 } as const
  const storage = { folder: join(folder, 'weights') }
  const { trained } = await pretrainOnFractals(options, { ...control, checkpoint: { folder: join(folder, 'run'), everySteps: 1 } }, storage)
  return hashOf(trained.model)
}

/** The old state is saved after so many steps, and another one step earlier: no run may begin further back. */
function checkpointed(kind: string, training: Training, saved: number): DiskWork {
  const stepsOf = ({ epoch, step, steps }: Parameters<Watch>[0]) => (epoch - 1) * steps + step
  /** Runs until so many steps are done. @returns the first step that was done */
  const runUntil = async (folder: string, until: number) => {
    const stop = new AbortController()
    let first = 0
    const onProgress: Watch = progress => {
      first ||= stepsOf(progress)
      if (stepsOf(progress) >= until) stop.abort()
    }
    await training(folder, { onProgress, signal: stop.signal })
    return first
  }
  return {
    kind, prepare: folder => runUntil(folder, saved),
    async carryOut(folder) {
      let first = 0
      const result = await training(folder, { onProgress: progress => { first ||= stepsOf(progress) } })
      if (first && first < saved) throw new Error(`the run began again, at step ${first}`)
      return result
    },
    read: async folder => `goes on at step ${await runUntil(folder, 0) || 'none, it has ended'}`,
    isWhole: content => !(Number(/\d+/.exec(content)?.[0]) < saved),
  }
}

const evaluated = evaluate(smallModel(), split.test)
const modelsOf = (save: (model: Model, folder: string) => Promise<unknown>, read: DiskWork['read']) => ({
  prepare: (folder: string) => save(smallModel({ seed: 1 }), folder),
  carryOut: async (folder: string) => String(await save(smallModel({ seed: 2 }), folder)),
  read,
})

function exported(name: string, options: ExportOptions): DiskWork {
  return {
    kind: `an export, ${options.format}`,
    ...modelsOf((model, folder) => exportModel(model, join(folder, name), options),
      async folder => options.format === 'safetensors' ? sha256(await readFileCapped(join(folder, name), 2 ** 24))
        : hashOf(await openModel(join(folder, name)))),
  }
}

function weightsOf({ weights }: Model) {
  return new Map([...weights].map(([name, values]) => [name, { shape: [values.length], values }]))
}

const card = {
  name: 'resnet50-small', description: 'Made up.', recipe: { preprocessing: 'unit' as const }, result: { accuracy: 1 },
  seconds: 1, machine: 'none', licence: 'none',
}

export const networkWorks: readonly DiskWork[] = [
  checkpointed('a checkpoint, supervised', supervised, 2),
  checkpointed('a checkpoint, contrastive', contrastive, 2),
  { ...checkpointed('a checkpoint, pre-training', fractals, 1), isSlow: true },
  {
    kind: 'frozen features', prepare: async () => {},
    async carryOut(folder) {
      process.env.LAB_DATA_FOLDER = join(folder, 'data')
      const frozen = freeze(smallModel(), { through: 'conv2' })
      const results = [await train(frozen, split, config), await train(frozen, split, config)]
      return results.map(({ model }) => hashOf(model)).join()
    },
    read: async () => '',
  },
  {
    kind: 'a saved model',
    ...modelsOf(async (model, folder) => saveModel(model, join(folder, 'model'), { split, evaluation: await evaluated }),
      async folder => hashOf(await openModel(join(folder, 'model')))),
  },
  exported('model.h5', { format: 'keras' }),
  exported('model.safetensors', { format: 'safetensors' }),
  exported('model', { format: 'tfjs' }),
  {
    kind: 'own weights',
    ...modelsOf((model, folder) => saveProjectWeights({ ...card, seconds: model.weights.get('first_conv/kernel')![0] },
      weightsOf(model), join(folder, 'weights')), async folder => {
      const { card: found, weights } = await readProjectWeights(join(folder, 'weights', 'resnet50-small.tensors'))
      return found.seconds + ' ' + weights.get('first_conv/kernel')!.values.join()
    }),
    carryOut: async folder => JSON.stringify(await saveProjectWeights(card, weightsOf(smallModel({ seed: 2 })), join(folder, 'weights'))),
  },
  {
    kind: 'predictions',
    ...modelsOf(async (model, folder) => writePredictions(await predict(model, split.test), join(folder, 'predictions.csv')),
      async folder => (await readFileCapped(join(folder, 'predictions.csv'), 2 ** 20)).toString()),
  },
]

function hashOf({ weights }: Model): string {
  return sha256(Buffer.concat([...weights.values()].map(values => new Uint8Array(values.slice().buffer))))
}
