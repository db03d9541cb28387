/** Networks trained anew on what an arm shows: what a whole training makes of a shortcut or of leakage. */
import { coverImages } from '../data/covered'
import type { Dataset } from '../data/dataset'
import { countWithoutGroup } from '../data/groups'
import type { LungMasks } from '../data/lung-masks'
import { relabelByGroup } from '../data/relabel'
import type { Part, Split } from '../data/split/split'
import { predictionsOf } from '../evaluation/predictions'
import { predict } from '../inference/predict'
import type { Model } from '../model/model'
import { requireInRange } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import type { TrainConfig } from '../training/config'
import { train } from '../training/train'
import { selectRows } from './arm-features'
import type { PlannedArms } from './arm-plan'
import type { ArmSplits } from './arm-splits'
import type { FoldControl } from './out-of-fold'
import { scoreArm, type Arm, type ScoredArm } from './scored-arm'

/** A network that is trained anew for each input and each fold. */
export interface RetrainOptions {
  /** The start of every training; its images' size is that of the training. */
  network: Model
  config: TrainConfig
  /** How many folds of each kind are trained, 1 or more: fewer than there are judge fewer images. Default 1. */
  folds?: number
}

/** What is trained anew: an input on some folds, with the true labels or with made-up ones. */
export interface Retraining extends Pick<Arm, 'question' | 'input' | 'labels'> {
  split: ArmSplits
}

/** The name of these arms' classifier. */
export const retrainedName = 'network, trained anew'

/** @throws LabError 'bad-argument' for an unknown option or a number of folds outside its range */
export function checkRetraining(options: RetrainOptions | undefined): void {
  if (options === undefined) return
  requireKnownKeys('retrain', options, { network: true, config: true, folds: true })
  requireInRange('retrain.folds', options.folds ?? 1, { low: 1, high: 5, whole: true })
}

/**
 * The trainings of some rounds: each input but the files' facts once for each kind of split, and made-up labels on
 * random folds where the group of every image is known.
 */
export function planRetraining(
  dataset: Dataset, rounds: readonly (PlannedArms & { split: ArmSplits })[], shuffled: ArmSplits | string,
): Retraining[] {
  const shown = rounds.filter(({ input }) => input !== 'no pixels')
  const first = shown.filter(({ input, split }, i) =>
    shown.findIndex(other => other.input === input && other.split.split === split.split) === i)
  const canShuffle = typeof shuffled !== 'string' && dataset.grouping !== 'none' && countWithoutGroup(dataset) === 0
  return [
    ...first.map(({ question, input, split }) => ({ question, input, labels: 'true' as const, split })),
    ...(canShuffle ? [{
      question: 'shuffled labels' as const, input: 'whole image' as const, labels: 'shuffled by group' as const,
      split: shuffled,
    }] : []),
  ]
}

/** Trains and scores. @throws as `train` does; the signal's reason when the signal fires */
export async function scoreRetrained(
  dataset: Dataset, planned: readonly Retraining[], masks: LungMasks | null, seed: number,
  { network, config, folds = 1 }: RetrainOptions, { signal, onFit }: FoldControl = {},
): Promise<ScoredArm[]> {
  const arms: ScoredArm[] = []
  for (const { question, input, labels, split } of planned) {
    const named = labels === 'true' ? dataset : relabelByGroup(dataset, seed)
    const covered = input === 'whole image' || input === 'no pixels' ? named : await coverImages(named, input, masks)
    const position = new Map(covered.items.map(({ name }, i) => [name, i]))
    const probabilities = new Float32Array(covered.items.length * covered.labels.length), tested: number[] = []
    for (const fold of split.folds.slice(0, folds)) {
      const parts = partsOf(fold, covered, index => position.get(named.items[index].name))
      const { model } = await train(network, parts, config, { signal })
      signal?.throwIfAborted()
      const found = await predict(model, parts.test)
      parts.test.indices.forEach((index, i) => probabilities.set(
        found.probabilities.subarray(i * covered.labels.length, (i + 1) * covered.labels.length),
        index * covered.labels.length))
      tested.push(...parts.test.indices)
      onFit?.()
    }
    const indices = tested.sort((a, b) => a - b)
    const table = { count: covered.items.length, dimensions: covered.labels.length }
    const predictions = predictionsOf({ dataset: covered, role: 'test', indices },
      selectRows({ ...table, values: probabilities }, indices).values)
    arms.push(scoreArm({ question, input, labels, classifier: retrainedName, split: split.split }, predictions,
      Math.min(folds, split.folds.length)))
  }
  return arms
}

/** A fold's parts in a set that lacks some of the images. */
function partsOf(fold: Split, dataset: Dataset, positionOf: (index: number) => number | undefined): Split {
  const part = ({ role, indices }: Part): Part =>
    ({ role, dataset, indices: indices.flatMap(index => positionOf(index) ?? []) })
  return { ...fold, dataset, train: part(fold.train), validation: part(fold.validation), test: part(fold.test) }
}
