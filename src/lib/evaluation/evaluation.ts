/** What is known about a classifier from its predictions: every number with its interval. */
import { oneOf } from '../system/errors'
import { bootstrap, resamplingUnits, wilson, type Estimate, type Interval, type Units } from './intervals'
import {
  accuracy, areaUnder, balancedAccuracy, byFallingScore, confusionCounts, countsOf, f1, logLoss, mean, mostProbable,
  precision, rocPoints, sensitivity, specificity, type Confusion, type RocPoint,
} from './metrics'
import { oneAgainstRest, type Predictions } from './predictions'

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

/** Precision, sensitivity, specificity, F1, AUC: so many numbers a class. */
const scoresAClass = 5

/**
 * Judges predictions, for two or more classes.
 *
 * Where groups are known (patients, number blocks) intervals are bootstraps over groups; where
 * they are not, proportions have Wilson's interval and F1, AUC and means a bootstrap over images. Where every
 * resample gives the same (all right, or all called one class) the bootstrap says nothing: a proportion then
 * has Wilson's interval over the groups, the others have none (NaN).
 * @throws LabError 'bad-argument' if `positive` is no class
 */
export function measurePredictions(predictions: Predictions, options: EvaluateOptions = {}): Evaluation {
  const { classes, labels, probabilities } = predictions
  const positive = positiveClass(classes, options.positive)
  const { predicted, confusion, roc, values } = measures(predictions)
  const units = resamplingUnits(predictions.groups, labels)
  const estimate = estimator(predictions, units, values(), bootstrap(units, values, { seed: options.seed }))

  /** The five scores from the n-th on: of class k, or, without one, means over classes. */
  const scores = (n: number, k?: number): ClassEstimates => ({
    precision: estimate(n, k === undefined ? undefined : image => predicted[image] === k),
    sensitivity: estimate(n + 1, k === undefined ? undefined : image => labels[image] === k),
    specificity: estimate(n + 2, k === undefined ? undefined : image => labels[image] !== k),
    f1: estimate(n + 3),
    auc: estimate(n + 4),
  })
  const perClass = classes.map((label, k) => ({
    label,
    count: confusion[k].reduce((sum, count) => sum + count, 0),
    ...scores(2 + k * scoresAClass, k),
    roc: roc(k),
  }))
  const { precision, sensitivity, specificity, f1, auc } =
    positive === null ? scores(2 + classes.length * scoresAClass) : perClass[positive]
  return {
    predictions, confusion, perClass, precision, sensitivity, specificity, f1, auc,
    positive: positive === null ? null : classes[positive],
    accuracy: estimate(0, () => true),
    balancedAccuracy: estimate(1),
    loss: logLoss(labels, probabilities, classes.length),
    roc: positive === null ? [] : perClass[positive].roc,
    intervalKind: kindOfInterval(predictions, units),
  }
}

/** What is computed from predictions, for all images or for a resample of them. */
function measures(predictions: Predictions) {
  const { classes, labels, probabilities } = predictions
  const predicted = mostProbable(probabilities, classes.length)
  const sides = classes.map(label => {
    const side = oneAgainstRest(predictions, label)
    return { ...side, order: byFallingScore(side.scores) }
  })
  const confusionOf = (weights?: ArrayLike<number>) => confusionCounts(labels, predicted, classes.length, weights)
  const roc = (k: number, weights?: ArrayLike<number>) =>
    rocPoints(sides[k].positives, sides[k].scores, weights, sides[k].order)

  /** Accuracy, balanced accuracy, the scores of each class, the scores' means. */
  const values = (weights?: ArrayLike<number>): number[] => {
    const confusion = confusionOf(weights)
    const perClass = classes.map((_, k) => {
      const counts = countsOf(confusion, k)
      return [precision(counts), sensitivity(counts), specificity(counts), f1(counts), areaUnder(roc(k, weights))]
    })
    const means = Array.from({ length: scoresAClass }, (_, score) => mean(perClass.map(scores => scores[score])))
    return [accuracy(confusion), balancedAccuracy(confusion), ...perClass.flat(), ...means]
  }
  return { predicted, confusion: confusionOf(), roc, values }
}

/** Which images a proportion counts: those called positive for precision, say. */
type Trials = (image: number) => boolean

/** Gives the n-th value its interval; `trials` only where the value is a proportion. */
function estimator(
  { grouping, labels }: Predictions, units: Units, values: readonly number[], drawn: readonly Interval[],
): (n: number, trials?: Trials) => Estimate {
  return (n, trials) => {
    const value = values[n], resampled = drawn[n]
    if (trials && grouping === 'none') return { value, ...proportion(value, labels.length, trials) }
    if (resampled.low < resampled.high) return { value, ...resampled }
    return { value, ...(trials ? proportionOfGroups(value, units, trials) : { low: NaN, high: NaN }) }
  }
}

function positiveClass(classes: readonly string[], positive: string | undefined): number | null {
  if (positive === undefined) return classes.length === 2 ? 0 : null
  const found = classes.indexOf(positive)
  if (found >= 0) return found
  throw oneOf('positive', positive, classes)
}

function proportion(value: number, images: number, trials: Trials): Interval {
  let count = 0
  for (let image = 0; image < images; image++) if (trials(image)) count++
  return wilson(value * count, count)
}

/** A group counts as one trial: rather too wide, since a group's images are not all the same. */
function proportionOfGroups(value: number, units: Units, trials: Trials): Interval {
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
