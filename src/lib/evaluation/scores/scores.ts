/** Every score of a classifier in one object, without intervals. */
import { oneOf } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { cohenKappa, matthews } from './agreement'
import { averages, averageScores, countScores, type Average, type CountScores } from './averages'
import {
  accuracy, balancedAccuracy, brierOverClasses, confusionCounts, countsOf, logLoss, mostProbable, type Confusion,
} from '../metrics'
import { aucOneVsOne, aucOneVsRest, areasOneVsRest } from './multiclass-auc'
import { averagePrecision, precisionRecallPoints } from './precision-recall'
import { oneAgainstRest, requirePredictions, type Predictions } from '../predictions'

/** The scores of one class against all others. */
export interface ClassScores extends CountScores {
  label: string
  /** Images of this class. */
  images: number
  /** Area under the ROC curve. */
  auc: number
  averagePrecision: number
}

/** The scores of all classes as one figure. */
export interface AveragedScores extends CountScores {
  /** Each class against the rest. */
  auc: number
}

/** Every score. What is not defined (precision where nobody is called positive, for instance) is NaN. */
export interface Scores {
  images: number
  /** `confusion[truth][predicted]`, in images. */
  confusion: Confusion
  accuracy: number
  balancedAccuracy: number
  /** Matthews' correlation coefficient, −1 to 1; 0 is chance. */
  matthews: number
  /** Cohen's κ; 0 is chance. */
  kappa: number
  /** Half the squared distance between probabilities and truth, 0 to 1; of two classes the usual Brier score. */
  brier: number
  /** In nats. */
  logLoss: number
  /** One row a class, in the order of the classes. */
  perClass: ClassScores[]
  /** The row of the positive class; null where no class is named. */
  positive: ClassScores | null
  micro: AveragedScores
  macro: AveragedScores
  weighted: AveragedScores
  /** Mean area over the pairs of classes (Hand and Till 2001); `weighted` by the images of each pair. */
  oneVsOne: { macro: number; weighted: number }
}

/**
 * Every score of a classifier that calls an image the likeliest class, for two or more classes, to the values of
 * scikit-learn. `measurePredictions` gives the usual ones with intervals; `statistics.estimate` gives any with one.
 * @param options.positive the class that the test looks for. Default: the one that the predictions name, else none
 * @throws LabError 'bad-argument' if `positive` is not one of the classes, or for predictions that are no probabilities
 * @example statistics.scorePredictions(predictions).matthews
 */
export function scorePredictions(predictions: Predictions, options: { positive?: string } = {}): Scores {
  requireKnownKeys('scorePredictions', options, { positive: true })
  requirePredictions(predictions)
  const { classes, labels, probabilities } = predictions
  const positive = options.positive ?? predictions.positive
  if (positive !== undefined && !classes.includes(positive)) throw oneOf('positive', positive, classes)
  const confusion = confusionCounts(labels, mostProbable(probabilities, classes.length), classes.length)
  const input = { truth: labels, probabilities, classes: classes.length }
  const areas = areasOneVsRest(input)
  const perClass = classes.map((label, k) => {
    const counts = countsOf(confusion, k), { positives, scores } = oneAgainstRest(predictions, label)
    return {
      label, images: counts.truePositives + counts.falseNegatives, ...countScores(counts), auc: areas[k],
      averagePrecision: averagePrecision(precisionRecallPoints(positives, scores)),
    }
  })
  const averaged = (average: Average): AveragedScores =>
    ({ ...averageScores(confusion, average), auc: aucOneVsRest(input, average) })
  const [micro, macro, weighted] = averages.map(averaged)
  return {
    images: labels.length, confusion, accuracy: accuracy(confusion), balancedAccuracy: balancedAccuracy(confusion),
    matthews: matthews(confusion), kappa: cohenKappa(confusion),
    brier: brierOverClasses(labels, probabilities, classes.length),
    logLoss: logLoss(labels, probabilities, classes.length),
    perClass, positive: perClass.find(one => one.label === positive) ?? null, micro, macro, weighted,
    oneVsOne: { macro: aucOneVsOne(input, 'macro'), weighted: aucOneVsOne(input, 'weighted') },
  }
}
