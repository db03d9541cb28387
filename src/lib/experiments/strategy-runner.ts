/** Carries runs of the comparison out: images, start, training, and one look at the test part. */
import { join } from 'node:path'
import type { Width } from '../model/architecture'
import { predictBaseline } from '../baselines/baselines'
import type { Dataset } from '../data/dataset'
import { evaluate } from '../inference/evaluate'
import { measurePredictions, type Evaluation } from '../evaluation/evaluation'
import { freeze } from '../model/freeze'
import { mostProbable } from '../evaluation/metrics'
import type { Model } from '../model/model'
import { presets, type Preset } from '../training/presets'
import { trainContrastively } from '../training/contrastive/contrastive'
import { removeLabels } from '../training/contrastive/images'
import type { ContrastiveConfig } from '../training/contrastive/config'
import { resnet50 } from '../weights/resnet50'
import type { Split } from '../data/split/split'
import { reestimateStatistics } from '../inference/reestimate-statistics'
import { countParameters } from '../model/parameter-count'
import { train } from '../training/train'
import type { TrainControl } from '../training/config'
import { fitProbe, computeFeatures, type SplitFeatures } from '../training/linear-probe'
import { splitOf } from './plans/four-strategies/plan'
import { featureStages } from '../inference/stage-features'
import {
  runName, type FeatureDepth, type GroupCount, type Strategy, type StrategyResult, type StrategyRun, type TrainingDepth,
} from './plans/four-strategies/strategy-run'

/** How a run is watched, stopped and saved: decides nothing about the numbers. */
export interface RunControl {
  /** What is being done, in words, and how far it is, from 0 to 1; `milestone` where an epoch has ended. */
  onProgress?(note: string, share: number, milestone: boolean): void
  /** Ends the run after the step under way. */
  signal?: AbortSignal
  /** A folder of the run's own to save it in, and to take it up from again. */
  folder?: string
}

/** What a run has found out. */
interface Outcome {
  evaluation: Evaluation
  seconds: number
  trainedParameters: number | null
}

interface Task {
  run: StrategyRun
  split: Split
  control: RunControl
}

/** How networks are made, trained and asked, and how they learn without labels before. Seeds are the runs'. */
export interface StrategyRecipe extends Preset {
  contrastive: ContrastiveConfig
}

/**
 * The same for every network of the comparison. Without labels each epoch shows two views of an image: half the epochs
 * are as many looks, and as much time, as the training after them.
 */
export const strategyRecipe: StrategyRecipe = {
  ...presets.best, contrastive: { epochs: presets.best.train.epochs / 2 },
}

/** Runs on one data set. The latest features are kept, for runs that read other stages of the same ones. */
export class StrategyRunner {
  private features: { name: string; found: SplitFeatures; seconds: number } | null = null
  private readonly ways: Readonly<Record<Strategy, (task: Task) => Promise<Outcome | null>>> = {
    'baseline': task => this.baseline(task),
    'scratch': task => this.fineTuning(task),
    'frozen-features': task => this.frozenFeatures(task),
    'fine-tuning': task => this.fineTuning(task),
    'unsupervised': task => this.unsupervised(task),
  }

  constructor(private readonly dataset: Dataset, private readonly recipe: StrategyRecipe = strategyRecipe) {}

  /**
   * Carries a run out and judges it on its test part.
   * @returns null where the run was cancelled: with a folder, the same run goes on where it was
   * @throws LabError 'unknown-weights' where the project has no weights of that width; whatever `train` throws
   */
  async run(run: StrategyRun, control: RunControl = {}): Promise<StrategyResult | null> {
    if (control.signal?.aborted) return null
    const split = splitOf(this.dataset, run)
    try {
      const outcome = await this.ways[run.strategy]({ run, split, control })
      return outcome && resultOf(run, outcome)
    } catch (fault) {
      if (control.signal?.aborted && fault === control.signal.reason) return null
      throw fault
    }
  }

  private async baseline({ run, split }: Task): Promise<Outcome> {
    const begun = performance.now()
    const predictions = await predictBaseline(run.depth, split)
    return { evaluation: measurePredictions(predictions), seconds: secondsSince(begun), trainedParameters: null }
  }

  private async frozenFeatures(task: Task): Promise<Outcome> {
    const { found, seconds } = await this.featuresFor(task)
    const begun = performance.now()
    const depth = task.run.depth as FeatureDepth
    const probe = fitProbe(found, depth === 'every stage' ? featureStages : [depth])
    const fitted = seconds + secondsSince(begun)
    return { evaluation: probe.test(), seconds: fitted, trainedParameters: probe.trainedParameters }
  }

