/** Runs the reference notebook's protocol. */
import { predictBaseline } from '../baselines/baselines'
import type { Dataset } from '../data/dataset'
import { describeEngine, engineName } from '../engine/engine'
import { measurePredictions } from '../evaluation/evaluation'
import { evaluate } from '../inference/evaluate'
import { referenceConfig, referenceSplit } from '../papers/reference-notebook'
import type { ReferenceRow } from './plans/reference-notebook/row'
import type { TrainControl, Trained } from '../training/config'
import { train } from '../training/train'
import { resnet50 } from '../weights/resnet50'
import type { Width } from '../model/architecture'

/** What distinguishes one run of the protocol from another. */
export interface ReferenceRun {
  weights: 'none' | 'fractal'
  width: Width
  /** 50 in the notebook. */
  epochs: number
  /** Names start weights, order and augmentation. The split keeps the notebook's own seed, 42. */
  seed: number
}

/**
 * Runs the protocol once.
 * @param control as in `train`; with a checkpoint folder the run goes on where it was left
 * @returns the run's line, or null when it was cancelled
 * @throws LabError 'unknown-weights' where the start weights do not exist in that width
 */
export async function runReference(
  dataset: Dataset, run: ReferenceRun, control: TrainControl = {},
): Promise<ReferenceRow | null> {
  const { weights, width, epochs, seed } = run
  const split = referenceSplit(dataset)
  const start = await resnet50({ weights, width, classes: dataset.labels, size: 64, head: 'reference', seed })
  const trained = await train(start, split, referenceConfig(run), control)
  if (trained.stopped === 'cancelled') return null
  const { auc } = await evaluate(trained.model, split.test, { positive: dataset.labels[0] })
  const neighbour = measurePredictions(await predictBaseline('pixels, one nearest neighbour', split))
  const engine = describeEngine()
  return {
    start: weights === 'none' ? 'random' : weights, width, epochs, ...figuresOf(trained), auc: rounded(auc.value),
    minutes: Math.round(trained.seconds / 6) / 10, engine: engineName(engine), threads: engine.threads, seed,
    nearestNeighbour: rounded(neighbour.accuracy.value),
  }
}

function figuresOf({ history }: Trained) {
  const last = history[history.length - 1]
  return {
    accuracy: rounded(last.validationAccuracy),
    loss: rounded(last.validationLoss),
    highestAccuracy: rounded(Math.max(...history.map(epoch => epoch.validationAccuracy))),
    lowestLoss: rounded(Math.min(...history.map(epoch => epoch.validationLoss))),
  }
}

/** Four digits, as published. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4
}
