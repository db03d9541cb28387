/** What printed figures say against each other, whatever the test set. */
import { metricNames, type PrintedMetric, type ReadFigure } from './printed'
import { widestRange } from './rounding'

/**
 * Sentences, one for each contradiction. Every rounding is allowed for. They hold for one matrix of any size, and
 * those on accuracy also for a mean over folds with equal class counts.
 */
export function findContradictions(figures: readonly ReadFigure[]): string[] {
  const find = (metric: PrintedMetric) => figures.find(figure => figure.metric === metric)
  const accuracy = find('accuracy'), sensitivity = find('sensitivity'), specificity = find('specificity')
  const precision = find('precision'), f1 = find('f1'), balanced = find('balancedAccuracy')
  const found: string[] = []
  if (accuracy && sensitivity && specificity) {
    const [low, high] = widestRange(accuracy), [a, b] = [widestRange(sensitivity), widestRange(specificity)]
    const side = high < Math.min(a[0], b[0]) ? 'below' : low > Math.max(a[1], b[1]) ? 'above' : null
    if (side)
      found.push(`${named(accuracy)} lies ${side} both ${named(sensitivity)} and ${named(specificity)}: it is a mean of them, `
        + 'weighted by the classes’ sizes, so no test set gives this.')
  }
  if (f1 && precision && sensitivity) {
    const [a, b] = [widestRange(precision), widestRange(sensitivity)]
    const low = harmonic(a[0], b[0]), high = harmonic(a[1], b[1]), [lowF1, highF1] = widestRange(f1)
    if (highF1 < low || lowF1 > high) {
      const above = lowF1 > Math.max(a[1], b[1]), below = highF1 < Math.min(a[0], b[0])
      const reason = above || below ? `lies ${above ? 'above' : 'below'} both` : 'is not the harmonic mean of'
      // F1 is at most the mean of the two: that holds for means over classes and folds as well.
      const scope = above ? 'so no test set gives this, not even as a mean over classes or folds.' : 'so no test set gives this for one class.'
      found.push(`${named(f1)} ${reason} ${named(precision)} and ${named(sensitivity)}: F1 is their harmonic mean, ${scope}`)
    }
  }
  if (balanced && sensitivity && specificity) {
    const [a, b, c] = [sensitivity, specificity, balanced].map(widestRange)
    if (c[1] < (a[0] + b[0]) / 2 || c[0] > (a[1] + b[1]) / 2)
      found.push(`${named(balanced)} is not the mean of ${named(sensitivity)} and ${named(specificity)}.`)
  }
  return found
}

/** Such as 'accuracy 94.96'. */
export function named({ metric, print }: Pick<ReadFigure, 'metric' | 'print'>): string {
  return `${metricNames[metric]} ${print}`
}

function harmonic(a: number, b: number): number {
  return a <= 0 || b <= 0 ? 0 : 2 * a * b / (a + b)
}
