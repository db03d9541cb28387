/** A sweep of learning rates, drawn. */
import type { LearningRateSweep } from '../../training/find-learning-rate'
import { requireKnownKeys } from '../../system/options'
import { formatNumber } from '../format'
import { emptyFigure } from './empty-figure'
import { figureOptionNames, palette, type Figure, type FigureOptions } from './figure'
import { lineChart, type Series } from './line-chart'

/**
 * The loss of each step of a sweep against the learning rate, as it was and smoothed, with the suggested rate.
 * @param options default name 'learning-rate', default title 'Loss while the learning rate rises'
 * @example show(figures.learningRateChart(await findLearningRate(network, parts.train, { steps: 12, batch: 8 })))
 */
export function learningRateChart(sweep: LearningRateSweep, options: FigureOptions = {}): Figure {
  requireKnownKeys('learningRateChart', options, figureOptionNames)
  const { points, suggestion, ended } = sweep
  const { name = 'learning-rate', title = 'Loss while the learning rate rises' } = options
  if (points.length === 0) return emptyFigure({ ...options, name, title }, 'The sweep ended before its first step.')
  const words = suggestion === null
    ? 'The loss never fell clearly: no rate is suggested.'
    : `Suggested: ${formatNumber(suggestion)}, a tenth of the rate with the lowest smoothed loss.`
  const end = ended === 'rising' ? ' The sweep ended where the loss rose.' : ended === 'cancelled' ? ' Interrupted.' : ''
  const line = (label: string, key: 'loss' | 'smoothed', color: string): Series =>
    ({ label, color, dashed: key === 'loss', points: points.map(point => ({ x: point.rate, y: point[key] })) })
  const series = [line('each step', 'loss', palette[1]), line('smoothed', 'smoothed', palette[0])]
  if (suggestion !== null) {
    const losses = points.map(point => point.smoothed).filter(Number.isFinite)
    const ends = [Math.min(...losses), Math.max(...losses)]
    series.push({ label: 'suggested', color: palette[2], points: ends.map(y => ({ x: suggestion, y })) })
  }
  return lineChart({
    name, title, subtitle: options.subtitle ?? words + end, alt: `${title}. ${points.length} steps. ${words}${end}`,
    x: { label: 'learning rate', kind: 'log' }, y: { label: 'cross-entropy (nats)' }, series,
  })
}
