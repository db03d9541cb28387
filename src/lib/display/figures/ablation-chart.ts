/** Short training runs beside each other: how the loss falls, and how strong the gradient is in each block. */
import type { BlockGradient, WatchedRun } from '../../training/watched-run'
import { mean } from '../../evaluation/metrics'
import { requireKnownKeys } from '../../system/options'
import { formatNumber } from '../format'
import { emptyFigure } from './empty-figure'
import { figureOptionNames, type Figure, type NamedFigureOptions } from './figure'
import { lineCharts, type Axis, type LinePanel } from './line-chart'

/** Words around the curves, and where the loss axis ends. */
export interface AblationChartOptions extends NamedFigureOptions {
  /** The end of the loss axis; higher losses are drawn there. Default: the highest loss. */
  highestLoss?: number
}

/** Points of a loss curve. */
const points = 12

/**
 * Losses, each point the mean of a twelfth of the steps; and the length of each block's gradient at the first and at
 * the last step, on one logarithmic scale. Block 0 is the stem.
 * @param runs by name; a run that broke down has no last gradient
 * @example show(figures.ablationChart(watched, { name: 'skips', title: 'With skip connections and without' }))
 */
export function ablationChart(runs: Readonly<Record<string, WatchedRun>>, options: AblationChartOptions): Figure {
  requireKnownKeys('ablationChart', options ?? null, { ...figureOptionNames, highestLoss: true })
  const { name, title, subtitle, highestLoss = Infinity } = options
  if (Object.keys(runs).length === 0) return emptyFigure(options, 'There are no runs to draw.')
  const window = Math.max(1, Math.ceil(Math.max(...Object.values(runs).map(({ losses }) => losses.length)) / points))
  const words = Object.entries(runs).map(([label, run]) => outcome(label, run, window))
  return lineCharts({ name, title, subtitle, alt: `${title}. ${words.join('; ')}.` },
    [lossPanel(runs, window, highestLoss), ...gradientPanels(runs)])
}

function lossPanel(runs: Readonly<Record<string, WatchedRun>>, window: number, highest: number): LinePanel {
  const series = Object.entries(runs).map(([label, { losses }]) => ({
    label, points: windowMeans(losses, window).map(({ x, y }) => ({ x, y: Math.min(y, highest) })),
  }))
  const end = Math.max(0, ...series.flatMap(one => one.points.map(({ y }) => y)).filter(Number.isFinite)) || 1
  const cut = Number.isFinite(highest) ? `, cut off at ${highest}` : ''
  return {
    title: 'Loss', x: { label: window > 1 ? `step (points: means of ${window})` : 'step', kind: 'whole' },
    y: { label: `cross-entropy (nats)${cut}`, domain: [0, end] }, series,
  }
}

function gradientPanels(runs: Readonly<Record<string, WatchedRun>>): LinePanel[] {
  const lengths = Object.values(runs).flatMap(({ gradients: { first, last } }) => [...first, ...last])
    .map(({ length }) => length).filter(length => length > 0 && Number.isFinite(length))
  const ends = lengths.length ? { domain: [Math.min(...lengths), Math.max(...lengths)] as const } : {}
  const y: Axis = { label: 'length of the gradient', kind: 'log', ...ends }
  return (['first', 'last'] as const).map(moment => ({
    title: `Gradient at the ${moment} step`, x: { label: 'block', kind: 'whole' }, y,
    series: Object.entries(runs).map(([label, run]) => ({ label, points: gradientPoints(run.gradients[moment]) })),
  }))
}

/** The points of one curve, without gradients that have vanished: a logarithmic scale cannot show them. */
function gradientPoints(gradients: readonly BlockGradient[]): { x: number; y: number }[] {
  return gradients.map(({ length }, block) => ({ x: block, y: length })).filter(({ y }) => y > 0)
}

/** The mean of each full window, at its last step. */
function windowMeans(losses: readonly number[], window: number): { x: number; y: number }[] {
  return Array.from({ length: Math.floor(losses.length / window) }, (_, i) => {
    return { x: (i + 1) * window, y: mean(losses.slice(i * window, (i + 1) * window)) }
  })
}

function outcome(label: string, { losses, brokeAt }: WatchedRun, window: number): string {
  if (brokeAt !== null) return `${label} breaks down at step ${brokeAt}`
  const last = windowMeans(losses, window).at(-1)
  return last ? `${label} ends at a loss of ${formatNumber(last.y)}` : `${label} has no steps`
}
