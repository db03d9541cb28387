/** The facts that are saved with a model, collected from the run that made it. */
import { rollup } from 'd3-array'
import type { BaselineRow } from '../../baselines/baselines'
import type { Dataset } from '../../data/dataset'
import { splitRecord } from '../../data/split/split-record'
import type { Part, Split } from '../../data/split/split'
import { describeEngine, engineName } from '../../engine/engine'
import type { Evaluation } from '../../evaluation/evaluation'
import type { Model } from '../../model/model'
import { sha256 } from '../../system/hash'
import { sameTexts } from '../../system/same-texts'
import type { SavedFacts } from '../../weights/saved/saved-facts'
import { hashOfArrays } from '../../weights/saved/seal'
import type { Trained } from '../config'

/** Where a model comes from and how it decides: whatever is known. */
export interface SaveModelOptions {
  /** What `train` returned: configuration, history, duration. */
  record?: Trained
  /** The split that the model was trained on: the data set's name, licence and hash, and the parts' counts. */
  split?: Split
  /** Figures of the model, such as those of the test part. */
  evaluation?: Evaluation
  /** Classifiers without a network on the same test part, as `evaluateBaselines` gives them. */
  baselines?: readonly BaselineRow[]
  /** The class that the test looks for. Default: that of the evaluation or of the data set, if they name one. */
  positive?: string
  /**
   * Images with at least this probability of the positive class are called positive, 0 to 1. Default: none; the
   * likeliest class counts.
   */
  threshold?: number
  /** What the model is for, in a sentence or two, for the model card. */
  about?: string
}

/** The facts, but for the hash of the card that is written from them. */
export function collectFacts(model: Model, options: SaveModelOptions): Omit<SavedFacts, 'card'> {
  const { record, split, evaluation, baselines = [], threshold = null, about = null } = options
  const engine = describeEngine()
  return {
    version: 1, positive: positiveClass(options), threshold,
    saved: new Date().toISOString(), engine: engineName(engine), threads: engine.threads,
    training: record ? trainingFacts(model, record) : null,
    data: split ? dataFacts(split.dataset) : null,
    split: split ? splitFacts(split) : null,
    evaluation: evaluation ? evaluationFacts(evaluation, split) : null,
    baselines: baselines.map(({ baseline, accuracy, low, high }) => ({ baseline, accuracy, low, high })),
    about, weights: hashOfArrays(model.weights),
  }
}

/** The class that the options name as positive, else the evaluation, else the data set; null where nobody has. */
export function positiveClass({ positive, evaluation, split }: SaveModelOptions): string | null {
  return positive ?? evaluation?.positive ?? split?.dataset.positive ?? null
}

function trainingFacts(model: Model, record: Trained): SavedFacts['training'] {
  const { model: trained, config, history, best, stopped, seconds } = record
  return {
    config: { ...config }, history: history.map(epoch => ({ ...epoch })), best: best?.epoch ?? null, stopped, seconds,
    seed: config.seed ?? 0,
    unchanged: trained.weights === model.weights || hashOfArrays(trained.weights) === hashOfArrays(model.weights),
  }
}

function dataFacts(dataset: Dataset): SavedFacts['data'] {
  const { name, title, source, licence, notice, evidence, modality, grouping, contentHash, items } = dataset
  return {
    name, title, source, licence, notice, evidence, modality, grouping, contentHash,
    skipped: dataset.skipped?.length ?? 0, nearDuplicatesSearched: dataset.nearDuplicatesSearched !== false,
    images: countByClass(dataset, items.map((_, index) => index)),
  }
}

function splitFacts(split: Split): SavedFacts['split'] {
  const { protocol, description, seed, warning, purged, train, validation, test } = split
  return {
    protocol, description, seed, warning, leftOut: purged.length,
    train: partFacts(train), validation: partFacts(validation), test: partFacts(test),
    hash: sha256(JSON.stringify(splitRecord(split))),
  }
}

function partFacts({ dataset, indices }: Part): NonNullable<SavedFacts['split']>['train'] {
  const groups = new Set(indices.flatMap(index => dataset.items[index].group ?? []))
  return { images: countByClass(dataset, indices), groups: dataset.grouping === 'none' ? null : groups.size }
}

function countByClass({ items, labels }: Dataset, indices: readonly number[]): Record<string, number> {
  const counts = rollup(indices, found => found.length, index => items[index].label)
  return Object.fromEntries(labels.map((label, k) => [label, counts.get(k) ?? 0]))
}

function evaluationFacts(evaluation: Evaluation, split: Split | undefined): SavedFacts['evaluation'] {
  const { predictions, positive, intervalKind, loss, confusion, perClass } = evaluation
  const { accuracy, balancedAccuracy, precision, sensitivity, specificity, f1, auc } = evaluation
  const ofClasses = positive === null
    ? Object.fromEntries(perClass.map(one => [`sensitivity, ${one.label}`, one.sensitivity])) : {}
  return {
    part: partOf(predictions.names, split), images: predictions.labels.length, positive, intervalKind, loss,
    figures: {
      'accuracy': accuracy, 'balanced accuracy': balancedAccuracy, 'sensitivity': sensitivity, 'specificity': specificity,
      'precision': precision, 'F1': f1, 'area under the ROC curve': auc, ...ofClasses,
    },
    confusion: confusion.map(row => [...row]),
  }
}

/** Which part the judged images form. */
function partOf(names: readonly string[], split: Split | undefined): NonNullable<SavedFacts['evaluation']>['part'] {
  if (!split) return 'another'
  const judged = [...names].sort()
  const isJudged = ({ dataset, indices }: Part) =>
    sameTexts(indices.map(index => dataset.items[index].name).sort(), judged)
  return (['test', 'validation', 'train'] as const).find(part => isJudged(split[part])) ?? 'another'
}
