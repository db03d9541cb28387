/** Precision against sensitivity (recall) at every threshold. */
import { byFallingScore, sameLength } from '../metrics'
import { oneAgainstRest, type Predictions } from '../predictions'

/** One point of a precision-recall curve: the two shares at one threshold. */
export interface PrecisionRecallPoint {
  /** Images with at least this score are predicted as positive; the first point's threshold is infinite. */
  threshold: number
  /** 1 at the first point, where nobody is predicted as positive; NaN at a threshold that no drawn image reaches. */
  precision: number
  /** Sensitivity. NaN where there are no positives. */
  recall: number
}

/**
 * The precision-recall curve: one point for each distinct score, by falling threshold, after a first point at recall 0.
 * Images with equal scores share one point. `precision_recall_curve` of scikit-learn lists the same points from the
 * other end.
 * @param positives 1 where the image is of the positive class, else 0
 * @param order images by falling score. Default: computed
 */
export function precisionRecallPoints(
  positives: ArrayLike<number>, scores: ArrayLike<number>, weights?: ArrayLike<number>,
  order: ArrayLike<number> = byFallingScore(scores),
): PrecisionRecallPoint[] {
  sameLength('scores', scores.length, positives.length)
  const points = [{ threshold: Infinity, precision: 1, recall: 0 }]
  let found = 0, called = 0
  for (let k = 0; k < order.length; k++) {
    const i = order[k], weight = weights ? weights[i] : 1
    called += weight
    if (positives[i]) found += weight
    if (k + 1 === order.length || scores[order[k + 1]] !== scores[i])
      points.push({ threshold: scores[i], precision: found / called, recall: found })
  }
  return points.map(point => ({ ...point, recall: point.recall / found }))
}

/**
 * Average precision: the mean of the precisions, each weighted by the recall that its threshold adds. Points are not
 * joined by lines, which would promise precision that no threshold reaches (Davis and Goadrich 2006).
 * @returns NaN without positives. Scores that tell nothing give the share of the positives
 */
export function averagePrecision(points: readonly PrecisionRecallPoint[]): number {
  if (Number.isNaN(points[0].recall)) return NaN
  let total = 0
  for (let k = 1; k < points.length; k++) {
    const gain = points[k].recall - points[k - 1].recall
    if (gain > 0) total += gain * points[k].precision
  }
  return total
}

/**
 * The precision-recall curve of one class against all others.
 * @param positive the class that the test looks for
 * @throws LabError 'bad-argument' if `positive` is not one of the classes
 * @example statistics.tracePrecisionRecall(predictions, ct.labels[0])[0].precision   // 1
 */
export function tracePrecisionRecall(predictions: Predictions, positive: string): PrecisionRecallPoint[] {
  const { positives, scores } = oneAgainstRest(predictions, positive)
  return precisionRecallPoints(positives, scores)
}
