/** Whole epochs of this library, with `train` as users call it: reading, augmentation and validation included. */
import { dataFolder } from '../../../src/lib/data/data-folder'
import { openDataset } from '../../../src/lib/data/registry'
import { tensorCount } from '../../../src/lib/engine/engine'
import { remove } from '../../../src/lib/system/files'
import { freeze } from '../../../src/lib/model/freeze'
import type { Model } from '../../../src/lib/model/model'
import { referenceConfig, referenceSplit } from '../../../src/lib/papers/reference-notebook'
import { predict } from '../../../src/lib/inference/predict'
import { splitPublished, type Part, type Split } from '../../../src/lib/data/split/split'
import { train } from '../../../src/lib/training/train'
import type { TrainConfig } from '../../../src/lib/training/config'
import { datasetOf, groupedItems } from '../../../test/fixtures/datasets'
import { compared, hashedNetwork, settings } from '../../inputs'
import type { Work } from '../../serve'
import type { Measured, Task } from '../../task'

type Unnamed = Omit<Work, 'version'>

export async function referenceEpoch({ images }: Task & { kind: 'reference-epoch' }): Promise<Unnamed> {
  const split = referenceSplit(await openDataset(images.dataset))
  const model = hashedNetwork(64, 'full', 'reference')
  const measure = (times: number) => epochs(model, split, referenceConfig({ epochs: times, seed: 1 }))
  return { outputs: await firstImages(model, split.train), measure }
}

export async function frozenEpoch({ images, frozenThrough }: Task & { kind: 'frozen-epoch' }): Promise<Unnamed> {
  const split = referenceSplit(await openDataset(images.dataset))
  const model = freeze(hashedNetwork(64), { through: frozenThrough })
  const measure = async (times: number) => {
    const optimizer = { name: 'adam', rate: 1e-3, epsilon: settings.epsilon } as const
    const { ms, ...rest } = await epochs(model, split, { epochs: times + 1, optimizer })
    // The first epoch computes the features, or reads them from the cache.
    return { ms: ms.slice(1), ...rest }
  }
  return { outputs: await firstImages(model, split.train), measure }
}

export async function madeUpEpoch({ count }: Task & { kind: 'made-up-epoch' }): Promise<Unnamed> {
  const dataset = datasetOf(groupedItems(count, 1), { name: 'bench-made-up' })
  const split = splitPublished(dataset, { test: 0.1, seed: 1 })
  const measure = (times: number) => epochs(hashedNetwork(32, 'quarter'), split, referenceConfig({ epochs: times, seed: 1 }))
  return { outputs: {}, measure, close: () => remove(dataFolder(dataset.name)) }
}

/** Milliseconds of each epoch of one training run. */
async function epochs(model: Model, split: Split, config: TrainConfig): Promise<Measured> {
  const { history } = await train(model, split, config)
  return { ms: history.map(({ seconds }) => 1000 * seconds), tensors: tensorCount() }
}

/** Probabilities for a part's first images, which other programs must compute from the same files. */
async function firstImages(model: Model, part: Part): Promise<Work['outputs']> {
  const first: Part = { ...part, indices: part.indices.slice(0, compared) }
  return { imageProbabilities: [...(await predict(model, first)).probabilities] }
}
