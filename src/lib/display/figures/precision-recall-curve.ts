/** Precision against sensitivity, drawn. */
import * as Plot from '@observablehq/plot'
import { absentClasses } from '../../evaluation/absent-classes'
import { estimate } from '../../evaluation/estimate'
import { tracePrecisionRecall } from '../../evaluation/scores/precision-recall'
import { mean } from '../../evaluation/metrics'
import { requireKnownKeys } from '../../system/options'
import { formatEstimate, formatNumber } from '../format'
import { listed } from '../letters'
import { classCurves, curveEntry, measuredOn, type ClassCurve, type Evaluations } from './class-curves'
import { emptyFigure } from './empty-figure'
import { figureOptionNames, frame, legend, paleInk, type Figure, type FigureOptions } from './figure'
import { curves as curveMarks, plot } from './plot'

const figureWidth = 460

/** Which curves are drawn, and the words around them. */
export interface PrecisionRecallCurveOptions extends FigureOptions {
  /** A curve for every class against the rest, although one class is positive. Default false. */
  everyClass?: boolean
}

/**
 * Precision against sensitivity (recall) at every threshold, in steps, since no threshold reaches what lies between.
 * The dotted line is the base rate, the class's share of the images: what calling everybody positive would give. It
 * moves with the share of positives, as the curve does: compare curves of the same images only.
 * @param evaluations one, or several by name; curves are those of `figures.rocCurve`
 * @param options default name 'precision-recall-curve'; default subtitle: images, how the intervals were made, base
 *   rates
 * @example show(figures.precisionRecallCurve(evaluation))
 * @example show(figures.precisionRecallCurve({ before: one, after: other }))
 */
export function precisionRecallCurve(evaluations: Evaluations, options: PrecisionRecallCurveOptions = {}): Figure {
  requireKnownKeys('precisionRecallCurve', options, { ...figureOptionNames, everyClass: true })
  const { name = 'precision-recall-curve', title = 'Precision and recall', everyClass = false } = options
  const curves = classCurves(evaluations, everyClass).map(withPrecision)
  const entries = curves.map(({ label, missing, average }, i) =>
    curveEntry(label, `: ${missing ?? `average precision ${formatEstimate(average, 'decimal')}`}`, i, figureWidth))
  if (curves.every(({ missing }) => missing))
    return emptyFigure({ ...options, name, title }, entries.map(({ whole }) => `${whole}.`).join(' ') || 'There are no evaluations to draw.')
  const rows = curves.flatMap(({ points }, curve) =>
    points.map(({ recall, precision }) => ({ x: 100 * recall, y: 100 * precision, ...entries[curve], curve })))
  const rates = [...new Map(curves.flatMap(({ baseRate, missing }, i) =>
    missing ? [] : [[baseRate, entries[i].color] as const]))].sort(([a], [b]) => a - b)
  const [lowest] = rates
  const drawing = plot({
    width: figureWidth, height: 440, marginLeft: 56, marginBottom: 44, marginRight: 20, marginTop: 24,
    x: { domain: [0, 100], label: 'sensitivity, or recall (%)', grid: true, ticks: 5 },
    y: { domain: [0, 100], label: 'precision (%)', grid: true, ticks: 5 },
    marks: [
      Plot.ruleY(rates, {
        y: ([rate]) => 100 * rate, stroke: ([, color]) => (rates.length === 1 ? paleInk : color), strokeDasharray: '1,3', strokeWidth: 1.6,
      }),
      Plot.text([lowest], {
        x: () => 1, y: ([rate]) => 100 * rate, text: () => (rates.length === 1 ? 'base rate' : 'base rates'),
        textAnchor: 'start', dy: lowest[0] > 0.08 ? 9 : -9, fill: paleInk,
      }),
      ...curveMarks(rows, { curve: 'step-before' }),
    ],
  })
  const of = curves.map(({ evaluation }) => evaluation)
  const kind = measuredOn(of.map(({ predictions }) => predictions), of.map(({ intervalKind }) => intervalKind))
  const base = `dotted: base ${rates.length === 1 ? 'rate' : 'rates'} ${listed(rates.map(([rate]) => formatNumber(rate, 'percent')))}`
  const words = entries.map(({ whole }, i) =>
    (curves[i].missing ? whole : `${whole}, base rate ${formatNumber(curves[i].baseRate, 'percent')}`))
  return frame({ name, title, subtitle: options.subtitle ?? `${kind}; ${base}`, alt: `${title}. ${words.join('; ')}.` },
    [legend(entries, figureWidth), drawing])
}

/** A curve with its points, none where the images have no image of the class. */
function withPrecision(curve: ClassCurve) {
  const { evaluation: { predictions }, positive } = curve, { labels, classes } = predictions
  const missing = labels.length === 0 ? 'not defined: there are no images'
    : absentClasses(predictions).includes(positive) ? `not defined: there are no images of ${positive}` : null
  return {
    ...curve, missing, baseRate: mean(Array.from(labels, label => Number(classes[label] === positive))),
    points: missing ? [] : tracePrecisionRecall(predictions, positive),
    average: missing ? { value: NaN, low: NaN, high: NaN } : estimate(predictions, 'averagePrecision', { positive }),
  }
}
