/** What is known about a classifier from its predictions: every number with its interval. */
import { LabError } from './errors'
import { bootstrap, unitsOf, wilson, type Estimate, type Interval, type Units } from './intervals'
import {
  accuracy, areaUnder, balancedAccuracy, byFallingScore, confusionCounts, countsOf, f1, logLoss, mean, mostProbable,
  precision, rocPoints, sensitivity, specificity, type Confusion, type RocPoint,
} from './metrics'
import type { Predictions } from './predict'

/** How one class is told from all others (or, for several classes, the mean of that over the classes). */
export interface ClassEstimates {
  precision: Estimate
  sensitivity: Estimate
  specificity: Estimate
  f1: Estimate
  auc: Estimate
}

/** One class against the rest. */
export interface ClassEvaluation extends ClassEstimates {
  label: string
  /** Images of this class. */
  count: number
  roc: RocPoint[]
}

/** Everything that is known from one part's predictions. */
export interface Evaluation extends ClassEstimates {
  predictions: Predictions
  /** The class whose precision, sensitivity, specificity, F1 and AUC stand here; null: means over all classes. */
  positive: string | null
  /** `confusion[truth][predicted]`, in images. */
  confusion: Confusion
  accuracy: Estimate
  balancedAccuracy: Estimate
  /** Mean cross-entropy in nats. */
  loss: number
  /** The positive class's; empty where `positive` is null (then each class has its own). */
  roc: RocPoint[]
  perClass: ClassEvaluation[]
  /** What the intervals are, in a sentence for tables and figures. */
  intervalKind: string
}

/** What to evaluate, and how. */
export interface EvaluateOptions {
  /** The class that counts as positive. Default: the first of two classes, none of more. */
  positive?: string
  /** Of the bootstrap; default 0. */
  seed?: number
}

const scores = ['precision', 'sensitivity', 'specificity', 'f1', 'auc'] as const

/**
 * Judges predictions, for two or more classes.
 *
 * Where groups are known (patients, number blocks) intervals are bootstraps over groups; where
 * they are not, proportions have Wilson's interval and F1, AUC and means a bootstrap over images. Where every
 * resample gives the same (all right, or all called one class) the bootstrap says nothing: a proportion then
 * has Wilson's interval over the groups, the others have none (NaN).
 * @throws LabError 'bad-argument' if `positive` is no class
 */
export function evaluatePredictions(predictions: Predictions, options: EvaluateOptions = {}): Evaluation {
  const { classes, labels, probabilities } = predictions
  const positive = positiveClass(classes, options.positive)
  const predicted = mostProbable(probabilities, classes.length)
  const confusion = confusionCounts(labels, predicted, classes.length)
  const oneAgainstRest = classes.map((_, k) => {
    const classScores = Float32Array.from(labels, (_label, i) => probabilities[i * classes.length + k])
    const positives = Uint8Array.from(labels, label => (label === k ? 1 : 0))
    return { positives, classScores, order: byFallingScore(classScores) }
  })
  const roc = (k: number, weights?: ArrayLike<number>) => {
    const { positives, classScores, order } = oneAgainstRest[k]
    return rocPoints(positives, classScores, weights, order)
  }

  /** Accuracy, balanced accuracy, five scores a class, the five scores' means. */
  const measure = (counted: Confusion, weights?: ArrayLike<number>): number[] => {
    const perClass = classes.map((_, k) => {
      const counts = countsOf(counted, k)
      return [precision(counts), sensitivity(counts), specificity(counts), f1(counts), areaUnder(roc(k, weights))]
    })
    const means = scores.map((_, s) => mean(perClass.map(values => values[s])))
    return [accuracy(counted), balancedAccuracy(counted), ...perClass.flat(), ...means]
  }

  const units = unitsOf(predictions.groups, labels)
  const values = measure(confusion)
  const drawn = bootstrap(units, weights =>
    measure(confusionCounts(labels, predicted, classes.length, weights), weights), { seed: options.seed })
  const grouped = predictions.grouping !== 'none'

  /** The n-th measure; `trials` says which images it is a proportion of, where it is one. */
  const estimate = (n: number, trials?: (image: number) => boolean): Estimate => {
    const value = values[n], resampled = drawn[n]
    if (trials && !grouped) return { value, ...proportion(value, labels.length, trials) }
    if (resampled.low < resampled.high) return { value, ...resampled }
    return { value, ...(trials ? proportionOfGroups(value, units, trials) : { low: NaN, high: NaN }) }
  }
  const estimates = (first: number, k?: number): ClassEstimates => ({
    precision: estimate(first, k === undefined ? undefined : i => predicted[i] === k),
    sensitivity: estimate(first + 1, k === undefined ? undefined : i => labels[i] === k),
    specificity: estimate(first + 2, k === undefined ? undefined : i => labels[i] !== k),
    f1: estimate(first + 3),
    auc: estimate(first + 4),
  })
  const perClass = classes.map((label, k) => ({
    label,
    count: labels.reduce((count, truth) => count + (truth === k ? 1 : 0), 0),
    ...estimates(2 + k * scores.length, k),
    roc: roc(k),
  }))
  const chosen = positive === null ? estimates(2 + classes.length * scores.length) : perClass[positive]
  return {
    predictions,
    positive: positive === null ? null : classes[positive],
    confusion,
    accuracy: estimate(0, () => true),
    balancedAccuracy: estimate(1),
    loss: logLoss(labels, probabilities, classes.length),
    precision: chosen.precision,
    sensitivity: chosen.sensitivity,
    specificity: chosen.specificity,
    f1: chosen.f1,
    auc: chosen.auc,
    roc: positive === null ? [] : perClass[positive].roc,
    perClass,
    intervalKind: kindOfInterval(predictions, units),
  }
}

function positiveClass(classes: readonly string[], positive: string | undefined): number | null {
  if (positive === undefined) return classes.length === 2 ? 0 : null
  const found = classes.indexOf(positive)
  if (found >= 0) return found
  throw new LabError('bad-argument', {
    expected: `a positive class, one of ${classes.join(', ')}`,
    received: positive,
    remedy: 'Write it as the data set does',
  })
}

function proportion(value: number, images: number, trials: (image: number) => boolean): Interval {
  let count = 0
  for (let image = 0; image < images; image++) if (trials(image)) count++
  return wilson(value * count, count)
}

/** A group counts as one trial: rather too wide, since a group's images are not all the same. */
function proportionOfGroups(value: number, units: Units, trials: (image: number) => boolean): Interval {
  const count = units.groups.filter(group => group.some(trials)).length
  return wilson(value * count, count)
}

function kindOfInterval({ grouping, labels }: Predictions, units: Units): string {
  if (grouping === 'none')
    return `95 % intervals as if each of the ${labels.length} images came from another patient: too narrow if not`
  const groups = units.groups.length
  const few = groups < 8 ? `; with so few, rather too narrow` : ''
  return `95 % intervals by bootstrap over ${groups} ${grouping}${groups === 1 ? '' : 's'}${few}`
}
