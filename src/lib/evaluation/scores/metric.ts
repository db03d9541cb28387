/** Metrics by name, as functions of how often each image counts: what intervals and comparisons compute. */
import { oneOf, requireOneOf } from '../../system/errors'
import type { Trials } from '../estimator'
import {
  accuracy, areaUnderRoc, balancedAccuracy, brierOverClasses, byFallingScore, confusionCounts, countsOf, logLoss, mean,
  mostProbable, type Confusion,
} from '../metrics'
import { classAgainstRest, requirePredictions, type Predictions } from '../predictions'
import { cohenKappa, matthews } from './agreement'
import { countScores, type CountScores } from './averages'
import { aucOneVsOne } from './multiclass-auc'
import { averagePrecision, precisionRecallPoints } from './precision-recall'

/** Metrics of one class against the rest; without a positive class they are means over the classes. */
export const classMetrics = [
  'precision', 'sensitivity', 'specificity', 'negativePredictiveValue', 'f1', 'auc', 'averagePrecision',
] as const

/** All metrics. The lower `brier` and `logLoss` are, the better; of the rest the higher. */
export const metricNames = [
  'accuracy', 'balancedAccuracy', 'matthews', 'kappa', 'brier', 'logLoss', 'oneVsOneAuc', ...classMetrics,
] as const

/** Metrics that depend on the order of scores only. */
export const rankMetrics: readonly MetricName[] = ['auc', 'averagePrecision', 'oneVsOneAuc']

/** A metric's name: those of `statistics.scorePredictions`, and 'oneVsOneAuc', the mean area over pairs of classes. */
export type MetricName = (typeof metricNames)[number]

/** The class that a metric describes: null for those of all classes, whatever class the test looks for. */
export function describedClass(name: MetricName, positive: string | null): string | null {
  return (classMetrics as readonly string[]).includes(name) ? positive : null
}

/** One metric of predictions. */
export interface Metric {
  /** @param weights how often each image counts. Default: once */
  value(weights?: ArrayLike<number>): number
  /** Which images a proportion counts; absent for what is no proportion. */
  trials?: Trials
}

/**
 * Prepares a metric, so that each resample costs little.
 * @param positive the class that class metrics describe; null: they are means over the classes
 * @throws LabError 'bad-argument' for a metric or a class that is none, or for predictions that are no probabilities
 */
export function prepareMetric(predictions: Predictions, name: MetricName, positive: string | null): Metric {
  requireOneOf('metric', name, metricNames)
  requirePredictions(predictions)
  return metricOf(predictions, name, positive)
}

/** As {@link prepareMetric}, for checked predictions. Where only the order counts, `probabilities` may be ranks. */
export function metricOf(predictions: Predictions, name: MetricName, positive: string | null): Metric {
  const { labels: truth, probabilities, classes: { length: classes } } = predictions
  const k = positiveIndex(predictions, positive)
  const called = mostProbable(probabilities, classes)
  const confusion = (weights?: ArrayLike<number>) => confusionCounts(truth, called, classes, weights)
  const ofConfusion = (score: (confusion: Confusion) => number, trials?: Trials): Metric =>
    ({ value: weights => score(confusion(weights)), trials })
  const ofClass = (score: (confusion: Confusion, label: number) => number, trials: (label: number) => Trials): Metric =>
    k === null ? ofConfusion(matrix => mean(matrix.map((_, label) => score(matrix, label))))
      : ofConfusion(matrix => score(matrix, k), trials(k))
  const share = (score: keyof CountScores) =>
    (matrix: Confusion, label: number) => countScores(countsOf(matrix, label))[score]
  switch (name) {
    case 'accuracy': return ofConfusion(accuracy, () => true)
    case 'balancedAccuracy': return ofConfusion(balancedAccuracy)
    case 'matthews': return ofConfusion(matthews)
    case 'kappa': return ofConfusion(matrix => cohenKappa(matrix))
    case 'brier': return { value: weights => brierOverClasses(truth, probabilities, classes, weights) }
    case 'logLoss': return { value: weights => logLoss(truth, probabilities, classes, weights) }
    case 'oneVsOneAuc': return { value: weights => aucOneVsOne({ truth, probabilities, classes, weights }, 'macro') }
    case 'precision': return ofClass(share(name), label => i => called[i] === label)
    case 'sensitivity': return ofClass(share(name), label => i => truth[i] === label)
    case 'specificity': return ofClass(share(name), label => i => truth[i] !== label)
    case 'negativePredictiveValue': return ofClass(share(name), label => i => called[i] !== label)
    case 'f1': return { value: ofClass(share(name), () => () => true).value }
    default: return ofScores(predictions, name, k)
  }
}

/** Metrics of the ranking of one class's scores, or of each class's. */
function ofScores(predictions: Predictions, name: 'auc' | 'averagePrecision', k: number | null): Metric {
  const prepared = (k === null ? predictions.classes.map((_, label) => label) : [k]).map(label => {
    const { positives, scores } = classAgainstRest(predictions, label), order = byFallingScore(scores)
    return (weights?: ArrayLike<number>) => (name === 'auc' ? areaUnderRoc(positives, scores, weights, order)
      : averagePrecision(precisionRecallPoints(positives, scores, weights, order)))
  })
  return { value: weights => mean(prepared.map(one => one(weights))) }
}

function positiveIndex({ classes }: Predictions, positive: string | null): number | null {
  if (positive === null) return null
  const index = classes.indexOf(positive)
  if (index < 0) throw oneOf('positive', positive, classes)
  return index
}
