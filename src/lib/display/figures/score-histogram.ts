/** How a classifier's scores are distributed in each class. */
import * as Plot from '@observablehq/plot'
import { decide } from '../../evaluation/decision'
import { oneAgainstRest, positiveOf, type Predictions } from '../../evaluation/predictions'
import { shortThreshold } from '../../evaluation/call'
import { requireInRange } from '../../system/errors'
import { requireKnownKeys } from '../../system/options'
import { counted } from '../../system/summary'
import { emptyFigure } from './empty-figure'
import { curveLook, figureOptionNames, frame, ink, legend, shorten, type Figure, type FigureOptions } from './figure'
import { curves as curveMarks, plot } from './plot'

const width = 560, bins = 20

/** Whose scores are drawn, and the words around them. */
export interface ScoreHistogramOptions extends FigureOptions {
  /** The class whose probability is the score. Default: the one that the predictions name. */
  positive?: string
  /** Images with at least this score are called positive, 0 to 1. Default: no threshold is drawn. */
  threshold?: number
}

/**
 * The scores of the images of each class, in twentieths: shares of the class's images, so that classes of different
 * size compare. Where the outlines overlap, no threshold separates the classes.
 * @param options default name 'score-histogram'; default subtitle: images, and with a threshold what it finds
 * @throws LabError 'bad-argument' without a positive class, or for a threshold outside 0 to 1
 * @example show(figures.scoreHistogram(predictions, { positive: ct.labels[0], threshold: 0.5 }))
 */
export function scoreHistogram(predictions: Predictions, options: ScoreHistogramOptions = {}): Figure {
  requireKnownKeys('scoreHistogram', options, { ...figureOptionNames, positive: true, threshold: true })
  const { threshold } = options
  if (threshold !== undefined) requireInRange('threshold', threshold, { low: 0, high: 1 })
  const positive = positiveOf(predictions, options.positive), { classes, labels } = predictions
  const { name = 'score-histogram', title = `Scores for ${positive}` } = options
  const { positives, scores } = oneAgainstRest(predictions, positive)
  if (scores.length === 0) return emptyFigure({ ...options, name, title }, 'There are no images, so there are no scores.')
  const kinds = classes.map((label, k) => ({ label, scores: Array.from(scores).filter((_, i) => labels[i] === k) }))
    .sort((a, b) => Number(b.label === positive) - Number(a.label === positive))
  const entries = kinds.map(({ label, scores: { length } }, i) => {
    const count = ` (${counted(length, 'image')})`
    return { label: shorten(label, width - 160, 12) + count, whole: label + count, ...curveLook(i) }
  })
  const bars = kinds.flatMap((kind, curve) => kind.scores.length === 0 ? [] : shares(kind.scores).map((share, bin) =>
    ({ x1: 100 * bin / bins, x2: 100 * (bin + 1) / bins, y: 100 * share, ...entries[curve], curve })))
  // An outline stands on the axis at both ends.
  const outline = kinds.flatMap((_, curve) => {
    const own = bars.filter(bar => bar.curve === curve)
    const corners = own.flatMap(({ x1, x2, y }) => [{ x: x1, y }, { x: x2, y }])
    const closed = [{ x: 0, y: 0 }, ...corners, { x: 100, y: 0 }]
    return own.length === 0 ? [] : closed.map(corner => ({ ...own[0], ...corner }))
  })
  const drawing = plot({
    width, height: 330, marginLeft: 56, marginRight: 18, marginTop: threshold === undefined ? 24 : 40, marginBottom: 42,
    x: { label: `probability of ${shorten(positive, 300, 12)} (%)`, domain: [0, 100] },
    y: { label: 'share of the class’s images (%)', grid: true, nice: true, zero: true },
    marks: [
      Plot.rect(bars, { x1: 'x1', x2: 'x2', y1: () => 0, y2: 'y', fill: 'color', fillOpacity: 0.2 }),
      ...curveMarks(outline, { strokeWidth: 1.8 }), Plot.ruleY([0], { stroke: ink }),
      ...(threshold === undefined ? [] : thresholdMarks(threshold)),
    ],
  })
  const decided = threshold === undefined ? '' : `; ${decisionWords(positives, scores, threshold, positive)}`
  const subtitle = options.subtitle ?? `${counted(scores.length, 'image')}${decided}`
  const middles = kinds.map(({ label, scores: own }) =>
    `${label}: ${counted(own.length, 'image')}${own.length ? `, median score ${median(own)} %` : ''}`)
  return frame({ name, title, subtitle, alt: `${title}. ${middles.join('; ')}${decided}.` }, [legend(entries, width), drawing])
}

function thresholdMarks(threshold: number): Plot.Markish[] {
  const right = threshold > 0.6
  return [
    Plot.ruleX([100 * threshold], { stroke: ink, strokeWidth: 1.6 }),
    Plot.text([100 * threshold], {
      x: (at: number) => at, text: () => `threshold ${shortThreshold(threshold)}`, frameAnchor: 'top', dy: -16,
      textAnchor: right ? 'end' : 'start', dx: right ? 4 : -4, fontWeight: 'bold',
    }),
  ]
}

/** What a threshold does, in counts: a share would need an interval. */
function decisionWords(positives: Uint8Array, scores: Float32Array, threshold: number, positive: string): string {
  const { truePositives, falseNegatives, falsePositives, trueNegatives } = decide(positives, scores, threshold)
  return `from ${shortThreshold(threshold)} on called ${positive}: ${truePositives} of its ${truePositives + falseNegatives} `
    + `images, and ${falsePositives} of the other ${falsePositives + trueNegatives}`
}

function shares(scores: readonly number[]): number[] {
  const counts = new Array<number>(bins).fill(0)
  for (const score of scores) counts[Math.min(bins - 1, Math.floor(score * bins))]++
  return counts.map(count => count / scores.length)
}

function median(scores: readonly number[]): string {
  const sorted = [...scores].sort((a, b) => a - b), middle = (sorted.length - 1) / 2
  return (50 * (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)])).toFixed(1)
}
