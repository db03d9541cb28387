/** The experiment of a run of the comparison of strategies, and the rows of its results. */
import { mostProbable } from '../../../evaluation/metrics'
import type { Predictions } from '../../../evaluation/predictions'
import { featureStages } from '../../../inference/stage-features'
import type { Stage } from '../../../model/architecture'
import type { ContrastiveConfig } from '../../../training/contrastive/config'
import { presets, type Preset } from '../../../training/presets'
import { completeExperiment, type ExperimentConfig, type ExperimentSettings } from '../../config'
import type { FinishedRun } from '../../run-folder'
import { runName, type GroupCount, type StartWeights, type StrategyResult, type StrategyRun } from './strategy-run'

/** The number of folds of number blocks; each is one run. */
export const foldCount = 5

/** The validation part's share of the images that a run does not test. */
const validation = 0.1

/** How networks are made, pre-trained without labels, trained and evaluated. The runs add the seeds. */
export interface StrategyRecipe extends Preset {
  contrastive: Omit<ContrastiveConfig, 'seed'>
}

/**
 * The settings of every network in the comparison. An epoch of contrastive training shows two views of each image, so
 * half as many epochs take as much time as the training that follows.
 */
const strategyRecipe: StrategyRecipe = { ...presets.best, contrastive: { epochs: presets.best.train.epochs / 2 } }

/** What the runs of a comparison share. */
export interface StrategySetting {
  data: ExperimentSettings['data']
  recipe?: StrategyRecipe
  /** The list of runs whose split is 'listed'. */
  list?: string
}

/** The experiment of a run. */
export function strategyConfig(
  run: StrategyRun, { data, recipe = strategyRecipe, list }: StrategySetting,
): ExperimentConfig {
  const shared = { data, split: splitSettings(run, list), seed: run.seed }
  if (run.strategy === 'baseline')
    return completeExperiment({ ...shared, model: { kind: 'baseline', name: run.depth } })
  const model = {
    ...recipe.model, kind: 'resnet50', width: run.width,
    weights: startOf(run.weights),
    preparation: run.weights === 'fractal-reestimated' ? { kind: 'reestimated-statistics' }
      : run.strategy === 'unsupervised' ? { kind: 'contrastive', ...recipe.contrastive } : null,
  }
  if (run.strategy === 'frozen-features')
    return completeExperiment({ ...shared, model, linearProbe: { stages: stagesOf(run) } })
  return completeExperiment({
    ...shared, model, freezing: run.depth, training: recipe.train, evaluation: recipe.predict,
  })
}

/** The weights before any preparation. */
function startOf(weights: StartWeights) {
  if (weights === 'none' || weights === 'contrastive') return 'none'
  return weights === 'fractal-reestimated' || weights === 'fractal-contrastive' ? 'fractal' : weights
}

/**
 * Random: a fifth is tested, dealt by the run's seed. Blocks: a fifth of the groups, always in the same five folds.
 * Listed and given: the test part is the authors'. A tenth of the rest validates, but for given parts with validation.
 */
function splitSettings({ split, fold, seed }: StrategyRun, list?: string): ExperimentSettings['split'] {
  const test = 1 / foldCount
  switch (split) {
    case 'random': return { kind: 'random', test, validation: (1 - test) * validation, seed }
    case 'blocks': return { kind: 'folds', by: 'group', fold: fold!, folds: foldCount, validation, seed: 42 }
    case 'listed': return { kind: 'listed', list: list!, validation, seed: 42 }
    case 'given': return { kind: 'given' }
  }
}

function stagesOf({ depth }: StrategyRun): readonly Stage[] {
  return depth === 'every stage' ? featureStages : [depth as Stage]
}

/** The rows of a finished run. */
export function strategyResult(run: StrategyRun, { evaluation, metrics }: FinishedRun): StrategyResult {
  const { accuracy, loss, auc, predictions } = evaluation
  const row = {
    ...run, accuracy: accuracy.value, loss, auc: auc.value, seconds: Math.round(10 * metrics.seconds) / 10,
    trainedParameters: metrics.trainedParameters,
  }
  return { row, groups: groupCounts(runName(run), predictions) }
}

/** Counts tested and correctly classified images by group and class. An image without a group is a group by itself. */
function groupCounts(run: string, { labels, groups, names, probabilities, classes }: Predictions): GroupCount[] {
  const predicted = mostProbable(probabilities, classes.length)
  const counts = new Map<string, GroupCount>()
  labels.forEach((label, i) => {
    const group = groups[i] ?? names[i], key = JSON.stringify([group, label])
    const { images, correct } = counts.get(key) ?? { images: 0, correct: 0 }
    counts.set(key, { run, group, label, images: images + 1, correct: correct + (predicted[i] === label ? 1 : 0) })
  })
  return [...counts.values()]
}
