/** The receiver operating characteristic, drawn. */
import * as Plot from '@observablehq/plot'
import type { Evaluation } from '../../evaluation/evaluation'
import type { Estimate } from '../../evaluation/intervals'
import type { RocPoint } from '../../evaluation/metrics'
import { undefinedAuc } from '../../evaluation/absent-classes'
import { requireKnownKeys } from '../../system/options'
import { formatEstimate } from '../format'
import { emptyFigure } from './empty-figure'
import {
  figureOptionNames, frame, legend, paleInk, seriesLook, shorten, textWidth, type Figure, type FigureOptions,
} from './figure'
import { plot } from './plot'

const figureWidth = 460

/** Which curves are drawn, and the words around them. */
export interface RocCurveOptions extends FigureOptions {
  /** A curve for every class against the rest, although one class is positive. Default false. */
  everyClass?: boolean
}

/**
 * Sensitivity against the false positive rate at every threshold. An evaluation with a positive class gives
 * one curve, one without gives a curve a class, several evaluations by name give one each. A curve is not defined where
 * a part has no image of the class, or no other image: the legend then says so.
 * @param options default name 'roc-curve'; default subtitle: how the intervals were made
 * @example show(figures.rocCurve(await evaluate(tuned.model, parts.test, { positive: 'COVID' })))
 * @example show(figures.rocCurve({ 'random split': one, 'block split': other }))
 * @example show(figures.rocCurve(evaluation, { everyClass: true }))
 */
export function rocCurve(evaluations: Evaluation | Record<string, Evaluation>, options: RocCurveOptions = {}): Figure {
  requireKnownKeys('rocCurve', options, { ...figureOptionNames, everyClass: true })
  const { name = 'roc-curve', title = 'Receiver operating characteristic', everyClass = false } = options
  const curves = isEvaluation(evaluations)
    ? curvesOf(evaluations, everyClass)
    : Object.entries(evaluations).flatMap(([label, evaluation]) =>
      curvesOf(evaluation, everyClass).map(curve => ({ ...curve, label: `${label}, ${curve.label}` })))
  const [first] = isEvaluation(evaluations) ? [evaluations] : Object.values(evaluations)
  const entries = curves.map(({ label, missing, auc }, i) => {
    const words = `: ${missing ?? `area ${formatEstimate(auc, 'decimal')}`}`
    const room = Math.max(120, figureWidth - 60 - textWidth(words, 12))
    return { label: shorten(label, room, 12) + words, whole: label + words, ...seriesLook(i) }
  })
  const alt = `${title}. ${entries.map(({ whole }) => whole).join('; ')}.`
  if (curves.every(({ missing }) => missing))
    return emptyFigure({ ...options, name, title }, entries.map(({ whole }) => `${whole}.`).join(' ') || 'There are no evaluations to draw.')
  const rows = curves.flatMap(({ roc, missing }, curve) => missing ? [] : roc.map(point => ({
    x: 100 * point.falsePositiveRate, y: 100 * point.truePositiveRate, ...entries[curve], curve,
  })))
  const line = (points: typeof rows, strokeDasharray?: string) =>
    Plot.line(points, { x: 'x', y: 'y', z: 'curve', stroke: 'color', strokeWidth: 2.2, strokeDasharray })
  const drawing = plot({
    width: figureWidth, height: 440, marginLeft: 56, marginBottom: 44, marginRight: 20, marginTop: 24,
    x: { domain: [0, 100], label: 'false positive rate (%)', grid: true, ticks: 5 },
    y: { domain: [0, 100], label: 'sensitivity (%)', grid: true, ticks: 5 },
    marks: [
      Plot.line([[0, 0], [100, 100]], { stroke: paleInk, strokeDasharray: '4,4' }),
      Plot.text([[68, 64]], { text: ['chance'], rotate: -44, fill: paleInk }),
      line(rows.filter(row => !row.dashed)), line(rows.filter(row => row.dashed), '5,4'),
    ],
  })
  const kinds = new Set(curves.map(curve => curve.kind))
  const subtitle = options.subtitle ?? (kinds.size === 1 ? first.intervalKind : '95 % intervals in brackets')
  return frame({ name, title, subtitle, alt }, [legend(entries, figureWidth), drawing])
}

interface Curve {
  label: string
  roc: readonly RocPoint[]
  auc: Estimate
  kind: string
  /** Why the curve is not defined; null where it is. */
  missing: string | null
}

function curvesOf({ positive, perClass, intervalKind, predictions }: Evaluation, everyClass: boolean): Curve[] {
  const drawn = perClass.filter(({ label }) => everyClass || positive === null || label === positive)
  return drawn.map(({ label, roc, auc }) =>
    ({ label, roc, auc, kind: intervalKind, missing: undefinedAuc(predictions, label) }))
}

function isEvaluation(value: Evaluation | Record<string, Evaluation>): value is Evaluation {
  return Array.isArray((value as Evaluation).perClass)
}
