/** Is acting on the predictions worth more than acting on everybody, or on nobody? */
import * as Plot from '@observablehq/plot'
import { traceDecisionCurve, type DecisionCurveOptions, type DecisionCurvePoint } from '../../evaluation/calibration/decision-curve'
import { kindOfInterval } from '../../evaluation/estimator'
import { resamplingUnits } from '../../evaluation/intervals'
import { positiveOf, type Predictions } from '../../evaluation/predictions'
import { requireKnownKeys } from '../../system/options'
import { formatNumber } from '../format'
import { listed } from '../letters'
import { curveEntry, measuredOn } from './class-curves'
import { emptyFigure } from './empty-figure'
import { figureOptionNames, frame, ink, legend, paleInk, type Figure, type FigureOptions } from './figure'
import { curves as curveMarks, plot } from './plot'

const width = 560

/** Whose benefit is drawn, at which thresholds, and the words around it. */
export interface DecisionCurveFigureOptions extends FigureOptions, DecisionCurveOptions {
  /** The class that the test looks for. Default: the one that the predictions name. */
  positive?: string
}

/**
 * Decision curves (Vickers and Elkin 2006): the net benefit of acting on the predictions at each threshold probability,
 * shaded with its 95 % interval, beside acting on everybody and on nobody. A test helps where its curve lies above
 * both. What lies far below 0 is not drawn. The curve asks for calibrated probabilities, and for images in which
 * positives are as frequent as where the test is used.
 * @param predictions of one classifier, or of several by name
 * @param options thresholds, resamples and seed as `statistics.traceDecisionCurve` takes them; default name
 *   'decision-curve'
 * @throws LabError 'bad-argument' without a positive class, or for settings out of range
 * @example show(figures.decisionCurve(predictions, { positive: ct.labels[0], thresholds: [0.1, 0.2, 0.3, 0.4, 0.5] }))
 */
export function decisionCurve(
  predictions: Predictions | Readonly<Record<string, Predictions>>, options: DecisionCurveFigureOptions = {},
): Figure {
  requireKnownKeys('decisionCurve', options, {
    ...figureOptionNames, positive: true, thresholds: true, resamples: true, seed: true,
  })
  const { name = 'decision-curve', title = 'Decision curve' } = options
  const named: Readonly<Record<string, Predictions>> = isPredictions(predictions)
    ? { 'act on the predictions': predictions } : predictions
  const all = Object.entries(named).map(([label, one]) => benefitOf(label, one, options))
  const entries = all.map(({ label, missing }, i) => curveEntry(label, missing ? `: ${missing}` : '', i, width))
  const judged = all.map((one, curve) => ({ ...one, curve, ...entries[curve] })).filter(({ missing }) => !missing)
  if (judged.length === 0)
    return emptyFigure({ ...options, name, title }, entries.map(({ whole }) => `${whole}.`).join(' ') || 'There are no predictions to draw.')
  const most = Math.max(...judged.flatMap(({ points, share }) => [share, ...points.map(highest)])), least = -0.15 * most
  // Benefits fall without end towards a threshold of 1: what lies below the axis is left out.
  const shown = (value: number) => (value >= least ? value : NaN)
  const rows = judged.flatMap(({ points, curve, color, dash }) => points.map(({ threshold, netBenefit }) =>
    ({ x: 100 * threshold, y: shown(netBenefit), curve, color, dash })))
  const few = judged.every(({ points }) => points.length <= 20)
  const drawing = plot({
    width, height: 380, marginLeft: 64, marginRight: 18, marginTop: 24, marginBottom: 42,
    x: { domain: [0, 100], label: 'threshold probability (%)', grid: true },
    y: { domain: [least, 1.05 * most], label: 'net benefit (positives found for each image)', grid: true, ticks: 6 },
    marks: [
      Plot.ruleY([0], { stroke: ink, strokeWidth: 1.4 }),
      ...judged.map(({ points, color }) => Plot.areaY(points, {
        x: ({ threshold }) => 100 * threshold, y1: ({ low, high }) => (high >= least ? Math.max(least, low) : NaN),
        y2: ({ high }) => shown(high), fill: color, fillOpacity: 0.16,
      })),
      ...[...new Set(judged.map(({ share }) => share))].map(share => Plot.line(hundredths, {
        x: (at: number) => 100 * at, y: (at: number) => shown(share - (1 - share) * at / (1 - at)), stroke: paleInk,
        strokeWidth: 2, strokeDasharray: '1,3',
      })),
      ...curveMarks(rows), ...(few ? [Plot.dot(rows, { x: 'x', y: 'y', fill: 'color', r: 3 })] : []),
    ],
  })
  const rates = listed([...new Set(judged.map(({ positive, share }) => `${formatNumber(share, 'percent')} ${positive}`))])
  const subtitle = options.subtitle ?? `${measuredOn(judged.map(({ one }) => one), judged.map(({ kind }) => kind))}. `
    + `Holds where as many are positive as here: ${rates}`
  const alt = all.map(({ label, missing, points }) => `${label}: ${missing ?? benefitWords(points)}`)
  return frame({ name, title, subtitle, alt: `${title}. ${alt.join('; ')}.` }, [legend([
    ...entries, { label: 'act on everybody', color: paleInk, dash: '1,3' }, { label: 'act on nobody', color: ink },
  ], width), drawing])
}

const hundredths = Array.from({ length: 100 }, (_, i) => i / 100)

/** The decision curve of one classifier; no points where no image is positive. */
function benefitOf(label: string, one: Predictions, { positive: asked, ...options }: DecisionCurveFigureOptions) {
  const { labels, classes } = one
  const positive = labels.length === 0 ? '' : positiveOf(one, asked)
  const share = labels.filter(k => classes[k] === positive).length / labels.length
  const missing = labels.length === 0 ? 'not defined: there are no images'
    : share === 0 ? `not defined: there are no images of ${positive}` : null
  const { thresholds, resamples, seed } = options
  const points = missing ? [] : traceDecisionCurve(one, positive, { thresholds, resamples, seed })
  return {
    label, one, positive, share, missing, points: points.sort((a, b) => a.threshold - b.threshold),
    kind: kindOfInterval(one, resamplingUnits(one.groups, labels)),
  }
}

function highest({ high, netBenefit }: DecisionCurvePoint): number {
  return Number.isNaN(high) ? netBenefit : high
}

/** Between which thresholds acting on the predictions is worth more than both other ways. */
function benefitWords(points: readonly DecisionCurvePoint[]): string {
  const better = points.filter(({ netBenefit, everybody }) => netBenefit > Math.max(0, everybody) + 1e-12)
  if (better.length === 0) return 'at no threshold worth more than acting on everybody or on nobody'
  return `worth more than acting on everybody or on nobody at ${better.length} of ${points.length} thresholds, from `
    + `${formatNumber(better[0].threshold, 'percent')} to ${formatNumber(better.at(-1)!.threshold, 'percent')}`
}

function isPredictions(value: Predictions | Readonly<Record<string, Predictions>>): value is Predictions {
  return ArrayBuffer.isView((value as Predictions).labels)
}