  private async featuresFor({ run, split, control }: Task): Promise<{ found: SplitFeatures; seconds: number }> {
    const name = runName({ ...run, depth: '' })
    if (this.features?.name === name) return this.features
    const { signal } = control
    const begun = performance.now()
    const told = (what: string) => (done: number, count: number) =>
      control.onProgress?.(what, done / count, done === count)
    const start = await this.start(run, 'fractal')
    const model = run.weights === 'fractal' ? start
      : await reestimateStatistics(start, split.train, { signal, onProgress: told('statistics of the training images') })
    const found = await computeFeatures(model, split, { signal, onProgress: told('features') })
    this.features = { name, found, seconds: secondsSince(begun) }
    return this.features
  }

  private async fineTuning(task: Task): Promise<Outcome | null> {
    const { run } = task
    return this.trained(frozenBefore(await this.start(run, run.weights === 'none' ? 'none' : 'fractal'), run), task, 0)
  }

  private async unsupervised(task: Task): Promise<Outcome | null> {
    const { run, split, control: { folder, signal, onProgress } } = task
    const start = await this.start(run, run.weights === 'contrastive' ? 'none' : 'fractal')
    const config = { ...this.recipe.contrastive, seed: run.seed }
    const learnt = await trainContrastively(start, removeLabels(split), config, {
      signal, checkpoint: checkpointIn(folder, 'contrastive'),
      onProgress: ({ epoch, epochs, step, steps, loss, history }) => onProgress?.(
        `without labels: epoch ${epoch} of ${epochs}, loss ${loss.toFixed(3)}`, (epoch - 1 + step / steps) / epochs,
        history.length === epoch),
    })
    if (learnt.stopped === 'cancelled') return null
    return this.trained(learnt.model, task, learnt.seconds)
  }

  /** @param before seconds that went into the start */
  private async trained(
    start: Model, { run, split, control: { folder, signal, onProgress } }: Task, before: number,
  ): Promise<Outcome | null> {
    const { model, seconds, stopped } = await train(start, split, { ...this.recipe.train, seed: run.seed }, {
      signal, checkpoint: checkpointIn(folder, 'training'),
      onProgress: ({ epoch, epochs, step, steps, loss, history }) => onProgress?.(
        `epoch ${epoch} of ${epochs}, loss ${loss.toFixed(3)}`, (epoch - 1 + step / steps) / epochs,
        history.length === epoch),
    })
    if (stopped === 'cancelled') return null
    const evaluation = await evaluate(model, split.test, this.recipe.predict)
    return { evaluation, seconds: before + seconds, trainedParameters: countParameters(start).trainable }
  }

  private start({ width, seed }: StrategyRun, weights: 'none' | 'fractal'): Promise<Model> {
    return resnet50({ ...this.recipe.model, classes: this.dataset.labels, weights, width: width as Width, seed })
  }
}

function checkpointIn(folder: string | undefined, phase: string): TrainControl['checkpoint'] {
  return folder ? { folder: join(folder, phase), everySteps: 50 } : undefined
}

/** A model whose layers before the run's depth are frozen. */
function frozenBefore(model: Model, { depth }: StrategyRun): Model {
  const last = { head: 'conv5', conv5: 'conv4', conv4: 'conv3', conv3: 'conv2', conv2: 'stem', all: null } as const
  const through = last[depth as TrainingDepth]
  return through ? freeze(model, { through }) : model
}

function resultOf(run: StrategyRun, { evaluation, seconds, trainedParameters }: Outcome): StrategyResult {
  const { accuracy, loss, predictions, perClass } = evaluation
  const row = {
    ...run, accuracy: accuracy.value, loss, auc: perClass[0].auc.value, seconds: Math.round(10 * seconds) / 10,
    trainedParameters,
  }
  return { row, groups: groupCounts(runName(run), predictions) }
}

/** How many images of each group and class were tested, and called what they are. An image without group is its own. */
function groupCounts(run: string, { labels, groups, names, probabilities, classes }: Evaluation['predictions']): GroupCount[] {
  const predicted = mostProbable(probabilities, classes.length)
  const counts = new Map<string, GroupCount>()
  labels.forEach((label, i) => {
    const group = groups[i] ?? names[i], key = JSON.stringify([group, label])
    const { images, correct } = counts.get(key) ?? { images: 0, correct: 0 }
    counts.set(key, { run, group, label, images: images + 1, correct: correct + (predicted[i] === label ? 1 : 0) })
  })
  return [...counts.values()]
}

function secondsSince(begun: number): number {
  return (performance.now() - begun) / 1000
}
