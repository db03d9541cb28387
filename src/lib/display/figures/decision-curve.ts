/** Is acting on the predictions worth more than acting on everybody, or on nobody? */
import * as Plot from '@observablehq/plot'
import { traceDecisionCurve, type DecisionCurveOptions, type DecisionCurvePoint } from '../../evaluation/calibration/decision-curve'
import { kindOfInterval } from '../../evaluation/estimator'
import { resamplingUnits } from '../../evaluation/intervals'
import { positiveOf, type Predictions } from '../../evaluation/predictions'
import { requireKnownKeys } from '../../system/options'
import { formatNumber } from '../format'
import { listed } from '../letters'
import { measuredOn } from './class-curves'
import { emptyFigure } from './empty-figure'
import {
  curveLook, figureOptionNames, frame, ink, legend, paleInk, shorten, type Figure, type FigureOptions,
} from './figure'
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
  const { name = 'decision-curve', title = 'Decision curve', thresholds, resamples, seed } = options
  const named: Readonly<Record<string, Predictions>> = isPredictions(predictions) ? { predictions } : predictions
  const judged = Object.entries(named).filter(([, { labels }]) => labels.length > 0).map(([label, one], i) => {
    const positive = positiveOf(one, options.positive)
    const share = one.labels.filter(k => one.classes[k] === positive).length / one.labels.length
    const points = traceDecisionCurve(one, positive, { thresholds, resamples, seed })
      .sort((a, b) => a.threshold - b.threshold)
    const words = label === 'predictions' && isPredictions(predictions) ? 'act on the predictions' : label
    const entry = { whole: words, label: shorten(words, width - 70, 12), ...curveLook(i) }
    return { one, positive, share, points, curve: i, ...entry }
  })
  if (judged.length === 0)
    return emptyFigure({ ...options, name, title }, 'There are no images, so there is no benefit to draw.')
  const highest = ({ high, netBenefit }: DecisionCurvePoint) => (Number.isNaN(high) ? netBenefit : high)
  const most = Math.max(...judged.flatMap(({ points, share }) => [share, ...points.map(highest)]))
  const least = -0.15 * (most || 1)
  // Benefits fall without end towards a threshold of 1: what lies below the axis is left out.
  const shown = (value: number) => (value >= least ? value : NaN)
  const shares = [...new Map(judged.map(one => [one.share, one])).values()]
  const drawing = plot({
    width, height: 380, marginLeft: 64, marginRight: 18, marginTop: 24, marginBottom: 42,
    x: { domain: [0, 100], label: 'threshold probability (%)', grid: true },
    y: { domain: [least, 1.05 * (most || 1)], label: 'net benefit (positives found for each image)', grid: true, ticks: 6 },
    marks: [
      Plot.ruleY([0], { stroke: ink, strokeWidth: 1.4 }),
      ...judged.map(({ points, color }) => Plot.areaY(points, {
        x: ({ threshold }) => 100 * threshold, y1: ({ low, high }) => (high >= least ? Math.max(least, low) : NaN),
        y2: ({ high }) => shown(high), fill: color, fillOpacity: 0.16,
      })),
      ...shares.map(({ points }) => Plot.line(points, {
        x: ({ threshold }) => 100 * threshold, y: ({ everybody }) => shown(everybody), stroke: paleInk,
        strokeWidth: 2, strokeDasharray: '1,3',
      })),
      ...curveMarks(judged.flatMap(({ points, ...look }) =>
        points.map(({ threshold, netBenefit }) => ({ ...look, x: 100 * threshold, y: shown(netBenefit) })))),
    ],
  })
  const kinds = judged.map(({ one }) => kindOfInterval(one, resamplingUnits(one.groups, one.labels)))
  const rates = listed([...new Set(judged.map(({ positive, share }) => `${formatNumber(share, 'percent')} ${positive}`))])
  const subtitle = options.subtitle ?? `${measuredOn(judged.map(({ one }) => one), kinds)}. `
    + `Holds where as many are positive as here: ${rates}`
  const alt = `${title}. ${judged.map(({ whole, points }) => `${whole}: ${benefitWords(points)}`).join('; ')}.`
  return frame({ name, title, subtitle, alt }, [legend([
    ...judged, { label: 'act on everybody', color: paleInk, dash: '1,3' }, { label: 'act on nobody', color: ink },
  ], width), drawing])
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
