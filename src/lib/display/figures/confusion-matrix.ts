/** The confusion matrix as a heat map. */
import * as Plot from '@observablehq/plot'
import type { Evaluation } from '../../evaluation/evaluation'
import { formatEstimate, formatNumber } from '../format'
import { frame, ink, type Figure, type FigureOptions } from './figure'
import { plot } from './plot'

/** From white at 0 to blue at 1, in red, green and blue. */
const light = [255, 255, 255], full = [0, 76, 138]

/**
 * Truth in rows, prediction in columns: images, and their share of the row. The color follows the share, so that
 * classes of different size compare.
 * @param options default name 'confusion-matrix'; default subtitle: accuracy with its interval
 * @example show(figures.confusionMatrix(evaluation))
 */
export function confusionMatrix(evaluation: Evaluation, options: FigureOptions = {}): Figure {
  const { name = 'confusion-matrix', title = 'Confusion matrix' } = options
  const { confusion, predictions: { classes } } = evaluation
  const cells = confusion.flatMap((row, t) => {
    const total = row.reduce((sum, count) => sum + count, 0)
    return row.map((count, p) => {
      const share = total ? count / total : NaN
      return { truth: classes[t], predicted: classes[p], count, share, ink: share > 0.7 ? '#ffffff' : ink }
    })
  })
  const side = Math.max(70, Math.min(130, 520 / classes.length))
  const left = 44 + 7.5 * Math.max(...classes.map(label => label.length))
  const drawing = plot({
    width: Math.max(360, left + side * classes.length + 24), height: side * classes.length + 58,
    marginLeft: left, marginTop: 8, marginBottom: 50, marginRight: 24,
    x: { label: 'predicted', domain: classes, tickSize: 0, padding: 0.03 },
    y: { label: 'truth', labelAnchor: 'center', domain: classes, tickSize: 0, padding: 0.03 },
    marks: [
      Plot.cell(cells, { x: 'predicted', y: 'truth', fill: d => shade(d.share), stroke: '#cccccc' }),
      Plot.text(cells, {
        x: 'predicted', y: 'truth', text: d => formatNumber(d.count, 'integer'), fill: 'ink', dy: -7, fontSize: 18, fontWeight: 'bold',
      }),
      Plot.text(cells, { x: 'predicted', y: 'truth', text: d => formatNumber(d.share, 'percent'), fill: 'ink', dy: 13 }),
    ],
  })
  const words = cells.map(d => `${d.count} of ${d.truth} called ${d.predicted} (${formatNumber(d.share, 'percent')})`)
  const subtitle = options.subtitle
    ?? `Accuracy ${formatEstimate(evaluation.accuracy)}; ${evaluation.intervalKind}. Shares are of a row.`
  return frame({ name, title, subtitle, alt: `${title}. ${words.join('; ')}.` }, [drawing])
}

function shade(share: number): string {
  const mixed = light.map((channel, i) => Math.round(channel + (full[i] - channel) * (Number.isNaN(share) ? 0 : share)))
  return `rgb(${mixed.join(',')})`
}
