/** The network that an experiment starts from: start weights, then the preparation that the config asks for. */
import { join } from 'node:path'
import type { Split } from '../data/split/split'
import { reestimateStatistics } from '../inference/reestimate-statistics'
import type { Model } from '../model/model'
import { sha256 } from '../system/hash'
import { isThere } from '../system/is-there'
import { locked } from '../system/locked'
import { inProject } from '../system/project-root'
import type { ContrastiveRecord } from '../training/contrastive/config'
import { trainContrastively } from '../training/contrastive/contrastive'
import { removeLabels } from '../training/contrastive/images'
import { projectWeightsName, readProjectWeights } from '../weights/project-weights'
import { resnet50 } from '../weights/resnet50'
import type { NetworkConfig } from './config'
import { canonicalJson } from './identity'
import type { RunMetrics } from './metrics'
import { pretrainOnFractals } from './pretraining'
import { checkpointIn, trainingProgress, type StepControl } from './progress'

export interface StartedModel {
  model: Model
  /** Seconds of contrastive pre-training on the training images. */
  seconds: number
  contrastiveHistory: readonly ContrastiveRecord[]
  fractals: RunMetrics['fractals']
}

/**
 * The network before training, nothing frozen.
 * @returns null where it was cancelled
 * @throws LabError 'unknown-weights'; the signal's reason where it fires while statistics are measured
 */
export async function startModel(
  config: NetworkConfig, split: Split, seed: number, control: StepControl,
): Promise<StartedModel | null> {
  const { weights, width, size, head, dropout, momentum, preparation } = config
  const options = { classes: split.dataset.labels, width, size, head, dropout, momentum, seed, signal: control.signal }
  const started = { seconds: 0, contrastiveHistory: [], fractals: null }
  if (preparation?.kind === 'fractals') {
    const weightsFile = await fractalWeights(preparation, width, control)
    if (!weightsFile) return null
    const model = await resnet50({ ...options, weights: 'own', weightsFile })
    const { card: { seconds, result } } = await readProjectWeights(weightsFile)
    return { ...started, model, fractals: { seconds, heldOutAccuracy: result.testAccuracy } }
  }
  const model = await resnet50({ ...options, weights })
  switch (preparation?.kind) {
    case undefined: return { ...started, model }
    case 'reestimated-statistics': {
      const { signal } = control, onProgress = control.countOf('statistics of the training images')
      return { ...started, model: await reestimateStatistics(model, split.train, { signal, onProgress }) }
    }
    case 'contrastive': {
      const { kind: _, ...settings } = preparation
      const learnt = await trainContrastively(model, removeLabels(split), { ...settings, seed }, {
        signal: control.signal, checkpoint: checkpointIn(control.folder, 'contrastive'),
        onProgress: trainingProgress(control, 'without labels: '),
      })
      if (learnt.stopped === 'cancelled') return null
      return { ...started, model: learnt.model, seconds: learnt.seconds, contrastiveHistory: learnt.history }
    }
  }
}

/**
 * The file of weights pre-trained on fractals. Several runs start from the same file, so it is made once and stays in
 * the cache. Both storage sizes come from the same training: its checkpoint stays, so that the other size trains
 * nothing.
 * @returns null where the pre-training was cancelled
 */
async function fractalWeights(
  { kind: _, bits, ...options }: Extract<NetworkConfig['preparation'], { kind: 'fractals' }>,
  width: NetworkConfig['width'], control: StepControl,
): Promise<string | null> {
  const name = [width, ...Object.values(options), sha256(canonicalJson({ ...options, width })).slice(0, 8)].join('-')
  const cache = inProject('.cache', 'experiments', 'fractals', name)
  const folder = join(cache, `weights-${bits}-bits`), file = join(folder, `${projectWeightsName('fractal', width)}.tensors`)
  return locked(join(cache, 'making.lock'), async () => {
    if (isThere(file)) return file
    const { card } = await pretrainOnFractals({ ...options, width }, {
      signal: control.signal, checkpoint: { folder: join(cache, 'training'), everySteps: 250 },
      onProgress: trainingProgress(control, 'fractals: '),
    }, { folder, kernels: bits === 8 ? 'int8' : 'float16' })
    return card && file
  }, { onBusy: 'wait', purpose: 'learning from the same fractals' })
}
