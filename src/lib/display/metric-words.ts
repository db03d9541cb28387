/** The names of metrics as people write them. */
import type { MetricName } from '../evaluation/scores/metric'

/** In tables and on axes. */
export const metricWords: Readonly<Record<MetricName, string>> = {
  accuracy: 'accuracy', balancedAccuracy: 'balanced accuracy', matthews: 'Matthews’ correlation', kappa: 'Cohen’s κ',
  brier: 'Brier score', logLoss: 'log loss (nats)', oneVsOneAuc: 'area under the ROC curve, one class against one',
  precision: 'precision', sensitivity: 'sensitivity', specificity: 'specificity',
  negativePredictiveValue: 'negative predictive value', f1: 'F1', auc: 'area under the ROC curve',
  averagePrecision: 'average precision',
}
