/** The evaluation of a classifier from its predictions: every number with its interval. */
import { sum } from 'd3-array'
import { oneOf } from '../system/errors'
import { requireKnownKeys } from '../system/options'
import { counted, threeDecimals, withSummary } from '../system/summary'
import { estimator, kindOfInterval } from './estimator'
import { bootstrap, resamplingUnits, type Estimate } from './intervals'
import {
  accuracy, areaUnderRoc, balancedAccuracy, byFallingScore, confusionCounts, countsOf, f1, logLoss, mean, mostProbable,
  precision, rocPoints, sensitivity, specificity, type Confusion, type RocPoint,
} from './metrics'
import { oneAgainstRest, requirePredictions, type Predictions } from './predictions'

/** How well one class is distinguished from all others; without a positive class the means over all classes. */
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

/** All numbers of an evaluation. */
export interface Evaluation extends ClassEstimates {
  predictions: Predictions
  /** The class that precision, sensitivity, specificity, F1 and AUC describe; null: they are means over all classes. */
  positive: string | null
  /** `confusion[truth][predicted]`, in images. */
  confusion: Confusion
  accuracy: Estimate
  balancedAccuracy: Estimate
  /** Mean cross-entropy in nats. */
  loss: number
  /** Of the positive class; empty where `positive` is null: then `perClass` has one for each class. */
  roc: RocPoint[]
  perClass: ClassEvaluation[]
  /** How the intervals were computed, in a sentence for tables and figures. */
  intervalKind: string
}

/** How to evaluate predictions. */
export interface EvaluateOptions {
  /**
   * The class that counts as positive. Default: the one that the data set names; where it names none, no class is
   * positive, and the figures are means over the classes.
   */
  positive?: string
  /** Of the bootstrap. Default 0. */
  seed?: number
}

/** Each class has five: precision, sensitivity, specificity, F1, AUC. */
const scoresAClass = 5

/**
 * Evaluates predictions for two or more classes.
 *
 * Where groups are known (patients, number blocks), intervals come from a bootstrap over groups. Where groups are
 * unknown, proportions have Wilson's interval, and F1, AUC and means a bootstrap over images. Where every resample
 * gives the same value (all images right, or all predicted as one class), the bootstrap tells nothing: a proportion
 * then has Wilson's interval over the groups, and the other numbers have no interval (NaN). A number that is not
 * defined is NaN: the sensitivity of a class without images, for instance, and the AUC of a class that all or no
 * images have.
 * @throws LabError 'bad-argument' if `positive` is not one of the classes, or for predictions that are no probabilities
 * @example show(measurePredictions(predictions, { positive: ct.labels[0] }))
 */
export function measurePredictions(predictions: Predictions, options: EvaluateOptions = {}): Evaluation {
  requireKnownKeys('measurePredictions', options, { positive: true, seed: true })
  requirePredictions(predictions)
  const { classes, labels, probabilities } = predictions
  const positive = positiveClass(classes, options.positive ?? predictions.positive)
  const { predicted, confusion, roc, values } = measures(predictions)
  const units = resamplingUnits(predictions.groups, labels)
  const estimate = estimator(predictions, units, values(), bootstrap(units, values, { seed: options.seed }))

  /** Five scores, the first of them the n-th value: of class k, or without k the means over classes. */
  const scores = (n: number, k?: number): ClassEstimates => ({
    precision: estimate(n, k === undefined ? undefined : image => predicted[image] === k),
    sensitivity: estimate(n + 1, k === undefined ? undefined : image => labels[image] === k),
    specificity: estimate(n + 2, k === undefined ? undefined : image => labels[image] !== k),
    f1: estimate(n + 3),
    auc: estimate(n + 4),
  })
  const perClass = classes.map((label, k) => ({
    label,
    count: sum(confusion[k]),
    ...scores(2 + k * scoresAClass, k),
    roc: roc(k),
  }))
  const { precision, sensitivity, specificity, f1, auc } =
    positive === null ? scores(2 + classes.length * scoresAClass) : perClass[positive]
  return summarized({
    predictions, confusion, perClass, precision, sensitivity, specificity, f1, auc,
    positive: positive === null ? null : classes[positive],
    accuracy: estimate(0, () => true),
    balancedAccuracy: estimate(1),
    loss: logLoss(labels, probabilities, classes.length),
    roc: positive === null ? [] : perClass[positive].roc,
    intervalKind: kindOfInterval(predictions, units),
  })
}

function summarized(evaluation: Evaluation): Evaluation {
  return withSummary(evaluation, ({ predictions, positive, accuracy, auc, intervalKind }) => {
    const words = ({ value, low, high }: Estimate) => `${threeDecimals(value)} (${threeDecimals(low)} to ${threeDecimals(high)})`
    return `Evaluation of ${counted(predictions.labels.length, 'image')}, `
      + `${positive === null ? 'no class named as positive' : `positive: ${positive}`}\n`
      + `Accuracy ${words(accuracy)}, area under the ROC curve ${words(auc)}\n${intervalKind}`
  }, 'show(x)')
}

/** The values of an evaluation as functions of weights: how often each image counts in a resample. */
function measures(predictions: Predictions) {
  const { classes, labels, probabilities } = predictions
  const predicted = mostProbable(probabilities, classes.length)
  const binary = classes.map(label => {
    const truthAndScores = oneAgainstRest(predictions, label)
    return { ...truthAndScores, order: byFallingScore(truthAndScores.scores) }
  })
  const confusionOf = (weights?: ArrayLike<number>) => confusionCounts(labels, predicted, classes.length, weights)
  const roc = (k: number) => rocPoints(binary[k].positives, binary[k].scores, undefined, binary[k].order)
  const area = (k: number, weights?: ArrayLike<number>) =>
    areaUnderRoc(binary[k].positives, binary[k].scores, weights, binary[k].order)

  /** Accuracy, balanced accuracy, the scores of each class, the means of the scores over classes. */
  const values = (weights?: ArrayLike<number>): number[] => {
    const confusion = confusionOf(weights)
    const perClass = classes.map((_, k) => {
      const counts = countsOf(confusion, k)
      return [precision(counts), sensitivity(counts), specificity(counts), f1(counts), area(k, weights)]
    })
    const means = Array.from({ length: scoresAClass }, (_, score) => mean(perClass.map(scores => scores[score])))
    return [accuracy(confusion), balancedAccuracy(confusion), ...perClass.flat(), ...means]
  }
  return { predicted, confusion: confusionOf(), roc, values }
}

function positiveClass(classes: readonly string[], positive: string | undefined): number | null {
  if (positive === undefined) return null
  const index = classes.indexOf(positive)
  if (index >= 0) return index
  throw oneOf('positive', positive, classes)
}
