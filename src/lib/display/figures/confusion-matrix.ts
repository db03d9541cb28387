/** The confusion matrix as a heat map. */
import * as Plot from '@observablehq/plot'
import type { Evaluation } from '../../evaluation/evaluation'
import { requireKnownKeys } from '../../system/options'
import { formatEstimate, formatNumber } from '../format'
import { absentWords, cellWords, confusionCells } from './confusion-cells'
import { emptyFigure } from './empty-figure'
import { figureOptionNames, frame, textWidth, wrap, type Figure, type FigureOptions } from './figure'
import { plot } from './plot'

/** How wide the labels of rows may be, in pixels, and how many lines a label may take. */
const widestLabel = 180, mostLines = 5

/**
 * Truth in rows, prediction in columns: images, and their share of the row. The color follows the share, so that
 * classes of different size compare. A class without images has no shares (–).
 * @param options default name 'confusion-matrix'; default subtitle: accuracy with its interval
 * @example show(figures.confusionMatrix(evaluation))
 */
export function confusionMatrix(evaluation: Evaluation, options: FigureOptions = {}): Figure {
  requireKnownKeys('confusionMatrix', options, figureOptionNames)
  const { name = 'confusion-matrix', title = 'Confusion matrix' } = options
  const { predictions: { classes, labels } } = evaluation
  if (labels.length === 0) return emptyFigure({ ...options, name, title }, 'There are no images, so nothing is counted.')
  const cells = confusionCells(evaluation).flat()
  const side = Math.max(70, Math.min(130, 520 / classes.length))
  const down = new Map(classes.map(label => [label, wrap(label, widestLabel, 13, Math.floor(side / 15))]))
  const room = isCrowded(classes, side) ? side - 8 : Infinity
  const across = new Map(classes.map(label => [label, wrap(label, room, 12, mostLines)]))
  const cut = classes.some(label => [down, across].some(lines => lines.get(label)!.join(' ') !== label))
  const left = 44 + Math.max(...[...down.values()].flat().map(line => textWidth(line, 7.5 / 0.56)))
  const below = 15 * (Math.max(...[...across.values()].map(lines => lines.length)) - 1)
  const drawing = plot({
    width: Math.max(360, left + side * classes.length + 24), height: side * classes.length + 58 + below,
    marginLeft: left, marginTop: 8, marginBottom: 50 + below, marginRight: 24,
    x: { label: 'predicted', domain: classes, tickSize: 0, padding: 0.03, tickFormat: (label: string) => across.get(label)!.join('\n') },
    y: {
      label: 'truth', labelAnchor: 'center', domain: classes, tickSize: 0, padding: 0.03,
      tickFormat: (label: string) => down.get(label)!.join('\n'),
    },
    marks: [
      Plot.cell(cells, {
        x: 'predicted', y: 'truth', fill: 'fill', stroke: '#cccccc',
        ...(cut ? { title: d => `${d.truth}, called ${d.predicted}: ${d.count}` } : {}),
      }),
      Plot.text(cells, {
        x: 'predicted', y: 'truth', text: d => formatNumber(d.count, 'integer'), fill: 'ink', dy: -7, fontSize: 18, fontWeight: 'bold',
      }),
      Plot.text(cells, { x: 'predicted', y: 'truth', text: d => formatNumber(d.share, 'percent'), fill: 'ink', dy: 13 }),
    ],
  })
  const words = cells.map(cellWords)
  const missing = absentWords(cells)
  const subtitle = options.subtitle
    ?? `Accuracy ${formatEstimate(evaluation.accuracy)}; ${evaluation.intervalKind}. Shares are of a row.${missing}`
  return frame({ name, title, subtitle, alt: `${title}. ${words.join('; ')}.${missing}` }, [drawing])
}

/** Whether labels beneath the columns would touch, or stick out. */
function isCrowded(classes: readonly string[], side: number): boolean {
  const widths = classes.map(label => textWidth(label, 12))
  return widths.some((width, i) => width > 1.5 * side || (i > 0 && (width + widths[i - 1]) / 2 > side - 8))
}
